#include "backend/ingest/records.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>

#include <algorithm>

#include "common/jst.hpp"

namespace v2x::ingest {
namespace {

using service::TelemetrySample;

constexpr Duration kNormalAhead = std::chrono::minutes(5);  // LAW-7
constexpr Duration kSkewedAhead = std::chrono::hours(24);   // LAW-7
constexpr int kFirstYear = 2015;                            // LAW-7: older stamps are nonsense
constexpr std::int64_t kMostMs = 4'102'444'800'000;         // 2100: beyond it the arithmetic is not worth trusting
constexpr std::uint32_t kMostLengthMs = 3'600'000;          // the longest report period
constexpr std::uint32_t kMostW = 1'000'000;                 // no house; a broken counter or a hostile gateway
constexpr std::uint64_t kMostWh = std::uint64_t{1} << 50;   // thousands of years of a house
constexpr std::uint32_t kMostPermille = 1000;
constexpr int kMostUnits = 32;  // telemetry.proto

Time earliest() {
  static const Time t = from_jst({.date = std::chrono::year{kFirstYear} / 1 / 1});
  return t;
}

Status check_stamp(std::int64_t ms, Time now) {
  if (ms < ms_of(earliest())) return fail("stamp", fmt::format("stamped before {}", kFirstYear));
  if (ms > kMostMs || time_of_ms(ms) > now + kSkewedAhead) return fail("stamp", "stamped more than a day ahead");
  return done();
}

Status check_values(const telemetry::Sample& sample) {
  if (sample.length_ms() == 0 || sample.length_ms() > kMostLengthMs) return fail("length", "length_ms out of range");
  for (const auto w :
       {sample.pv_w(), sample.load_w(), sample.buy_w(), sample.sell_w(), sample.charge_w(), sample.discharge_w()})
    if (w > kMostW) return fail("power", fmt::format("{} W is absurd", w));
  for (const auto wh :
       {sample.pv_wh(), sample.load_wh(), sample.buy_wh(), sample.sell_wh(), sample.charge_wh(), sample.discharge_wh()})
    if (wh > kMostWh) return fail("energy", fmt::format("{} Wh is absurd", wh));
  if (sample.ev().soc_permille() > kMostPermille)
    return fail("soc", fmt::format("{} permille", sample.ev().soc_permille()));
  if (sample.units_size() > kMostUnits) return fail("units", fmt::format("{} units", sample.units_size()));
  return done();
}

const char* word_of(telemetry::UnitKind kind) {
  switch (kind) {
    case telemetry::UNIT_KIND_PV_PCS:
      return "pv_pcs";
    case telemetry::UNIT_KIND_EV_PCS:
      return "ev_pcs";
    case telemetry::UNIT_KIND_METER:
      return "meter";
    default:
      return "unknown";
  }
}

template <class T, class Wire>
std::optional<T> maybe(bool has, Wire value) {
  if (!has) return std::nullopt;
  return static_cast<T>(value);
}

}  // namespace

#define V2X_FLOW(field) maybe<std::int64_t>(sample.has_##field(), sample.field())

Status read_sample(const telemetry::Sample& sample, Time now, TelemetrySample& result) {
  if (Status stamp = check_stamp(sample.start_ms(), now); !stamp) return stamp;
  if (Status values = check_values(sample); !values) return values;
  result.start = time_of_ms(sample.start_ms());
  result.length = std::chrono::milliseconds(sample.length_ms());
  result.skewed = result.end() > now + kNormalAhead;
  result.mean_w = {V2X_FLOW(pv_w),   V2X_FLOW(load_w),   V2X_FLOW(buy_w),
                   V2X_FLOW(sell_w), V2X_FLOW(charge_w), V2X_FLOW(discharge_w)};
  result.counter_wh = {V2X_FLOW(pv_wh),   V2X_FLOW(load_wh),   V2X_FLOW(buy_wh),
                       V2X_FLOW(sell_wh), V2X_FLOW(charge_wh), V2X_FLOW(discharge_wh)};
  result.throttle = sample.throttle() == telemetry::THROTTLE_NONE             ? service::Throttle::none
                    : sample.throttle() == telemetry::THROTTLE_OUTPUT_CONTROL ? service::Throttle::output_control
                                                                              : service::Throttle::other;
  result.island = sample.island();
  if (sample.has_ev()) {
    const bool known = telemetry::VehicleState_IsValid(sample.ev().state());
    result.ev = {known ? static_cast<service::VehicleState>(sample.ev().state()) : service::VehicleState::unknown,
                 maybe<int>(sample.ev().has_soc_permille(), sample.ev().soc_permille()),
                 maybe<int>(sample.ev().has_remaining_wh(), sample.ev().remaining_wh())};
  }
  return done();
}

#undef V2X_FLOW

/// As a Sample that has nothing but its units would be serialised, without making one.
std::string pack_units(const telemetry::Sample& sample) {
  using google::protobuf::io::CodedOutputStream;
  constexpr std::uint32_t kTag = telemetry::Sample::kUnitsFieldNumber << 3 | 2;  // protobuf: length-delimited
  size_t size = 0;
  for (const auto& unit : sample.units()) {
    const auto length = static_cast<std::uint32_t>(unit.ByteSizeLong());
    size += CodedOutputStream::VarintSize32(kTag) + CodedOutputStream::VarintSize32(length) + length;
  }
  std::string packed(size, '\0');
  auto* out = reinterpret_cast<std::uint8_t*>(packed.data());
  for (const auto& unit : sample.units()) {
    out = CodedOutputStream::WriteVarint32ToArray(kTag, out);
    out = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(unit.GetCachedSize()), out);
    out = unit.SerializeWithCachedSizesToArray(out);
  }
  return packed;
}

