// Modbus RTU on a serial device, or on a pseudo-terminal of its own that a master opens like one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/core/bus_line.hpp"
#include "sim/core/wait_set.hpp"

namespace v2x::core {

class SerialEndpoint {
 public:
  /// Empty `device`: makes a pseudo-terminal. Throws BadInput when the device can't be opened or set up. All that it
  /// refers to must outlive it, and `scheduler` and `waits` run nothing after it; `line` has the same format.
  SerialEndpoint(const std::string& device, Scheduler& scheduler, WaitSet& waits, BusLine& line);

  /// What a master opens: "/dev/pts/3"; the device itself when one was given.
  const std::string& path() const { return path_; }

 private:
  void open_terminal();
  void receive();
  void end_frame();

  Scheduler& scheduler_;
  WaitSet& waits_;
  BusLine& line_;
  std::string path_;
  Socket port_;
  Socket other_end_;  ///< of a pseudo-terminal: kept open, so that a master may come and go
  std::shared_ptr<BusLine::Peer> wire_;
  std::optional<Time> silent_at_;  ///< a frame is under way and ends then, if nothing comes
};

}  // namespace v2x::core
