// Modbus TCP on the byte level: requests cut out of a stream and taken apart (Modbus Messaging on TCP/IP V1.0b).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace v2x::core {

inline constexpr size_t kMbapSize = 7;      // transaction, protocol, length, unit
inline constexpr size_t kLongestAdu = 260;  // MBAP and a PDU of 253

/// One whole request with its MBAP header.
using Adu = std::vector<std::uint8_t>;

inline std::uint16_t big_endian(std::span<const std::uint8_t> bytes, size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// Collects the bytes of one connection until a request is whole.
class TcpFramer {
 public:
  void append(std::span<const std::uint8_t> bytes);
  /// The next whole request; nullopt while there is none.
  std::optional<Adu> next();
  /// True once a header could not be one (protocol not 0, length not 2–254): where the next request begins is unknown
  /// from then on.
  bool broken() const { return broken_; }

 private:
  std::vector<std::uint8_t> pending_;
  bool broken_ = false;
};

/// A request whose function, size and counts are right; register values are still big-endian bytes in the ADU.
struct ModbusRequest {
  std::uint8_t function = 0;
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::span<const std::uint8_t> values;  ///< of a write

  bool is_read() const { return function == 3 || function == 4; }
};

/// nullopt: the PDU's size or a count is wrong (exception 3). The function must be 3, 4, 6 or 16.
std::optional<ModbusRequest> parse_request(std::span<const std::uint8_t> adu);

}  // namespace v2x::core
