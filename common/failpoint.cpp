#include "common/failpoint.hpp"

#include <csignal>
#include <cstdlib>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

#include "common/nearest.hpp"

namespace v2x::failpoint {
namespace {

struct Armed {
  Action action;
  std::uint64_t passes_left;
};

struct Registry {
  std::mutex mutex;
  std::condition_variable cleared;
  std::atomic<bool> any_armed{false};
  std::vector<std::string> names;
  std::map<std::string, Armed> armed;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

Point::Point(std::string_view name) : name_(name) {
  const std::lock_guard lock(registry().mutex);
  registry().names.push_back(name_);
}

bool Point::pass() const {
  Registry& all = registry();
  if (!all.any_armed.load(std::memory_order_relaxed)) return false;
  std::unique_lock lock(all.mutex);
  const auto found = all.armed.find(name_);
  if (found == all.armed.end() || --found->second.passes_left > 0) return false;
  const Action action = found->second.action;
  if (action == Action::crash) std::raise(SIGKILL);
  if (action == Action::stall) all.cleared.wait(lock, [&] { return !all.armed.contains(name_); });
  all.armed.erase(name_);
  return action == Action::error;
}

Status arm(const std::string& point, Action action, std::uint64_t count) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  bool known = false;
  for (const auto& name : all.names) known = known || name == point;
  if (!known) return fail("unknown_point", unknown_word(point, "fail point", all.names));
  if (count == 0) return fail("bad_count", "count must be 1 or more");
  all.armed[point] = {action, count};
  all.any_armed.store(true, std::memory_order_relaxed);
  return done();
}

void clear() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.armed.clear();
  all.any_armed.store(false, std::memory_order_relaxed);
  all.cleared.notify_all();
}

std::vector<std::string> names() {
  const std::lock_guard lock(registry().mutex);
  return registry().names;
}

}  // namespace v2x::failpoint