Result<TelemetrySample> sample_of(const telemetry::Sample& sample, Time now) {
  TelemetrySample result;
  if (const Status read = read_sample(sample, now, result); !read) return fail(read.error());
  result.units = pack_units(sample);
  return result;
}

Status check_event(const telemetry::Event& event, Time now) {
  constexpr size_t kMostCodeBytes = 8;      // telemetry.proto
  constexpr size_t kMostDetailBytes = 120;  // telemetry.proto
  if (const Status stamp = check_stamp(event.time_ms(), now); !stamp) return stamp;
  if (event.code().size() > kMostCodeBytes || event.detail().size() > kMostDetailBytes)
    return fail("text", "code or detail is too long");
  if (event.unit_no() > 255 || event.units_size() > kMostUnits) return fail("units", "unit_no or units out of range");
  const bool fault =
      event.kind() == telemetry::EVENT_KIND_FAULT_RAISED || event.kind() == telemetry::EVENT_KIND_FAULT_CLEARED;
  if (fault && event.code().empty()) return fail("code", "a fault without a code");
  return done();
}

std::vector<service::InventoryUnit> units_of(const google::protobuf::RepeatedPtrField<telemetry::Unit>& units) {
  std::vector<service::InventoryUnit> result;
  for (const auto& unit : units)
    result.push_back(
        {static_cast<int>(unit.unit_no()), unit.model(), unit.serial(), word_of(unit.kind()), unit.firmware()});
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.unit_no < b.unit_no; });
  return result;
}

service::InventoryReport inventory_of(const telemetry::Hello& hello) {
  return {hello.model(), hello.serial(), hello.firmware(), units_of(hello.units())};
}

Time time_of_ms(std::int64_t ms) {
  return Time(std::chrono::milliseconds(ms));
}

std::int64_t ms_of(Time t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

std::string hex(const std::string& bytes) {
  std::string text;
  constexpr auto kDigits = "0123456789abcdef";
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 0xf];
  }
  return text;
}

std::string bytes_of_hex(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

}  // namespace v2x::ingest
