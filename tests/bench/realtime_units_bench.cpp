// 200 units in one v2x-sim on the wall clock, each polled ten times a second: how late replies and the kernel are.
// Exit code 4: a reply came after the next poll was due, or not at all.
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "common/clock.hpp"
#include "common/control.hpp"
#include "common/scratch_directory.hpp"
#include "tests/bench/bench_process.hpp"
#include "tests/paths.hpp"

namespace {

using namespace v2x;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kSites = 50;
constexpr int kUnitsPerSite = 4;
constexpr auto kPeriod = 100ms;
constexpr int kPolls = 300;  // of each unit: half a minute
constexpr int kFirstPort = 21502;

void write_world(const fs::path& file) {
  std::ofstream out(file);
  out << "title: Bench\nsites:\n";
  for (int site = 0; site < kSites; ++site) {
    out << fmt::format(
        "  site{0}:\n    site_name: ベンチ\n    prefecture: 26\n    latitude: 35.03 deg\n    longitude: 135.75 deg\n"
        "    irradiance: 700 W/m2\n    gateway: {{id: 01BENCH{0:05}, password: abcedfghijk12, model: GW-M001, serial: "
        "0000000001PV, contract: 60 A, external: yes}}\n    units:\n      meter: {{kind: meter, unit_id: 4, map: "
        "sunspec-meter, serial: 00000001MT1}}\n",
        site);
    for (int unit = 1; unit < kUnitsPerSite; ++unit)
      out << fmt::format("      pcs{0}: {{kind: pv_pcs, unit_id: {0}, map: sunspec-pv, serial: 00000001PV{0}}}\n",
                         unit);
  }
}

struct Master {
  int fd = -1;
  std::uint8_t unit = 1;
  SteadyTime next;
  SteadyTime sent;
  bool waiting = false;
  int polls = 0;
};

int connect_to(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const SteadyTime end = steady_now() + 60s;
  while (steady_now() < end) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return fd;
    }
    ::close(fd);
    Alarm().wait(steady_now() + 50ms);
  }
  fmt::print(stderr, "nobody listens at port {}\n", port);
  std::exit(3);
}

void send_poll(Master& master) {
  const std::array<std::uint8_t, 12> request{0, 1, 0, 0, 0, 6, master.unit, 3, 0x9C, 0x86, 0, 100};  // 40070…
  if (::send(master.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    fmt::print(stderr, "a connection is lost\n");
    std::exit(3);
  }
  master.sent = steady_now();
  master.waiting = true;
  ++master.polls;
  master.next += kPeriod;
}

struct Outcome {
  std::vector<double> response_ms;
  int late = 0;
};

Outcome poll_all(std::vector<Master>& masters) {
  Outcome outcome;
  std::vector<pollfd> waits;
  for (const Master& master : masters) waits.push_back({master.fd, POLLIN, 0});
  for (;;) {
    const SteadyTime now = steady_now();
    SteadyTime next = SteadyTime::max();
    for (Master& master : masters) {
      if (master.polls < kPolls && now >= master.next) {
        outcome.late += master.waiting ? 1 : 0;
        send_poll(master);
      }
      if (master.polls < kPolls) next = std::min(next, master.next);
    }
    if (next == SteadyTime::max() && std::none_of(masters.begin(), masters.end(), [](auto& m) { return m.waiting; }))
      return outcome;
    const auto left =
        next == SteadyTime::max() ? 1000ms : std::chrono::duration_cast<std::chrono::milliseconds>(next - now);
    if (::poll(waits.data(), waits.size(), static_cast<int>(std::max(0ms, left).count())) == 0 &&
        next == SteadyTime::max()) {
      for (const Master& master : masters) outcome.late += master.waiting ? 1 : 0;
      return outcome;
    }
    for (size_t i = 0; i < waits.size(); ++i) {
      if ((waits[i].revents & POLLIN) == 0) continue;
      std::array<char, 512> reply;
      if (::recv(masters[i].fd, reply.data(), reply.size(), 0) <= 0) std::exit(3);
      outcome.response_ms.push_back(std::chrono::duration<double, std::milli>(steady_now() - masters[i].sent).count());
      masters[i].waiting = false;
    }
  }
}

}  // namespace

int main() {
  const ScratchDirectory scratch;
  const fs::path& folder = scratch.path();
  write_world(folder / "world.yaml");
  const std::string control = "ipc://" + (folder / "sim.ctl").string();
  int exit_code = 0;
  {
    bench::BenchProcess simulator({in_programs("v2x-sim"), "--world", (folder / "world.yaml").string(), "--clock",
                                   "realtime", "--modbus-port", std::to_string(kFirstPort), "--control", control,
                                   "--data", (folder / "data").string()});
    std::vector<Master> masters;
    for (int i = 0; i < kSites * kUnitsPerSite; ++i)
      masters.push_back({connect_to(kFirstPort + i / kUnitsPerSite),
                         static_cast<std::uint8_t>(1 + i % kUnitsPerSite),
                         {},
                         {},
                         false,
                         0});
    const MessagingContext context;
    ControlClient client(context, control);
    (void)client.call("lag", Json::object(), 10s);
    const SteadyTime begin = steady_now() + 100ms;
    for (size_t i = 0; i < masters.size(); ++i) masters[i].next = begin + i * kPeriod / masters.size();
    const double cpu_before = simulator.cpu_s();
    Outcome outcome = poll_all(masters);
    const double cpu_s = simulator.cpu_s() - cpu_before;
    const auto lag = client.call("lag", Json::object(), 10s);
    auto& times = outcome.response_ms;
    std::sort(times.begin(), times.end());
    const auto quantile = [&](double q) {
      return times[static_cast<size_t>(q * static_cast<double>(times.size() - 1))];
    };
    fmt::print("{} units, {} polls each at 10/s: {} replies, {} late\n", masters.size(), kPolls, times.size(),
               outcome.late);
    fmt::print("response with 5 to 30 ms of turn-around: p50 {:.1f} ms, p99 {:.1f} ms, max {:.1f} ms\n", quantile(0.5),
               quantile(0.99), times.back());
    fmt::print("CPU of the simulator: {:.2f} s of {} s\n", cpu_s, kPolls / 10);
    if (lag)
      fmt::print("kernel lag: p50 {:.0f} us, p99 {:.0f} us, max {:.0f} us over {} instants\n",
                 lag->value("p50_us", 0.0), lag->value("p99_us", 0.0), lag->value("max_us", 0.0),
                 lag->value("samples", 0));
    if (outcome.late > 0 || times.size() != masters.size() * kPolls) exit_code = 4;
  }
  return exit_code;
}
