// A Modbus TCP unit for tests: real frames over a socket pair, registers filled by quantity, misbehaviour on demand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/modbus_port.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::gateway {

class FakeUnit final : public core::ModbusPort {
 public:
  FakeUnit(const core::RegisterMap& map, std::uint8_t unit_id);
  ~FakeUnit() override;

  int fd() override { return connected ? gateway_end_ : -1; }
  void request_sent() override { ++requests; }
  void on_reply_pending(std::function<void()>) override {}

  /// In every point that this quantity feeds; enumerations by their word.
  void set(std::string_view quantity, double value);
  void set(std::string_view quantity, std::string_view word_or_text);
  void set_absent(std::string_view quantity);
  std::uint16_t reg(std::uint16_t address) const { return registers_[address]; }

  /// Takes in a request, if one is there, and makes the reply that send_reply() puts on the wire.
  bool take_request();
  void send_reply();
  void send_raw(std::string_view bytes);
  bool has_reply() const { return !reply_.empty(); }

  bool connected = true;
  bool silent = false;
  std::optional<std::uint8_t> exception;        ///< to every request
  std::optional<std::uint8_t> write_exception;  ///< to writes
  int shifts_beyond = 125;                      ///< longer reads come back one register off
  int requests = 0;
  std::string last_reply;  ///< as it was sent, for tests that send it again
  struct Write {
    std::uint16_t address = 0;
    std::vector<std::uint16_t> values;
  };
  std::vector<Write> writes;

 private:
  std::string answer(std::string_view request);

  const core::RegisterMap& map_;
  std::uint8_t unit_id_;
  int gateway_end_ = -1;
  int unit_end_ = -1;
  std::vector<std::uint16_t> registers_;
  std::string reply_;
};

}  // namespace v2x::gateway
