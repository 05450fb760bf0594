// What only the gateway's owner can do to it, behind one interface: commands that a person gave, or our own gateway.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.hpp"
#include "harness/world/process.hpp"

namespace v2x::conform {

/// The words of `--hook WORD=COMMAND`.
enum class Hook { reboot, power, lose_spool, skew, rotate_key };
const std::vector<Hook>& hooks();
std::string to_string(Hook hook);
/// What the owner's command must do, for help and reference page.
std::string help(Hook hook);

/// What a hook is about.
struct HookValues {
  std::filesystem::path key_file;  ///< rotate_key: the new secret key
  int skew_s = 0;                  ///< skew: by how much the gateway's clock goes wrong; 0: right again
};

class Owner {
 public:
  virtual ~Owner() = default;
  virtual bool can(Hook hook) const = 0;
  /// Begins it; done() tells when it is over. Errors are the bench's.
  virtual Status begin(Hook hook, const HookValues& values) = 0;
  /// nullopt while it goes on.
  virtual std::optional<Status> ended() = 0;
};

/// Runs shell commands. `V2X_KEY_FILE` and `V2X_SKEW_S` are in their environment.
class CommandOwner final : public Owner {
 public:
  CommandOwner(std::map<Hook, std::string> commands, std::filesystem::path logs);
  bool can(Hook hook) const override { return commands_.contains(hook); }
  Status begin(Hook hook, const HookValues& values) override;
  std::optional<Status> ended() override;

 private:
  std::map<Hook, std::string> commands_;
  std::filesystem::path logs_;
  std::string running_;
  std::unique_ptr<world::Process> process_;
};

/// v2x-gateway as an outside process, known by its file and its signals alone.
class OwnGateway final : public Owner {
 public:
  struct Options {
    std::filesystem::path programs;
    std::filesystem::path directory;  ///< gets its file, spool and key
    std::filesystem::path logs;
    std::string file;  ///< the text of its file, world::gateway_file()
    std::filesystem::path key_file;
    std::filesystem::path spool;
  };
  explicit OwnGateway(Options options);

  Status start();
  Status stop();
  std::optional<std::string> died_unasked();

  bool can(Hook) const override { return true; }
  Status begin(Hook hook, const HookValues& values) override;
  std::optional<Status> ended() override { return done(); }

 private:
  Status restart(bool in_order);
  void lose_spool() const;

  Options options_;
  int skew_s_ = 0;
  std::unique_ptr<world::Process> process_;
};

}  // namespace v2x::conform
