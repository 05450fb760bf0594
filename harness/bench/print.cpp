#include "harness/bench/print.hpp"

#include <fmt/format.h>

namespace v2x::bench {
namespace {

using nlohmann::json;

std::string latencies(const char* title, const json& facts, const char* name) {
  if (!facts.contains(name)) return "";
  const json& ms = facts.at(name);
  return fmt::format("{:<22} p50 {:.1f}  p90 {:.1f}  p99 {:.1f}  p99.9 {:.1f}  max {:.1f} ms  ({} times)\n", title,
                     ms.value("p50", 0.0), ms.value("p90", 0.0), ms.value("p99", 0.0), ms.value("p99_9", 0.0),
                     ms.value("max", 0.0), ms.value("count", 0));
}

std::string processes(const json& facts) {
  std::string text;
  const json all = facts.value("processes", json::object());
  for (const auto& [name, process] : all.items())
    text += fmt::format("{:<22} {:.1f} CPU s, {:.0f} MB, busiest thread {} {:.0f} % of a core\n", name,
                        process.value("cpu_s", 0.0), process.value("rss_bytes", 0.0) / 1e6,
                        process.value("busiest_thread", ""), 100 * process.value("busiest_share", 0.0));
  return text;
}

std::string restart(const json& facts) {
  if (!facts.contains("restart")) return "";
  const json& found = facts.at("restart");
  if (found.contains("error")) return fmt::format("{:<22} {}\n", "restart", found.value("error", ""));
  return fmt::format("{:<22} {} connected again after {:.1f} s\n", "restart",
                     found.value("all_connected", false) ? "all" : "NOT all", found.value("arrival_s", 0.0));
}

std::string audit(const json& facts) {
  if (!facts.contains("audit")) return "";
  const json& found = facts.at("audit");
  return fmt::format(
      "{:<22} {}: {} acknowledged, {} stored, {} missing, {} doubled, {} asked for again, {} put aside {}\n", "audit",
      found.value("clean", false) ? "clean" : "NOT CLEAN", found.value("acknowledged", 0), found.value("stored", 0),
      found.value("missing", 0), found.value("doubled", 0), found.value("asked_again", 0), found.value("put_aside", 0),
      found.value("first_finding", ""));
}

std::string number(const json& value) {
  return value.is_number() ? fmt::format("{:.3f}", value.get<double>()) : "?";
}

}  // namespace

std::string table_of(const json& facts) {
  const json rate = facts.value("rate", json());
  const json answers = facts.value("answers", json::object());
  const json machine = facts.value("machine", json::object());
  std::string text = fmt::format(
      "{} of {} gateways, {}, {} records a message, {}, {:.1f} s\n", facts.value("shape", ""),
      facts.value("gateways", 0), rate.is_number() ? fmt::format("{} records/s", rate.get<double>()) : "saturating",
      facts.value("records_per_batch", 0), facts.value("store", ""), facts.value("duration_s", 0.0));
  const double per_cpu_s = facts.value("achieved_per_cpu_s", 0.0);  // 0: the service was killed meanwhile
  text += fmt::format("{:<22} offered {:.0f}, achieved {:.0f}{}; busy {}, gaps {}, refused {}, time-outs {}\n",
                      "records/s", facts.value("offered_per_s", 0.0), facts.value("achieved_per_s", 0.0),
                      per_cpu_s > 0 ? fmt::format(", in a CPU second {:.0f}", per_cpu_s) : "", answers.value("busy", 0),
                      answers.value("gaps", 0), answers.value("refused", 0), answers.value("timeouts", 0));
  text += latencies("acknowledged after", facts, "ack_ms");
  text += latencies("visible after", facts, "visible_ms");
  text += latencies("home page", facts, "home_ms");
  text += latencies("generator late by", facts, "generator_lag_ms");
  text += fmt::format("{:<22} all within {:.1f} s, {:.0f} kB each in the service\n", "connections",
                      facts.value("arrival_s", 0.0), facts.value("rss_per_connection_bytes", 0.0) / 1e3);
  if (facts.contains("saturation_per_s"))
    text += fmt::format("{:<22} {:.0f} records/s saturated, goodput {:.2f} of that\n", "saturation",
                        facts.value("saturation_per_s", 0.0), facts.value("goodput_to_saturation", 0.0));
  if (facts.contains("ack_p99_ratio_median"))
    text += fmt::format("{:<22} ack p99 {:.2f} times that without (median)\n", "wrong log-ins",
                        facts.value("ack_p99_ratio_median", 0.0));
  text += restart(facts);
  text += processes(facts);
  text +=
      fmt::format("{:<22} {:.2f} of {} cores busy, {:.2f} of them with others' work\n", "machine",
                  machine.value("busy_cores", 0.0), machine.value("cores", 0), machine.value("busy_with_others", 0.0));
  if (facts.contains("bytes_per_record"))
    text += fmt::format("{:<22} {:.0f} bytes a record\n", "on disk", facts.value("bytes_per_record", 0.0));
  text += audit(facts);
  const json ratios = facts.value("ratios", json::array());
  for (const json& ratio : ratios)
    text += fmt::format("{:<22} {} [{}, {}]; by CPU seconds {} [{}, {}]\n", "ratio to " + ratio.value("against", ""),
                        number(ratio.at("ratio")), number(ratio.at("low")), number(ratio.at("high")),
                        number(ratio.at("per_cpu_s").at("ratio")), number(ratio.at("per_cpu_s").at("low")),
                        number(ratio.at("per_cpu_s").at("high")));
  if (const auto lost = facts.value("lost_before_audit", std::uint64_t{0}); lost > 0)
    text += fmt::format("{:<22} {} records that had been acknowledged were asked for again\n", "lost", lost);
  for (const char* error : {"onlooker_error", "service_error"})
    if (facts.contains(error)) text += fmt::format("{:<22} {}\n", error, facts.value(error, ""));
  return text + fmt::format("{:<22} {}\n", "verdict", facts.value("verdict", ""));
}

}  // namespace v2x::bench
