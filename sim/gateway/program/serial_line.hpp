// Modbus RTU master of one serial line: its units' requests go out one after the other, and none blocks.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/modbus_frame.hpp"
#include "sim/core/modbus_port.hpp"
#include "sim/core/serial_device.hpp"
#include "sim/gateway/program/answer_watch.hpp"
#include "sim/gateway/program/bus_link.hpp"

namespace v2x::gateway::program {

/// Between the units' masters, which speak Modbus TCP, and the wire it is what a bridge is: it queues, frames, keeps
/// t3.5 apart, and answers for a unit that stays silent with exception 0x0B. Belongs to the program's thread.
class SerialLine final : public BusLink {
 public:
  /// Throws BadInput when the device can't be opened. A device that goes away later is opened again.
  SerialLine(std::string device, const core::SerialFormat& format, Duration timeout);
  ~SerialLine() override;

  /// A port for one more unit of the line; the line owns it.
  core::ModbusPort& add_unit(AnswerWatch watch);
  /// How long a request may wait for its turn when `units` share a line.
  static Duration longest_wait(size_t units, const core::SerialFormat& format, Duration timeout);

  void add_waits(std::vector<pollfd>& waits) override;
  void serve(std::span<const pollfd> ready, SteadyTime now) override;
  std::optional<SteadyTime> next_deadline() const override;
  bool is_up() const override { return device_.is_open(); }

 private:
  class Port;
  struct Request {
    Port* port = nullptr;
    core::Adu tcp;
  };

  void enqueue(Port& port, core::Adu tcp);
  void send_next(SteadyTime now);
  void take_bytes(SteadyTime now);
  /// The whole reply to the request on the wire, once it is there.
  std::optional<size_t> reply_size() const;
  void finish(SteadyTime now, std::span<const std::uint8_t> pdu);
  void reopen(SteadyTime now);
  void lose_device(SteadyTime now, const std::string& reason);

  std::string path_;
  core::SerialFormat format_;
  Duration timeout_;
  core::Socket device_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::deque<Request> queue_;
  std::optional<Request> on_wire_;
  SteadyTime deadline_{};  ///< of the request on the wire
  SteadyTime quiet_{};     ///< the line is left alone until then
  SteadyTime retry_{};     ///< of opening the device
  core::Adu received_;
};

}  // namespace v2x::gateway::program
