// Modbus TCP requests per CPU-second of the server: v2x-sim beside a minimal libmodbus server and Debian's pymodbus
// server, in turns in one run. Exit code 4: a ratio is missed.
#include <fmt/format.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "common/clock.hpp"
#include "common/scratch_directory.hpp"
#include "tests/bench/bench_process.hpp"
#include "tests/paths.hpp"

namespace {

using namespace v2x;

constexpr int kRegisters = 100;  // of each read
constexpr int kRounds = 8;
constexpr auto kTurn = std::chrono::seconds(1);  // of one server in one round, wall time
constexpr double kOfLibmodbus = 0.5;
constexpr double kOfPymodbus = 3;

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

/// The reference: what libmodbus' own examples do.
int serve_minimally(int port) {
  modbus_t* const context = modbus_new_tcp("127.0.0.1", port);
  modbus_mapping_t* const mapping = modbus_mapping_new_start_address(0, 0, 0, 0, 40000, 700, 0, 0);
  int listener = modbus_tcp_listen(context, 1);
  for (;;) {
    modbus_tcp_accept(context, &listener);
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request;
    for (int size = 0; (size = modbus_receive(context, request.data())) >= 0;)
      if (size > 0) modbus_reply(context, request.data(), size, mapping);
  }
}

struct Contender {
  std::string name;
  int port;
  bench::BenchProcess process;
  modbus_t* client = nullptr;
  std::vector<double> rates;  ///< requests per CPU-second, by round

  Contender(std::string its_name, int its_port, const std::vector<std::string>& command)
      : name(std::move(its_name)), port(its_port), process(command) {}

  void connect() {
    client = modbus_new_tcp("127.0.0.1", port);
    modbus_set_slave(client, 1);
    const SteadyTime end = steady_now() + std::chrono::seconds(30);
    while (modbus_connect(client) != 0) {
      if (steady_now() > end) {
        fmt::print(stderr, "{} does not listen\n", name);
        std::exit(3);
      }
      Alarm().wait(steady_now() + std::chrono::milliseconds(50));
    }
  }
  /// One turn.
  void run() {
    std::array<std::uint16_t, kRegisters> registers;
    const double before = process.cpu_s();
    const SteadyTime end = steady_now() + kTurn;
    int requests = 0;
    for (; steady_now() < end; ++requests)
      if (modbus_read_registers(client, 40000, kRegisters, registers.data()) != kRegisters) {
        fmt::print(stderr, "{}: {}\n", name, modbus_strerror(errno));
        std::exit(3);
      }
    rates.push_back(requests / (process.cpu_s() - before));
  }
};

struct Ratio {
  double mean, low, high;
};
/// Mean of the rounds' ratios with its 95 % interval.
Ratio ratio(const std::vector<double>& ours, const std::vector<double>& theirs) {
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / theirs[i]);
  double mean = 0, square = 0;
  for (const double r : ratios) mean += r / static_cast<double>(ratios.size());
  for (const double r : ratios) square += (r - mean) * (r - mean) / static_cast<double>(ratios.size() - 1);
  constexpr double kStudent = 2.365;  // t for 95 % and 7 degrees of freedom
  const double half = kStudent * std::sqrt(square / static_cast<double>(ratios.size()));
  return {mean, mean - half, mean + half};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "serve") == 0) return serve_minimally(std::atoi(argv[2]));
  std::array ports{free_port(), free_port(), free_port()};
  const auto port = [&](int i) { return std::to_string(ports[static_cast<size_t>(i)]); };
  const ScratchDirectory data;
  std::vector<std::unique_ptr<Contender>> all;
  all.push_back(std::make_unique<Contender>(
      "v2x-sim", ports[0],
      std::vector<std::string>{in_programs("v2x-sim"), "--world", in_sources("tests/bench/at_once.yaml"), "--clock",
                               "realtime", "--modbus-port", port(0), "--data", data.path().string()}));
  all.push_back(
      std::make_unique<Contender>("libmodbus", ports[1], std::vector<std::string>{argv[0], "serve", port(1)}));
  all.push_back(std::make_unique<Contender>(
      "pymodbus", ports[2],
      std::vector<std::string>{"/usr/bin/python3", in_sources("tests/bench/pymodbus_server.py"), port(2)}));
  for (const auto& one : all) one->connect();
  for (int round = 0; round < kRounds; ++round)
    for (const auto& one : all) one->run();
  for (const auto& one : all) {
    double mean = 0;
    for (const double rate : one->rates) mean += rate / kRounds;
    fmt::print("{:<10} {:>8.0f} requests of {} registers per CPU-second of the server\n", one->name, mean, kRegisters);
  }
  int missed = 0;
  for (const auto& [index, least] : {std::pair{1, kOfLibmodbus}, std::pair{2, kOfPymodbus}}) {
    const Contender& other = *all[static_cast<size_t>(index)];
    const Ratio found = ratio(all[0]->rates, other.rates);
    fmt::print("ratio to {:<10} {:.2f} [{:.2f}, {:.2f}], at least {}\n", other.name, found.mean, found.low, found.high,
               least);
    if (found.mean < least) missed = 4;
  }
  return missed;
}
