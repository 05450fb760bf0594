#include "harness/actors/modbus_client.hpp"

#include <fmt/format.h>
#include <modbus/modbus.h>

#include <cerrno>
#include <memory>

namespace v2x::actors {
namespace {

constexpr unsigned kPatienceS = 2;  // units answer within 30 ms unless a fault makes them slower
constexpr int kMostRead = MODBUS_MAX_READ_REGISTERS;

struct Close {
  void operator()(modbus_t* context) const {
    modbus_close(context);
    modbus_free(context);
  }
};

/// libmodbus refuses to send what no unit may serve, so such a request is sent as bytes.
int ask_raw(modbus_t* context, int unit_id, const ModbusQuestion& question) {
  const auto high = [](int value) { return static_cast<std::uint8_t>(value >> 8); };
  const auto low = [](int value) { return static_cast<std::uint8_t>(value); };
  const std::uint8_t request[] = {low(unit_id),        low(question.function), high(question.first),
                                  low(question.first), high(question.count),   low(question.count)};
  if (modbus_send_raw_request(context, request, sizeof request) < 0) return -1;
  std::uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
  if (modbus_receive_confirmation(context, reply) < 9 || (reply[7] & 0x80) == 0) return -1;
  errno = MODBUS_ENOBASE + reply[8];
  return -1;
}

int ask(modbus_t* context, int unit_id, const ModbusQuestion& question, std::uint16_t* registers) {
  const int size = static_cast<int>(question.values.size());
  switch (question.function) {
    case 6:
      return modbus_write_register(context, question.first, question.values.front());
    case 16:
      return modbus_write_registers(context, question.first, size, question.values.data());
    default:
      break;
  }
  if (question.count > kMostRead) return ask_raw(context, unit_id, question);
  return question.function == 4 ? modbus_read_input_registers(context, question.first, question.count, registers)
                                : modbus_read_registers(context, question.first, question.count, registers);
}

}  // namespace

Result<ModbusAnswer> ask_modbus(int port, int unit_id, const ModbusQuestion& question) {
  const std::unique_ptr<modbus_t, Close> context(modbus_new_tcp("127.0.0.1", port));
  if (!context || modbus_set_slave(context.get(), unit_id) != 0 || modbus_connect(context.get()) != 0)
    return fail("bench", fmt::format("no Modbus TCP connection to 127.0.0.1:{}: {}", port, modbus_strerror(errno)));
  modbus_set_response_timeout(context.get(), kPatienceS, 0);
  std::uint16_t registers[kMostRead] = {};
  if (ask(context.get(), unit_id, question, registers) >= 0) {
    const bool reads = question.values.empty();
    return ModbusAnswer{0, {registers, registers + (reads ? question.count : 0)}};
  }
  const int exception = errno - MODBUS_ENOBASE;
  if (exception >= 1 && exception < MODBUS_EXCEPTION_MAX) return ModbusAnswer{exception, {}};
  return fail("silent", modbus_strerror(errno));
}

}  // namespace v2x::actors
