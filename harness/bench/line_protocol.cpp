#include "harness/bench/line_protocol.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <thread>

#include "common/jst.hpp"
#include "harness/bench/sample_lines.hpp"

namespace v2x::bench {
namespace {

using nlohmann::json;

constexpr std::uint32_t kConnections = 4;
constexpr std::size_t kMinutesOfDay = 1440;
constexpr std::uint32_t kPeriodMs = 60'000;
constexpr int kAnswerTimeoutS = 60;
constexpr auto kWrite = "/write?db=bench&precision=ms";
const char* const kFirstMinute =
    "2025-06-06T12:00:00+09:00";  // 300 days before the service's clock, as back-filled minutes

std::int64_t begin_ms() {
  return parse_time(kFirstMinute)->time_since_epoch() / std::chrono::milliseconds(1);
}

/// Everything of the lines but their gateways and times, made before the clock runs.
class FleetLines {
 public:
  explicit FleetLines(const FleetFile& file) {
    for (std::size_t house = 0; house < file.houses(); ++house)
      for (std::size_t n = 0; n < kMinutesOfDay; ++n) {
        telemetry::Sample sample = file.sample(house, n);
        sample.set_length_ms(kPeriodMs);
        lines_.emplace_back(sample);
      }
  }
  const SampleLines& of(std::size_t house, std::size_t n) const {
    return lines_[house * kMinutesOfDay + n % kMinutesOfDay];
  }
  const std::vector<SampleLines>& all() const { return lines_; }

 private:
  std::vector<SampleLines> lines_;
};

struct Share {
  Written written;
  std::string error;
};

/// One connection, which serves every kConnections-th gateway in turns.
Share write_share(int port, const Load& load, const FleetLines& lines, std::uint32_t first, SteadyTime end) {
  httplib::Client client("127.0.0.1", port);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(kAnswerTimeoutS);
  Share share;
  const auto batch = static_cast<std::size_t>(load.plan.records_per_batch());
  std::string body;
  for (std::size_t round = 0; steady_now() < end && !load.interrupted; ++round)
    for (std::uint32_t gateway = first; gateway < load.plan.gateways && steady_now() < end; gateway += kConnections) {
      body.clear();
      std::uint64_t values = 0;
      for (std::size_t n = round * batch; n < (round + 1) * batch; ++n) {
        const SampleLines& sample = lines.of(gateway % load.file.houses(), n);
        sample.append(body, load.fleet[gateway].id, begin_ms() + static_cast<std::int64_t>(n) * kPeriodMs);
        values += sample.values();
      }
      const auto answer = client.Post(kWrite, body, "text/plain");
      if (!answer || answer->status / 100 != 2) {
        share.error = answer ? fmt::format("{}: {}", answer->status, answer->body) : to_string(answer.error());
        return share;
      }
      share.written.records += batch;
      share.written.values += values;
      share.written.minutes = (round + 1) * batch;
    }
  return share;
}

/// The answer's JSON.
Result<json> ask(httplib::Client& client, const std::string& path, const httplib::Params& parameters) {
  client.set_read_timeout(kAnswerTimeoutS);
  const auto answer = client.Post(path, parameters);
  if (!answer)
    return fail("bench", fmt::format("the reference does not answer {}: {}", path, to_string(answer.error())));
  json parsed = json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !parsed.is_object())
    return fail("bench", fmt::format("the reference answers {} with {}: {}", path, answer->status, answer->body));
  return parsed;
}

}  // namespace

Result<Written> write_lines(int port, const std::string& prepare, const Load& load) {
  httplib::Client client("127.0.0.1", port);
  if (!prepare.empty())
    if (const auto prepared = ask(client, "/query", {{"q", prepare}}); !prepared) return fail(prepared.error());
  const FleetLines lines(load.file);
  const SteadyTime began = steady_now();
  const SteadyTime end = began + load.plan.duration;
  std::vector<Share> shares(kConnections);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < kConnections; ++i)
      threads.emplace_back([&, i] { shares[i] = write_share(port, load, lines, i, end); });
  }
  const double took = std::chrono::duration<double>(steady_now() - began).count();
  Written written;
  for (const Share& share : shares) {
    if (!share.error.empty()) return fail("bench", "the reference answers " + share.error);
    written.records += share.written.records;
    written.values += share.written.values;
    written.minutes = std::max(written.minutes, share.written.minutes);
  }
  if (written.records == 0) return fail("bench", "the reference took in nothing");
  written.per_s = static_cast<double>(written.records) / took;
  return written;
}

Result<std::uint64_t> count_in_influxdb(int port) {
  httplib::Client client("127.0.0.1", port);
  const auto answer = ask(client, "/query", {{"db", "bench"}, {"q", "SELECT COUNT(*) FROM site, unit, string"}});
  if (!answer) return fail(answer.error());
  std::uint64_t count = 0;
  for (const json& result : answer->value("results", json::array()))
    for (const json& series : result.value("series", json::array()))
      for (const json& row : series.at("values"))
        for (std::size_t column = 1; column < row.size(); ++column)               // behind the time
          if (!row[column].is_null()) count += row[column].get<std::uint64_t>();  // a field of another measurement
  return count;
}

Result<std::uint64_t> count_in_victoriametrics(int port, const Load& load, const Written& written) {
  httplib::Client client("127.0.0.1", port);
  client.set_read_timeout(kAnswerTimeoutS);
  if (const auto flushed = client.Get("/internal/force_flush"); !flushed || flushed->status != 200)
    return fail("bench", "victoriametrics does not make visible what it took in");
  const std::string at = std::to_string(begin_ms() / 1000 + static_cast<std::int64_t>(written.minutes) * 60);
  std::uint64_t count = 0;
  for (std::uint32_t gateway = 0; gateway < load.plan.gateways; ++gateway) {  // all at once are more than it allows
    const std::string query =
        fmt::format(R"(sum(count_over_time({{gw="{}"}}[{}m])))", load.fleet[gateway].id, written.minutes + 1);
    const auto answer = ask(client, "/api/v1/query", {{"query", query}, {"time", at}, {"nocache", "1"}});
    if (!answer) return fail(answer.error());
    for (const json& series : answer->at("data").at("result"))
      count += std::stoull(series.at("value").at(1).get<std::string>());
  }
  return count;
}

LinesPerRecord lines_per_record(const FleetFile& file) {
  const FleetLines fleet(file);
  LinesPerRecord sum;
  for (const SampleLines& sample : fleet.all()) {
    sum.lines += static_cast<double>(sample.lines());
    sum.values += static_cast<double>(sample.values());
  }
  const auto records = static_cast<double>(fleet.all().size());
  return {sum.lines / records, sum.values / records};
}

}  // namespace v2x::bench
