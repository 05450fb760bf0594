#include "harness/bench/fleet_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/bad_input.hpp"

namespace v2x::bench {
namespace {

constexpr auto kFirstLine = "v2x-fleet 1";
constexpr std::uint64_t kMostBytes = 64 * 1024;  // of a record; a real one has a few hundred

std::optional<std::uint64_t> read_varint(std::istream& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const int byte = in.get();
    if (byte < 0) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::string> read_body(std::istream& in) {
  const auto size = read_varint(in);
  if (!size || *size > kMostBytes) return std::nullopt;
  std::string bytes(*size, '\0');
  telemetry::Record record;
  if (!in.read(bytes.data(), static_cast<std::streamsize>(*size)) || !record.ParseFromString(bytes) ||
      !record.has_sample())
    return std::nullopt;
  record.mutable_sample()->clear_start_ms();
  record.mutable_sample()->clear_length_ms();
  return record.sample().SerializeAsString();
}

std::size_t houses_of(const std::string& header) {
  const auto json = nlohmann::json::parse(header, nullptr, false);
  return json.is_object() ? json.value("houses", std::size_t{0}) : 0;
}

}  // namespace

FleetFile::FleetFile(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& what) {
    throw BadInput(fmt::format("{}: {}, expected a sample file of v2x-sim fleet", file.string(), what));
  };
  std::ifstream in(file, std::ios::binary);
  std::string first, header;
  if (!std::getline(in, first) || first != kFirstLine)
    refuse(in ? "begins with '" + first.substr(0, 32) + "'" : "cannot be read");
  std::getline(in, header);
  houses_.resize(houses_of(header));
  if (houses_.empty()) refuse("its header has no houses");
  for (std::size_t house = 0; house < houses_.size(); ++house) {
    const auto count = read_varint(in);
    if (!count || *count == 0) refuse(fmt::format("house {} has no records", house + 1));
    for (std::uint64_t n = 0; n < *count; ++n) {
      auto body = read_body(in);
      if (!body) refuse(fmt::format("record {} of house {} is no sample", n + 1, house + 1));
      houses_[house].push_back(std::move(*body));
    }
  }
}

telemetry::Sample FleetFile::sample(std::size_t house, std::size_t n) const {
  telemetry::Sample sample;
  sample.ParseFromString(body(house, n));
  return sample;
}

}  // namespace v2x::bench
