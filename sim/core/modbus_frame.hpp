// Modbus on the byte level: requests cut out of a stream and taken apart, on TCP (Messaging on TCP/IP V1.0b) and on a
// serial line (Modbus over Serial Line V1.02, RTU).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace v2x::core {

enum class Framing { tcp, rtu };

inline constexpr size_t kMbapSize = 7;      // transaction, protocol, length, unit
inline constexpr size_t kLongestAdu = 260;  // MBAP and a PDU of 253
inline constexpr size_t kCrcSize = 2;

/// One whole request or reply: MBAP and PDU, or address, PDU and CRC.
using Adu = std::vector<std::uint8_t>;

inline std::uint16_t big_endian(std::span<const std::uint8_t> bytes, size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// The offset of the function code; the unit id is before it.
constexpr size_t pdu_begin(Framing framing) {
  return framing == Framing::tcp ? kMbapSize : 1;
}
std::span<const std::uint8_t> pdu_of(Framing framing, std::span<const std::uint8_t> adu);

/// CRC-16 of Modbus (polynomial A001, first value FFFF); goes out low byte first.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);
/// Writes the right CRC into the last two bytes.
void renew_crc(std::span<std::uint8_t> adu);

/// Collects the bytes of one connection, or of the line, until a request is whole.
class RequestFramer {
 public:
  explicit RequestFramer(Framing framing) : framing_(framing) {}

  void append(std::span<const std::uint8_t> bytes);
  /// The next whole request; nullopt while there is none. RTU: its CRC is right.
  std::optional<Adu> next();
  /// RTU: the line was silent for longer than a frame may be. What is pending is a request of a function that next()
  /// can't tell the length of, or damaged and forgotten.
  std::optional<Adu> silence();
  bool pending() const { return !pending_.empty(); }
  /// TCP: a header could not be one (protocol not 0, length not 2–254): where the next request begins is unknown from
  /// then on.
  bool broken() const { return broken_; }

 private:
  std::optional<Adu> next_tcp();
  std::optional<Adu> next_rtu();
  Adu take(size_t size);

  Framing framing_;
  std::vector<std::uint8_t> pending_;
  bool broken_ = false;  // RTU: until the next silence
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
std::optional<ModbusRequest> parse_request(std::span<const std::uint8_t> pdu);

}  // namespace v2x::core
