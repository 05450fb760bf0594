#include "harness/bench/line_protocol.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <mutex>
#include <thread>

#include "common/jst.hpp"

namespace v2x::bench {
namespace {

constexpr std::uint32_t kConnections = 4;
constexpr auto kWrite = "/write?db=bench&precision=ms";
const char* const kFirstMinute =
    "2025-06-06T12:00:00+09:00";  // 300 days before the service's clock, as back-filled minutes

/// Everything of the lines but their gateways and times, made before the clock runs.
class Lines {
 public:
  explicit Lines(const FleetFile& file) {
    for (std::size_t house = 0; house < file.houses(); ++house)
      for (std::size_t n = 0; n < kMinutes; ++n) fields_.push_back(line_of("", file.sample(house, n)));
  }
  void append(std::string& out, const std::string& gateway_id, std::size_t house, std::size_t n,
              std::int64_t ms) const {
    const std::string& line = fields_[house * kMinutes + n % kMinutes];
    const std::size_t at = line.find(' ');  // behind the tag without a value
    out.append(line, 0, at).append(gateway_id).append(line, at).append(" ").append(std::to_string(ms)).push_back('\n');
  }

 private:
  static constexpr std::size_t kMinutes = 1440;
  std::vector<std::string> fields_;
};

struct Share {
  std::uint64_t records = 0;
  std::string error;
};

/// One connection, which serves every kConnections-th gateway in turns.
Share write_share(int port, const Load& load, const Lines& lines, std::uint32_t first, SteadyTime end) {
  httplib::Client client("127.0.0.1", port);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(60);
  Share share;
  const auto batch = static_cast<std::size_t>(load.plan.records_per_batch());
  const std::int64_t begin_ms = parse_time(kFirstMinute)->time_since_epoch() / std::chrono::milliseconds(1);
  std::string body;
  for (std::size_t round = 0; steady_now() < end && !load.interrupted; ++round)
    for (std::uint32_t gateway = first; gateway < load.plan.gateways && steady_now() < end; gateway += kConnections) {
      body.clear();
      for (std::size_t n = round * batch; n < (round + 1) * batch; ++n)
        lines.append(body, load.fleet[gateway].id, gateway % load.file.houses(), n,
                     begin_ms + static_cast<std::int64_t>(n) * 60'000);
      const auto answer = client.Post(kWrite, body, "text/plain");
      if (!answer || answer->status / 100 != 2) {
        share.error = answer ? fmt::format("{}: {}", answer->status, answer->body) : to_string(answer.error());
        return share;
      }
      share.records += batch;
    }
  return share;
}

}  // namespace

std::string line_of(const std::string& gateway_id, const telemetry::Sample& sample) {
  std::string line = "site,gw=" + gateway_id + " ";
  auto put = [&line, first = true](const char* name, std::uint64_t value) mutable {
    line += fmt::format("{}{}={}i", first ? "" : ",", name, value);
    first = false;
  };
  put("pv_w", sample.pv_w());
  put("load_w", sample.load_w());
  put("buy_w", sample.buy_w());
  put("sell_w", sample.sell_w());
  put("charge_w", sample.charge_w());
  put("discharge_w", sample.discharge_w());
  put("pv_wh", sample.pv_wh());
  put("load_wh", sample.load_wh());
  put("buy_wh", sample.buy_wh());
  put("sell_wh", sample.sell_wh());
  put("charge_wh", sample.charge_wh());
  put("discharge_wh", sample.discharge_wh());
  put("throttle", sample.throttle());
  put("island", sample.island() ? 1 : 0);
  if (sample.has_ev()) {
    put("ev_state", sample.ev().state());
    put("soc_permille", sample.ev().soc_permille());
    put("remaining_wh", sample.ev().remaining_wh());
  }
  return line;
}

Result<Written> write_lines(int port, const std::string& prepare, const Load& load) {
  if (!prepare.empty()) {
    const auto answer = httplib::Client("127.0.0.1", port).Post("/query", httplib::Params{{"q", prepare}});
    if (!answer || answer->status != 200) return fail("bench", "the reference refuses: " + prepare);
  }
  const Lines lines(load.file);
  const SteadyTime began = steady_now();
  const SteadyTime end = began + load.plan.duration;
  std::vector<Share> shares(kConnections);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < kConnections; ++i)
      threads.emplace_back([&, i] { shares[i] = write_share(port, load, lines, i, end); });
  }
  const double took = std::chrono::duration<double>(steady_now() - began).count();
  std::uint64_t records = 0;
  for (const Share& share : shares) {
    if (!share.error.empty()) return fail("bench", "the reference answers " + share.error);
    records += share.records;
  }
  if (records == 0) return fail("bench", "the reference took in nothing");
  return Written{records, static_cast<double>(records) / took};
}

}  // namespace v2x::bench
