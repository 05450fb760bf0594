// Modbus TCP master for one unit: one request at a time over a ModbusPort, never blocking.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/modbus_port.hpp"

namespace v2x::gateway {

/// Belongs to the gateway's thread; the port's descriptor belongs to the port. A reply that does not fit the pending
/// request (transaction, unit, function, count) is dropped, so a late one can never be taken for a newer one.
class ModbusMaster {
 public:
  struct Reply {
    std::uint8_t exception = 0;                ///< 0: the request was served
    std::span<const std::uint16_t> registers;  ///< of a read; valid until the next request
  };

  /// `read_function` is 3, or 4 for a unit that has input registers only.
  ModbusMaster(core::ModbusPort& port, std::uint8_t unit_id, std::uint8_t read_function = 3);

  /// False when there is no connection or it takes no bytes.
  bool request_read(std::uint16_t address, std::uint16_t count);
  bool request_write(std::uint16_t address, std::span<const std::uint16_t> values);
  /// The answer to the pending request, once all of its bytes are there.
  std::optional<Reply> take_reply();
  /// The answer is no longer wanted.
  void forget() { pending_ = false; }

  static constexpr std::uint16_t kMaxRead = 125;   // Modbus Application Protocol V1.1b3 §6.3
  static constexpr std::uint16_t kMaxWrite = 123;  // §6.12

 private:
  static constexpr size_t kMaxFrame = 260;  // Modbus TCP: 7 + 253 bytes

  bool send(std::uint8_t function, std::uint16_t address, std::uint16_t count, std::span<const std::uint16_t> values);
  bool answers_request(std::span<const std::uint8_t> frame) const;
  Reply parse(std::span<const std::uint8_t> frame);

  core::ModbusPort& port_;
  std::uint8_t unit_id_;
  std::uint8_t read_function_;
  bool pending_ = false;
  std::uint16_t transaction_ = 0;
  std::uint8_t function_ = 0;
  std::uint16_t address_ = 0;
  std::uint16_t count_ = 0;
  std::array<std::uint16_t, kMaxRead> registers_{};
};

}  // namespace v2x::gateway
