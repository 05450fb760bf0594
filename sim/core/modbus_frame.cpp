#include "sim/core/modbus_frame.hpp"

namespace v2x::core {
namespace {

// MBAP: the length counts unit id and PDU.
constexpr size_t kLengthEnd = 6;
constexpr size_t kLeastLength = 2;
constexpr size_t kMostLength = 254;

// Modbus Application Protocol V1.1b3 §6.3, §6.4, §6.12.
constexpr std::uint16_t kMostRead = 125;
constexpr std::uint16_t kMostWritten = 123;
constexpr size_t kPlainPduSize = 5;       // function, two words
constexpr size_t kWriteManyHeadSize = 6;  // function, two words, byte count

constexpr std::uint16_t kCrcPolynomial = 0xA001;
constexpr size_t kLeastRtuSize = 4;   // address, function, CRC
constexpr size_t kMostRtuSize = 256;  // Modbus over Serial Line V1.02 §2.5.1

bool has_right_crc(std::span<const std::uint8_t> adu) {
  const size_t end = adu.size() - kCrcSize;
  return crc16(adu.first(end)) == (adu[end] | adu[end + 1] << 8);
}

/// 0 while it can't be told.
size_t rtu_request_size(std::span<const std::uint8_t> bytes) {
  constexpr size_t kPlainSize = 1 + kPlainPduSize + kCrcSize;
  if (bytes.size() < 2) return 0;
  const std::uint8_t function = bytes[1];
  if (function >= 1 && function <= 6) return kPlainSize;
  if (function != 16 || bytes.size() < 1 + kWriteManyHeadSize) return 0;
  return 1 + kWriteManyHeadSize + bytes[6] + kCrcSize;
}

}  // namespace

std::span<const std::uint8_t> pdu_of(Framing framing, std::span<const std::uint8_t> adu) {
  const auto rest = adu.subspan(pdu_begin(framing));
  return framing == Framing::tcp ? rest : rest.first(rest.size() - kCrcSize);
}

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? crc >> 1 ^ kCrcPolynomial : crc >> 1);
  }
  return crc;
}

void renew_crc(std::span<std::uint8_t> adu) {
  const std::uint16_t crc = crc16(adu.first(adu.size() - kCrcSize));
  adu[adu.size() - 2] = static_cast<std::uint8_t>(crc);
  adu[adu.size() - 1] = static_cast<std::uint8_t>(crc >> 8);
}

void RequestFramer::append(std::span<const std::uint8_t> bytes) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

std::optional<Adu> RequestFramer::next() {
  if (broken_) return std::nullopt;
  return framing_ == Framing::tcp ? next_tcp() : next_rtu();
}

Adu RequestFramer::take(size_t size) {
  const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(size);
  Adu adu(pending_.begin(), end);
  pending_.erase(pending_.begin(), end);
  return adu;
}

std::optional<Adu> RequestFramer::next_tcp() {
  if (pending_.size() < kLengthEnd) return std::nullopt;
  const std::uint16_t protocol = big_endian(pending_, 2);
  const size_t length = big_endian(pending_, 4);
  if (protocol != 0 || length < kLeastLength || length > kMostLength) {
    broken_ = true;
    return std::nullopt;
  }
  if (pending_.size() < kLengthEnd + length) return std::nullopt;
  return take(kLengthEnd + length);
}

// Batches of a UART tear frames apart, so the end of a known function's request is found by its length; silence
// decides about the rest.
std::optional<Adu> RequestFramer::next_rtu() {
  const size_t whole = rtu_request_size(pending_);
  if (whole == 0 || pending_.size() < whole) return std::nullopt;
  if (!has_right_crc(std::span(pending_).first(whole))) {
    broken_ = true;
    return std::nullopt;
  }
  return take(whole);
}

std::optional<Adu> RequestFramer::silence() {
  broken_ = false;
  std::optional<Adu> adu;
  if (pending_.size() >= kLeastRtuSize && pending_.size() <= kMostRtuSize && has_right_crc(pending_)) adu = pending_;
  pending_.clear();
  return adu;
}

std::optional<ModbusRequest> parse_request(std::span<const std::uint8_t> pdu) {
  ModbusRequest request;
  request.function = pdu[0];
  if (request.function != 16) {
    if (pdu.size() != kPlainPduSize) return std::nullopt;
    request.first = big_endian(pdu, 1);
    request.count = request.function == 6 ? std::uint16_t{1} : big_endian(pdu, 3);
    if (request.function == 6) request.values = pdu.subspan(3, 2);
    if (request.is_read() && (request.count < 1 || request.count > kMostRead)) return std::nullopt;
    return request;
  }
  if (pdu.size() < kWriteManyHeadSize) return std::nullopt;
  request.first = big_endian(pdu, 1);
  request.count = big_endian(pdu, 3);
  request.values = pdu.subspan(kWriteManyHeadSize);
  const size_t byte_count = pdu[5];
  if (request.count < 1 || request.count > kMostWritten) return std::nullopt;
  if (byte_count != size_t{request.count} * 2 || byte_count != request.values.size()) return std::nullopt;
  return request;
}

}  // namespace v2x::core
