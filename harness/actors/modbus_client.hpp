// A Modbus TCP master of somebody else: no gateway of ours, one connection per request.
#pragma once

#include <cstdint>
#include <vector>

#include "common/result.hpp"

namespace v2x::actors {

struct ModbusQuestion {
  int function = 3;  ///< 3, 4, 6, 16
  int first = 0;
  int count = 1;
  std::vector<std::uint16_t> values;  ///< of a write
};

struct ModbusAnswer {
  int exception = 0;  ///< 0: served
  std::vector<std::uint16_t> registers;
};

/// To 127.0.0.1:`port`; blocks until the answer is there. Error "silent": none came within two seconds or the
/// connection was closed; "bench": no connection.
Result<ModbusAnswer> ask_modbus(int port, int unit_id, const ModbusQuestion& question);

}  // namespace v2x::actors
