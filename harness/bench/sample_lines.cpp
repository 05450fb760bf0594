#include "harness/bench/sample_lines.hpp"

#include <fmt/format.h>

#include <optional>

namespace v2x::bench {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// What a line says elsewhere: as its time, as a tag.
bool is_told_otherwise(const FieldDescriptor& field) {
  static const auto* const start = telemetry::Sample::descriptor()->FindFieldByName("start_ms");
  static const auto* const number = telemetry::UnitSample::descriptor()->FindFieldByName("unit_no");
  return &field == start || &field == number;
}

/// nullopt for kinds that no sample has; a test holds that nothing is left out.
std::optional<std::int64_t> value_of(const Message& message, const FieldDescriptor& field) {
  const auto& values = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return values.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return values.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return values.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<std::int64_t>(values.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return values.GetBool(message, &field) ? 1 : 0;
    case FieldDescriptor::CPPTYPE_ENUM:
      return values.GetEnumValue(message, &field);
    default:
      return std::nullopt;
  }
}

}  // namespace

SampleLines::SampleLines(const telemetry::Sample& sample) {
  add("site", "", sample);
  for (const auto& unit : sample.units()) {
    const std::string no = fmt::format(",no={}", unit.unit_no());
    add("unit", no, unit);
    for (int i = 0; i < unit.strings_size(); ++i)
      add("string", fmt::format("{},string={}", no, i + 1), unit.strings(i));
  }
}

void SampleLines::add(const std::string& measurement, const std::string& tags, const Message& message) {
  std::string fields;
  put_fields(fields, message, "");
  if (!fields.empty()) lines_.push_back({measurement + ",gw=", tags + " " + fields + " "});
}

void SampleLines::put_fields(std::string& fields, const Message& message, const std::string& prefix) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated() || is_told_otherwise(field)) continue;
    if (field.has_presence() && !message.GetReflection()->HasField(message, &field)) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      put_fields(fields, message.GetReflection()->GetMessage(message, &field), prefix + field.name() + "_");
    } else if (const auto value = value_of(message, field)) {
      fields += fmt::format("{}{}{}={}i", fields.empty() ? "" : ",", prefix, field.name(), *value);
      ++values_;
    }
  }
}

void SampleLines::append(std::string& out, const std::string& gateway_id, std::int64_t time_ms) const {
  const std::string end = std::to_string(time_ms) + "\n";
  for (const Line& line : lines_) out.append(line.before).append(gateway_id).append(line.after).append(end);
}

}  // namespace v2x::bench
