#include "sim/ev/can_bus_module.hpp"

namespace v2x::ev {

CanBusModule::CanBusModule(sc_core::sc_module_name name, House house)
    : sc_module(name), house_(std::move(house)), id_("id"), data_("data") {}

void CanBusModule::listen(bool on) {
  if (on)
    house_.listen([this](const CanFrame& frame, Time) { on_frame(frame); });
  else
    house_.listen({});
}

void CanBusModule::on_frame(const CanFrame& frame) {
  frame_ = frame;
  std::uint64_t data = 0;
  for (const std::uint8_t byte : frame.data) data = data << 8 | byte;
  id_.write(frame.id);
  data_.write(data);
  through_.notify(sc_core::SC_ZERO_TIME);
}

void CanBusModule::trace(sc_core::sc_trace_file* file) {
  sc_trace(file, id_, std::string(name()) + ".id");
  sc_trace(file, data_, std::string(name()) + ".data");
}

}  // namespace v2x::ev
