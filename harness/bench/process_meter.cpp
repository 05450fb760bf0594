#include "harness/bench/process_meter.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace v2x::bench {
namespace {

namespace fs = std::filesystem;

double seconds_since(SteadyTime t) {
  return std::chrono::duration<double>(steady_now() - t).count();
}

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// It and its descendants; whoever ends meanwhile is left out.
std::vector<pid_t> family(pid_t pid) {
  std::vector<pid_t> all{pid};
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::error_code gone;
    for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(all[i]) + "/task", gone)) {
      std::ifstream children(task.path() / "children");
      for (pid_t child = 0; children >> child;) all.push_back(child);
    }
  }
  return all;
}

double machine_busy_s() {
  std::ifstream in("/proc/stat");
  std::string word;
  double user = 0, nice = 0, system = 0;
  in >> word >> user >> nice >> system;
  return (user + nice + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessMeter::ProcessMeter(pid_t pid, Whom whom) : pid_(pid), whom_(whom), began_(steady_now()), before_(threads()) {}

std::vector<pid_t> ProcessMeter::pids() const {
  return whom_ == Whom::family ? family(pid_) : std::vector{pid_};
}

std::map<std::string, ProcessMeter::Thread> ProcessMeter::threads() const {
  std::map<std::string, Thread> all;
  for (const pid_t pid : pids()) {
    std::error_code gone;
    for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
      double ns = 0;  // schedstat counts in nanoseconds, stat in steps of 10 ms
      if (!(std::ifstream(task.path() / "schedstat") >> ns)) continue;
      all[std::to_string(pid) + "/" + task.path().filename().string()] = {first_line(task.path() / "comm"), ns / 1e9};
    }
  }
  return all;
}

double ProcessMeter::cpu_s() const {
  double sum = 0;
  for (const auto& [id, thread] : threads()) sum += thread.cpu_s;
  for (const auto& [id, thread] : before_) sum -= thread.cpu_s;
  return sum;
}

std::uint64_t ProcessMeter::rss_bytes() const {
  std::uint64_t pages = 0;
  for (const pid_t pid : pids()) {
    std::uint64_t size = 0, resident = 0;
    if (std::ifstream("/proc/" + std::to_string(pid) + "/statm") >> size >> resident) pages += resident;
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::pair<std::string, double> ProcessMeter::busiest_thread() const {
  std::pair<std::string, double> busiest{"", 0};
  for (const auto& [id, thread] : threads()) {
    const auto before = before_.find(id);
    const double used = thread.cpu_s - (before == before_.end() ? 0 : before->second.cpu_s);
    if (used > busiest.second) busiest = {thread.name, used};
  }
  return {busiest.first, busiest.second / seconds_since(began_)};
}

nlohmann::json ProcessMeter::summary() const {
  const auto [name, share] = busiest_thread();
  return {{"cpu_s", cpu_s()}, {"rss_bytes", rss_bytes()}, {"busiest_thread", name}, {"busiest_share", share}};
}

MachineMeter::MachineMeter() : began_(steady_now()), before_s_(machine_busy_s()) {}

double MachineMeter::busy_cores() const {
  return (machine_busy_s() - before_s_) / seconds_since(began_);
}

int MachineMeter::cores() {
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace v2x::bench
