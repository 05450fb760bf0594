#include "backend/ingest/metrics_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace v2x::ingest {
namespace {

/// Appends metrics to a text.
class MetricsWriter {
 public:
  void counter(const char* name, const char* help, std::uint64_t value) { single(name, "counter", help, value); }
  void gauge(const char* name, const char* help, std::uint64_t value) { single(name, "gauge", help, value); }

  void counter_by(const char* name, const char* label, const char* help,
                  const std::map<std::string, std::uint64_t>& values) {
    head(name, "counter", help);
    for (const auto& [word, value] : values) add("{}{{{}=\"{}\"}} {}\n", name, label, word, value);
  }

  template <size_t N>
  void histogram(const char* name, const char* help, const Distribution<N>& values) {
    head(name, "histogram", help);
    for (size_t i = 0; i < N; ++i) add("{}_bucket{{le=\"{}\"}} {}\n", name, values.bounds()[i], values.at_most(i));
    add("{}_bucket{{le=\"+Inf\"}} {}\n", name, values.count());
    add("{}_sum {}\n{}_count {}\n", name, values.sum(), name, values.count());
  }

  std::string text;

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  }
  void head(const char* name, const char* type, const char* help) {
    add("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void single(const char* name, const char* type, const char* help, std::uint64_t value) {
    head(name, type, help);
    add("{} {}\n", name, value);
  }
};

}  // namespace

std::string metrics_text(const Counters& c) {
  MetricsWriter out;
  out.counter("v2x_ingest_frames_total", "Frames that came in", c.frames);
  out.counter("v2x_ingest_records_total", "Records in committed frames, repeated ones too", c.records);
  out.counter("v2x_ingest_samples_total", "Samples that were stored", c.samples);
  out.counter("v2x_ingest_events_total", "Events that were stored", c.events);
  out.counter("v2x_ingest_duplicates_total", "Records that were there already", c.duplicates);
  out.counter("v2x_ingest_put_aside_total", "Records put aside", c.put_aside);
  out.counter("v2x_ingest_commits_total", "Telemetry commits", c.commits);
  out.counter("v2x_ingest_acks_total", "Acknowledgements sent", c.acks);
  out.counter("v2x_ingest_gaps_total", "Gaps told", c.gaps);
  out.counter("v2x_ingest_busy_total", "Frames answered with Busy", c.busy);
  out.counter("v2x_ingest_unknown_keys_total", "Handshakes refused", c.unknown_keys);
  out.counter("v2x_ingest_revoked_total", "Frames of revoked keys", c.revoked);
  out.counter("v2x_ingest_unanswered_total", "Answers that found no connection", c.unanswered);
  out.counter_by("v2x_ingest_refusals_total", "reason", "Frames refused and records put aside", c.refusals_by_reason());
  out.gauge("v2x_ingest_queue_frames", "Frames that wait for the stores", c.queued_frames);
  out.gauge("v2x_ingest_queue_bytes", "Their bytes", c.queued_bytes);
  out.gauge("v2x_ingest_gateways", "Gateways heard in the last five minutes", c.gateways);
  out.histogram("v2x_ingest_commit_seconds", "Time of a telemetry commit", c.commit_s);
  out.histogram("v2x_ingest_commit_records", "Records of a telemetry commit", c.commit_records);
  return std::move(out.text);
}

}  // namespace v2x::ingest
