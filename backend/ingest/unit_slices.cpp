#include "backend/ingest/unit_slices.hpp"

#include <cstdint>

#include "contracts/telemetry.pb.h"

namespace v2x::ingest {
namespace {

using telemetry::Batch;
using telemetry::Record;
using telemetry::Sample;
using telemetry::Up;

/// Walks over the fields of one message. protobuf's encoding: a tag (number << 3 | type), then the value.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message), begin_(message.data()) {}

  /// Whether there is one more; false also when it is malformed, which is_good() tells.
  bool next() {
    if (rest_.empty() || !good_) return false;
    start_ = rest_.data();
    const std::uint64_t tag = varint();
    number_ = static_cast<int>(tag >> 3);
    switch (tag & 7) {
      case 0:
        varint();
        value_ = {};
        break;
      case 1:
        skip(8);
        break;
      case 2:
        skip(varint());
        break;
      case 5:
        skip(4);
        break;
      default:
        good_ = false;
    }
    return good_;
  }
  int number() const { return number_; }
  std::string_view value() const { return value_; }  ///< of a field with a length
  size_t start() const { return static_cast<size_t>(start_ - begin_); }
  size_t end() const { return static_cast<size_t>(rest_.data() - begin_); }
  bool is_good() const { return good_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  void skip(std::uint64_t length) {
    if (length > rest_.size()) {
      good_ = false;
      return;
    }
    value_ = rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  std::string_view rest_, value_;
  const char* const begin_;
  const char* start_ = nullptr;
  int number_ = 0;
  bool good_ = true;
};

/// The only field `number` of a message; empty when there is none, nullopt when there are several.
std::optional<std::string_view> only(std::string_view message, int number) {
  std::optional<std::string_view> found;
  Fields field(message);
  while (field.next()) {
    if (field.number() != number) continue;
    if (found) return std::nullopt;
    found = field.value();
  }
  if (!field.is_good()) return std::nullopt;
  return found.value_or(std::string_view());
}

std::optional<std::string_view> units_of_sample(std::string_view sample) {
  size_t begin = 0, end = 0;
  Fields field(sample);
  while (field.next()) {
    if (field.number() != Sample::kUnitsFieldNumber) continue;
    if (end != 0 && end != field.start()) return std::nullopt;
    if (end == 0) begin = field.start();
    end = field.end();
  }
  if (!field.is_good()) return std::nullopt;
  return sample.substr(begin, end - begin);
}

}  // namespace

std::optional<std::vector<std::string_view>> unit_slices(std::string_view up) {
  const auto batch = only(up, Up::kBatchFieldNumber);
  if (!batch) return std::nullopt;
  std::vector<std::string_view> slices;
  Fields field(*batch);
  while (field.next()) {
    if (field.number() != Batch::kRecordsFieldNumber) continue;
    const auto sample = only(field.value(), Record::kSampleFieldNumber);
    const auto units = sample ? units_of_sample(*sample) : std::nullopt;
    if (!units) return std::nullopt;
    slices.push_back(*units);
  }
  if (!field.is_good()) return std::nullopt;
  return slices;
}

}  // namespace v2x::ingest
