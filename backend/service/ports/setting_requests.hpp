// Requests to read or write a gateway's settings, what the gateway said last, and what changed. Rules are in
// backend/service/setting_exchange.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/service/form.hpp"
#include "common/clock.hpp"

namespace v2x::service {

enum class SettingAct { read, write };
std::string to_string(SettingAct act);
SettingAct setting_act(const std::string& word);

/// SET-02. The last four are final.
enum class RequestState { queued, sent, done, refused, timeout, cancelled };
std::string to_string(RequestState state);
RequestState request_state(const std::string& word);
bool is_final(RequestState state);

/// Who changes settings (SET-07). `device` asks for nothing but reads: the service looks after what it was told of.
enum class SettingAuthor { owner, dealer, ai, device };
std::string to_string(SettingAuthor author);
SettingAuthor setting_author(const std::string& word);

struct SettingRequest {
  std::int64_t id = 0;  ///< the correlation id on the wire
  std::string gateway_id;
  std::int64_t ownership_id = 0;
  SettingAct act = SettingAct::read;
  SettingAuthor author = SettingAuthor::owner;
  std::optional<std::int64_t> account_id{};  ///< of owner or dealer
  Form values{};                             ///< to be written
  RequestState state = RequestState::queued;
  std::string reason{};  ///< of `refused`
  std::string late{};    ///< "done" or "refused": said after the deadline
  Time created{};
  Time deadline{};
  std::optional<Time> finished{};
};

/// What the gateway said last.
struct KnownSettings {
  Form values;
  std::int64_t revision = 0;  ///< counts changes
  Time read_at{};
};

/// One item of the 設定変更履歴.
struct SettingChange {
  std::int64_t ownership_id = 0;
  std::optional<std::int64_t> request_id{};  ///< absent: changed at the device itself
  Time time{};
  std::string item;
  std::string old_value;
  std::string new_value;
};

class SettingRequests {
 public:
  virtual ~SettingRequests() = default;

  virtual std::int64_t add(const SettingRequest& request) = 0;  ///< gives its id
  virtual std::optional<SettingRequest> find(std::int64_t id) = 0;
  /// State, reason, late, finished.
  virtual void update(const SettingRequest& request) = 0;
  /// Queued or sent, oldest first.
  virtual std::vector<SettingRequest> open() = 0;
  virtual std::vector<SettingRequest> open_of(const std::string& gateway_id) = 0;
  virtual std::optional<Time> next_deadline() = 0;

  virtual std::optional<KnownSettings> known(std::int64_t ownership_id) = 0;
  virtual void set_known(std::int64_t ownership_id, const KnownSettings& known) = 0;

  virtual void add_change(const SettingChange& change) = 0;
  /// Newest first; of one time in the order in which they were added.
  virtual std::vector<SettingChange> changes(std::int64_t ownership_id, int most, int skip) = 0;
  virtual std::optional<Time> oldest() = 0;  ///< of requests and changes
  virtual void forget_until(Time limit) = 0;
};

}  // namespace v2x::service
