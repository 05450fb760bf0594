// A gateway's line to the service with its weaknesses: frames that come late, twice, out of order or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/clock.hpp"
#include "sim/core/scheduler.hpp"
#include "sim/gateway/uplink.hpp"

namespace v2x::site {

/// What befalls frames, both ways alike. Shares are of the frames, 0 … 1.
struct LineFaults {
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  ///< of frames that wait as long as `overtaken` says, while others pass them
  std::optional<std::pair<Duration, Duration>> latency;
  std::pair<Duration, Duration> overtaken{};
};

/// Without faults it only passes on. Belongs to the kernel's thread.
class UnsteadyLine final : public gateway::Uplink {
 public:
  struct Ends {
    gateway::Uplink& service;                             ///< takes what the gateway sends
    std::function<void(std::string_view frame)> gateway;  ///< takes what the service sends
  };
  UnsteadyLine(core::Scheduler& scheduler, Ends ends, std::uint64_t seed, std::string owner);

  bool send(std::string_view frame) override;
  void receive(std::string_view frame);

  LineFaults& faults() { return faults_; }
  /// The line was cut: what is on its way is lost.
  void cut() { ++life_; }

 private:
  using Take = std::function<void(std::string_view frame)>;
  void carry(std::string_view frame, const Take& take);
  void pass(std::string_view frame, const Take& take);
  bool faulty() const;
  bool happens(double share, std::string_view what);
  Duration between(const std::pair<Duration, Duration>& range);

  core::Scheduler& scheduler_;
  Ends ends_;
  std::uint64_t seed_;
  std::string owner_;
  LineFaults faults_;
  std::uint64_t drawn_ = 0;  ///< numbers of the seed's stream that were used
  std::uint64_t life_ = 0;   ///< counts cuts: what was sent before one never arrives
  Time newest_arrival_{};    ///< a late frame holds up those behind it
};

}  // namespace v2x::site
