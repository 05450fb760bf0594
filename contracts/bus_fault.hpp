// Faults of the bus that a scenario, a person or a script can inject into one unit: the catalogue of kinds with their
// parameters, and one fault with its values. Simulator, scenario language and lab read the same table.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::contracts {

enum class BusFaultKind {
  silence,
  delay,
  exception,
  busy,
  corrupt,
  drop_bytes,
  wrong_unit,
  wrong_function,
  wrong_tid,
  short_count,
  duplicate,
  late,
  refuse,
  reset,
  half_open,
  fragment,
  coalesce,
  freeze,
  sentinel,
  zero,
  word_swap,
  bulk_quirk,
  counter_reset,
  counter_jump,
  deaf,
  offline,
};

/// How a parameter is written: `duration` is seconds in JSON and has a unit in YAML, `list` holds words or numbers.
enum class BusParameterType { duration, number, word, list };

struct BusParameter {
  const char* name;
  BusParameterType type;
  bool required;
  const char* help;
};

struct BusFaultInfo {
  BusFaultKind kind;
  const char* name;
  const char* effect;
  bool wall_clock_only;  ///< concerns TCP connections, which virtual time does not have
  std::vector<BusParameter> parameters;
};

/// In the order of BusFaultKind.
const std::vector<BusFaultInfo>& bus_faults();
const BusFaultInfo& info(BusFaultKind kind);
/// What every kind takes beside its own parameters: for, count, probability, functions, range.
const std::vector<BusParameter>& common_bus_parameters();
/// nullptr when the kind takes no such parameter.
const BusParameter* find_parameter(const BusFaultInfo& kind, const std::string& name);
std::vector<std::string> bus_fault_names();

struct BusFault {
  BusFaultKind kind = BusFaultKind::silence;
  // Parameters of single kinds.
  Duration least{};                 ///< delay: min; late, duplicate, busy, fragment, coalesce: ms
  Duration most{};                  ///< delay: max
  Duration every{};                 ///< busy
  int value = 0;                    ///< exception: code; wrong_*: the wrong number; others: a count
  double to = 0;                    ///< counter_jump: raw value; drop_bytes: rate
  std::string how;                  ///< corrupt
  std::vector<std::string> points;  ///< names as in the register map; empty: all that it is about
  // Which requests, and for how long.
  std::optional<Duration> lasting;
  std::optional<std::uint64_t> count;
  double probability = 1;
  std::vector<int> functions;                                    ///< empty: all
  std::optional<std::pair<std::uint16_t, std::uint16_t>> range;  ///< first and last register

  /// Error "bad_argument" names the member and what was expected. Members "unit" and "kind" are the caller's.
  static Result<BusFault> parse(const nlohmann::json& arguments);
};

}  // namespace v2x::contracts
