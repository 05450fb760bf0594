#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/random.hpp"
#include "contracts/fail_points.hpp"
#include "harness/run/perform.hpp"

namespace v2x::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kUntilAlarm = 12min;     // the longest hold of the catalogue, and some
constexpr Duration kUntilRecovery = 13min;  // reconnect wait, the 300 s until an episode closes, and some
constexpr Duration kAfterwards = 4min;      // retries after 1 and 2 min
constexpr int kMostPass = 4;                // a point is passed once per mail or transaction

/// One step's run: the kills so far, and the numbers drawn for them.
class Storm {
 public:
  Storm(const scenario::Crashes& step, Session& session)
      : step_(step), session_(session), points_(contracts::load_fail_points()) {}

  StepResult run() {
    while (kills_ < step_.count) {
      ++episodes_;
      seen_ = session_.mails().size();
      if (auto bad = half("set", kUntilAlarm)) return *bad;
      if (auto bad = half("clear", kUntilRecovery)) return *bad;
      for (const char* kind : {"M-30", "M-31"})
        for (const std::string& address : step_.to)
          if (auto bad = check(kind, address)) return *bad;
    }
    return passed(fmt::format("{} kills, {} at named points, {} episodes; {} raw duplicates by Message-ID", kills_,
                              at_points_, episodes_, duplicates_));
  }

 private:
  using Bad = std::optional<StepResult>;

  /// Up to `most` − 1.
  int draw(int most) {
    const RandomStream stream{session_.stage().seed(), session_.scenario().name, "crashes"};
    return static_cast<int>(random_bits(stream, draws_++) % static_cast<std::uint64_t>(most));
  }
  Duration draw(Duration most) { return std::chrono::seconds(draw(static_cast<int>(most / 1s))); }

  static Bad bad(StepResult result) {
    if (result.outcome == Outcome::passed) return std::nullopt;
    return result;
  }
  Bad advance(Duration by) {
    const auto stop = session_.advance_to(session_.now() + by);
    if (!stop) return to_result(stop.error());
    if (!session_.breach().empty()) return failed(session_.breach());
    return std::nullopt;
  }

  /// The fault comes or goes; the backend dies at a named point on the way, or at the end, and comes back.
  Bad half(const char* verb, Duration until_mailed) {
    const contracts::FailPoint& point = points_[static_cast<size_t>(draw(static_cast<int>(points_.size())))];
    if (auto b = bad(perform(scenario::FailAt{point.name, "crash", 1 + draw(kMostPass)}, session_))) return b;
    Json arguments{{"path", step_.fault.path}};
    if (verb == std::string("set")) arguments["value"] = step_.fault.value;
    if (auto b = bad(session_.tell_simulator(verb, arguments, step_.fault.path, verb))) return b;
    if (auto b = advance(until_mailed - draw(until_mailed / 2))) return b;
    if (auto b = die()) return b;
    if (auto b = advance(draw(Duration(3min)))) return b;
    if (auto b = bad(start_backend(session_))) return b;
    return advance(until_mailed / 2 + kAfterwards);
  }

  Bad die() {
    world::Box& backend = session_.stage().backend();
    ++kills_;
    if (!backend.running()) {
      ++at_points_;
      return std::nullopt;
    }
    return bad(end_backend(scenario::Process::Act::kill, session_));
  }

  /// Of this episode: one mail, whatever number of copies.
  Bad check(const std::string& kind, const std::string& address) {
    std::set<std::string> ids;
    int copies = 0;
    const auto& mails = session_.mails();
    for (size_t i = seen_; i < mails.size(); ++i) {
      if (mails[i].kind != kind || mails[i].to != address) continue;
      ids.insert(mails[i].message_id);
      ++copies;
    }
    duplicates_ += std::max(0, copies - 1);
    if (ids.size() == 1) return std::nullopt;
    return failed(fmt::format("after {} kills, in episode {}: {} of {} came to {}, expected one", kills_, episodes_,
                              ids.size(), kind, address));
  }

  const scenario::Crashes& step_;
  Session& session_;
  const std::vector<contracts::FailPoint> points_;
  std::uint64_t draws_ = 0;
  size_t seen_ = 0;  ///< mails of earlier episodes
  int kills_ = 0;
  int at_points_ = 0;
  int episodes_ = 0;
  int duplicates_ = 0;
};

}  // namespace

StepResult perform(const scenario::Crashes& step, Session& session) {
  return Storm(step, session).run();
}

}  // namespace v2x::run
