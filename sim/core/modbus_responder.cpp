#include "sim/core/modbus_responder.hpp"

#include <modbus/modbus.h>

#include <array>
#include <cstdlib>

namespace v2x::core {
namespace {

constexpr size_t kMostRegisters = 125;  // Modbus Application Protocol V1.1b3 §6.3
constexpr size_t kUnitOffset = 6;

}  // namespace

/// `registers` is what modbus_reply() reads from, or stores a write's values to.
struct ModbusResponder::Libmodbus {
  modbus_t* context = modbus_new_tcp(nullptr, 0);
  std::array<std::uint16_t, kMostRegisters> registers{};
  modbus_mapping_t mapping{};

  Libmodbus() {
    if (!context) std::abort();  // out of memory
  }
  ~Libmodbus() { modbus_free(context); }
  Libmodbus(const Libmodbus&) = delete;
  Libmodbus& operator=(const Libmodbus&) = delete;
};

ModbusResponder::ModbusResponder() : libmodbus_(std::make_unique<Libmodbus>()) {}
ModbusResponder::~ModbusResponder() = default;

void ModbusResponder::add(std::uint8_t unit_id, ModbusUnit& unit) {
  units_[unit_id] = &unit;
}

ModbusResponder::Outcome ModbusResponder::answer(int fd, const Adu& adu) {
  const auto found = units_.find(adu[kUnitOffset]);
  if (found == units_.end() || !found->second->answers()) return Outcome::silent;
  ModbusUnit& unit = *found->second;
  modbus_set_socket(libmodbus_->context, fd);
  if (!unit.allows(adu[kMbapSize])) return refuse(adu, ModbusException::illegal_function);
  const auto request = parse_request(adu);
  if (!request) return refuse(adu, ModbusException::illegal_data_value);
  const ModbusException exception = execute(unit, *request);
  return exception == ModbusException::none ? reply(adu, *request) : refuse(adu, exception);
}

ModbusException ModbusResponder::execute(ModbusUnit& unit, const ModbusRequest& request) {
  const std::span registers = std::span(libmodbus_->registers).first(request.count);
  if (request.is_read()) return unit.read(request.first, registers);
  for (size_t i = 0; i < registers.size(); ++i) registers[i] = big_endian(request.values, 2 * i);
  return unit.write(request.first, registers);
}

ModbusResponder::Outcome ModbusResponder::refuse(const Adu& adu, ModbusException exception) {
  const int sent = modbus_reply_exception(libmodbus_->context, adu.data(), static_cast<unsigned>(exception));
  return sent < 0 ? Outcome::lost : Outcome::replied;
}

ModbusResponder::Outcome ModbusResponder::reply(const Adu& adu, const ModbusRequest& request) {
  modbus_mapping_t& mapping = libmodbus_->mapping;
  mapping.start_registers = mapping.start_input_registers = request.first;
  mapping.nb_registers = mapping.nb_input_registers = request.count;
  mapping.tab_registers = mapping.tab_input_registers = libmodbus_->registers.data();
  const int sent = modbus_reply(libmodbus_->context, adu.data(), static_cast<int>(adu.size()), &mapping);
  return sent < 0 ? Outcome::lost : Outcome::replied;
}

}  // namespace v2x::core
