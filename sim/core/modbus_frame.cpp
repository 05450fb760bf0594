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

}  // namespace

void TcpFramer::append(std::span<const std::uint8_t> bytes) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

std::optional<Adu> TcpFramer::next() {
  if (broken_ || pending_.size() < kLengthEnd) return std::nullopt;
  const std::uint16_t protocol = big_endian(pending_, 2);
  const size_t length = big_endian(pending_, 4);
  if (protocol != 0 || length < kLeastLength || length > kMostLength) {
    broken_ = true;
    return std::nullopt;
  }
  if (pending_.size() < kLengthEnd + length) return std::nullopt;
  const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(kLengthEnd + length);
  Adu adu(pending_.begin(), end);
  pending_.erase(pending_.begin(), end);
  return adu;
}

std::optional<ModbusRequest> parse_request(std::span<const std::uint8_t> adu) {
  const auto pdu = adu.subspan(kMbapSize);
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
