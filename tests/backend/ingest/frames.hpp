// Frames as a gateway sends them, for tests.
#pragma once

#include <map>
#include <string>

#include "backend/ingest/records.hpp"
#include "common/jst.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::test {

inline const Time kNow = parse_time("2026-04-01T12:00:00+09:00").value();
inline const std::string kStream(16, 'S');

inline void fill(telemetry::Sample& sample, Time start, std::uint64_t pv_wh) {
  sample.set_start_ms(ingest::ms_of(start));
  sample.set_length_ms(60'000);
  sample.set_pv_w(700);
  sample.set_load_w(400);
  sample.set_buy_w(0);
  sample.set_sell_w(300);
  sample.set_pv_wh(pv_wh);
}

/// Samples of consecutive minutes from 02:00 on: number n ends n + 1 minutes later and counts n Wh.
inline telemetry::Batch batch_of(std::uint64_t first_seq, int count) {
  telemetry::Batch batch;
  batch.set_stream_id(kStream);
  batch.set_first_seq(first_seq);
  for (int i = 0; i < count; ++i) {
    auto& record = *batch.add_records();
    record.set_seq(first_seq + static_cast<std::uint64_t>(i));
    fill(*record.mutable_sample(), kNow - std::chrono::minutes(600) + std::chrono::minutes(record.seq()), record.seq());
  }
  return batch;
}

inline telemetry::Batch dropped(std::uint64_t first_seq, std::uint64_t last_seq) {
  telemetry::Batch batch;
  batch.set_stream_id(kStream);
  batch.set_first_seq(first_seq);
  batch.mutable_dropped()->set_first_seq(first_seq);
  batch.mutable_dropped()->set_last_seq(last_seq);
  return batch;
}

inline telemetry::Batch fault(std::uint64_t seq, telemetry::EventKind kind, const std::string& code, Time at) {
  telemetry::Batch batch;
  batch.set_stream_id(kStream);
  batch.set_first_seq(seq);
  auto& record = *batch.add_records();
  record.set_seq(seq);
  record.mutable_event()->set_time_ms(ingest::ms_of(at));
  record.mutable_event()->set_kind(kind);
  record.mutable_event()->set_unit_no(1);
  record.mutable_event()->set_code(code);
  return batch;
}

inline std::string up(const telemetry::Batch& batch) {
  telemetry::Up up;
  *up.mutable_batch() = batch;
  return up.SerializeAsString();
}

inline std::string hello(std::uint32_t protocol = 1) {
  telemetry::Up up;
  up.mutable_hello()->set_protocol(protocol);
  up.mutable_hello()->set_model("GW-M001");
  up.mutable_hello()->set_serial("9005PV");
  up.mutable_hello()->set_stream_id(kStream);
  auto& unit = *up.mutable_hello()->add_units();
  unit.set_unit_no(1);
  unit.set_model("KPV-A55");
  unit.set_kind(telemetry::UNIT_KIND_PV_PCS);
  return up.SerializeAsString();
}

/// A command's result: done, with all settings of revision 7.
inline std::string result(std::int64_t id, const std::map<std::string, std::string>& values) {
  telemetry::Up up;
  auto& result = *up.mutable_command_result();
  result.set_correlation_id(static_cast<std::uint64_t>(id));
  result.set_status(telemetry::CommandResult::DONE);
  result.set_settings_revision(7);
  for (const auto& [name, value] : values) {
    auto& setting = *result.add_values();
    setting.set_name(name);
    setting.set_value(value);
  }
  return up.SerializeAsString();
}

inline std::string live(Time end) {
  telemetry::Up up;
  fill(*up.mutable_live()->mutable_sample(), end - std::chrono::minutes(1), 1);
  return up.SerializeAsString();
}

/// "ack 3", "gap 4", "refused 2", "refused frame", "busy", "welcome 3".
inline std::string word_of(const std::string& data) {
  telemetry::Down down;
  if (!down.ParseFromString(data)) return "garbage";
  if (down.has_ack()) return "ack " + std::to_string(down.ack().seq());
  if (down.has_gap()) return "gap " + std::to_string(down.gap().expected_seq());
  if (down.has_busy()) return "busy";
  if (down.has_welcome()) return "welcome " + std::to_string(down.welcome().mark());
  if (down.has_refused())
    return down.refused().has_seq() ? "refused " + std::to_string(down.refused().seq()) : "refused frame";
  if (down.command().has_read_settings()) return "read " + std::to_string(down.command().correlation_id());
  if (down.command().has_live())
    return "live " + std::to_string(down.command().live().period_ms()) + " " +
           std::to_string(down.command().live().duration_ms());
  return "other";
}

}  // namespace v2x::test
