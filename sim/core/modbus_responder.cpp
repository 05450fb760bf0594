#include "sim/core/modbus_responder.hpp"

#include <modbus/modbus.h>

#include <array>
#include <cstdlib>

namespace v2x::core {
namespace {

constexpr size_t kMostRegisters = 125;  // Modbus Application Protocol V1.1b3 §6.3

}  // namespace

/// `registers` is what modbus_reply() reads from, or stores a write's values to.
struct ModbusResponder::Libmodbus {
  modbus_t* context;
  std::array<std::uint16_t, kMostRegisters> registers{};
  modbus_mapping_t mapping{};

  // The device and its settings stay unused: bytes go to a descriptor that is given for each reply.
  explicit Libmodbus(Framing framing)
      : context(framing == Framing::tcp ? modbus_new_tcp(nullptr, 0) : modbus_new_rtu("/dev/null", 9600, 'N', 8, 1)) {
    if (!context) std::abort();  // out of memory
  }
  ~Libmodbus() { modbus_free(context); }
  Libmodbus(const Libmodbus&) = delete;
  Libmodbus& operator=(const Libmodbus&) = delete;
};

ModbusResponder::ModbusResponder(Framing framing)
    : framing_(framing), libmodbus_(std::make_unique<Libmodbus>(framing)) {}
ModbusResponder::~ModbusResponder() = default;

bool ModbusResponder::answer(int fd, const Adu& adu, ModbusUnit& unit) {
  const auto pdu = pdu_of(framing_, adu);
  if (!unit.allows(pdu[0])) return refuse(fd, adu, ModbusException::illegal_function);
  const auto request = parse_request(pdu);
  if (!request) return refuse(fd, adu, ModbusException::illegal_data_value);
  const ModbusException exception = execute(unit, *request);
  if (exception != ModbusException::none) return refuse(fd, adu, exception);
  modbus_set_socket(libmodbus_->context, fd);
  return reply(adu, *request);
}

ModbusException ModbusResponder::execute(ModbusUnit& unit, const ModbusRequest& request) {
  const std::span registers = std::span(libmodbus_->registers).first(request.count);
  if (request.is_read()) return unit.read(request.first, registers);
  for (size_t i = 0; i < registers.size(); ++i) registers[i] = big_endian(request.values, 2 * i);
  return unit.write(request.first, registers);
}

bool ModbusResponder::refuse(int fd, const Adu& adu, ModbusException exception) {
  modbus_set_socket(libmodbus_->context, fd);
  const int sent = modbus_reply_exception(libmodbus_->context, adu.data(), static_cast<unsigned>(exception));
  return sent >= 0;
}

bool ModbusResponder::reply(const Adu& adu, const ModbusRequest& request) {
  modbus_mapping_t& mapping = libmodbus_->mapping;
  mapping.start_registers = mapping.start_input_registers = request.first;
  mapping.nb_registers = mapping.nb_input_registers = request.count;
  mapping.tab_registers = mapping.tab_input_registers = libmodbus_->registers.data();
  const int sent = modbus_reply(libmodbus_->context, adu.data(), static_cast<int>(adu.size()), &mapping);
  return sent >= 0;
}

}  // namespace v2x::core
