// The CAN bus of one connector as a SystemC channel: modules of the kernel listen and send on it, and it can be traced.
#pragma once

#include <functional>

#include "sim/core/kernel.hpp"
#include "sim/ev/can_bus.hpp"

namespace v2x::ev {

/// What a port of a module is bound to.
class CanChannel : public virtual sc_core::sc_interface {
 public:
  /// Puts a frame of the caller on the bus; it waits for its turn like any other.
  virtual void send(const CanFrame& frame) = 0;
  /// The last frame that is through.
  virtual const CanFrame& frame() const = 0;
  const sc_core::sc_event& default_event() const override = 0;  ///< a frame is through
};

/// A shell: the frames are carried by the CanBus of the house, which whoever schedules the house advances to their
/// instants. Listening turns the bus's full cadence on, so it costs time only while it is wanted. Kernel's thread.
class CanBusModule final : public sc_core::sc_module, public CanChannel {
 public:
  /// How the channel reaches the house; called on the kernel's thread.
  struct House {
    std::function<void(CanBus::Listener)> listen;  ///< an empty listener ends it
    std::function<void(const CanFrame&)> send;
  };
  CanBusModule(sc_core::sc_module_name name, House house);

  void listen(bool on);
  void send(const CanFrame& frame) override { house_.send(frame); }
  const CanFrame& frame() const override { return frame_; }
  const sc_core::sc_event& default_event() const override { return through_; }
  /// Adds id and bytes to a VCD file; call it before the simulation starts.
  void trace(sc_core::sc_trace_file* file);

 private:
  void on_frame(const CanFrame& frame);

  House house_;
  CanFrame frame_;
  sc_core::sc_signal<unsigned> id_;
  sc_core::sc_signal<std::uint64_t> data_;  ///< byte 0 is the highest, as it is read
  sc_core::sc_event through_;
};

}  // namespace v2x::ev
