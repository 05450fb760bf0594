#include "contracts/bus_fault.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/nearest.hpp"
#include "common/units.hpp"

namespace v2x::contracts {
namespace {

using Json = nlohmann::json;
using Kind = BusFaultKind;
using Type = BusParameterType;

constexpr int kLargestRegister = 0xFFFF;

std::vector<BusFaultInfo> make_table() {
  const BusParameter points{"points", Type::list, false, "points of the register map; all when left out"};
  return {
      {Kind::silence, "silence", "no reply", false, {}},
      {Kind::delay,
       "delay",
       "a longer turn-around",
       false,
       {{"min", Type::duration, true, "least delay"}, {"max", Type::duration, false, "most delay; min when left out"}}},
      {Kind::exception,
       "exception",
       "an exception instead of the reply",
       false,
       {{"code", Type::number, true, "1 to 11"}}},
      {Kind::busy,
       "busy",
       "exception 6 in bursts",
       false,
       {{"ms", Type::duration, true, "length of a burst"}, {"every", Type::duration, true, "from one to the next"}}},
      {Kind::corrupt,
       "corrupt",
       "a damaged reply",
       false,
       {{"how", Type::word, true, "crc (on TCP: a wrong length), truncate or garbage"},
        {"bytes", Type::number, false, "how many, 1"}}},
      {Kind::drop_bytes,
       "drop_bytes",
       "bytes lost on an RTU line, in both directions",
       false,
       {{"rate", Type::number, true, "share of the bytes, 0 to 1"}}},
      {Kind::wrong_unit,
       "wrong_unit",
       "a reply under another unit id",
       false,
       {{"value", Type::number, true, "unit id"}}},
      {Kind::wrong_function,
       "wrong_function",
       "a reply to another function",
       false,
       {{"value", Type::number, true, "function code"}}},
      {Kind::wrong_tid,
       "wrong_tid",
       "a reply to another transaction",
       false,
       {{"value", Type::number, false, "added to the transaction id, 1"}}},
      {Kind::short_count,
       "short_count",
       "fewer registers than asked for",
       false,
       {{"value", Type::number, false, "how many fewer, 1"}}},
      {Kind::duplicate,
       "duplicate",
       "the reply twice",
       false,
       {{"ms", Type::duration, false, "from the first to the second, 0"}}},
      {Kind::late,
       "late",
       "the reply when nobody waits any more",
       false,
       {{"ms", Type::duration, true, "after the request"}}},
      {Kind::refuse, "refuse", "connections are closed at once", true, {}},
      {Kind::reset, "reset", "RST", true, {{"after", Type::number, false, "requests that are answered first, 0"}}},
      {Kind::half_open,
       "half_open",
       "the connection stays, and is dead",
       true,
       {{"after", Type::number, false, "requests that are answered first, 0"}}},
      {Kind::fragment,
       "fragment",
       "a reply in pieces",
       true,
       {{"bytes", Type::number, false, "of a piece, 1"}, {"ms", Type::duration, false, "between pieces, 0"}}},
      {Kind::coalesce,
       "coalesce",
       "replies wait and leave together",
       true,
       {{"ms", Type::duration, true, "how long the first one waits"}}},
      {Kind::freeze, "freeze", "the values of the moment it began", false, {}},
      {Kind::sentinel, "sentinel", "\"not available\" in valid frames", false, {points}},
      {Kind::zero, "zero", "0 in valid frames", false, {points}},
      {Kind::word_swap, "word_swap", "the registers of a value in the other order", false, {points}},
      {Kind::bulk_quirk,
       "bulk_quirk",
       "long reads return words shifted by one",
       false,
       {{"registers", Type::number, true, "reads of more than these"}}},
      {Kind::counter_reset, "counter_reset", "counters begin at 0 again", false, {points}},
      {Kind::counter_jump,
       "counter_jump",
       "counters jump",
       false,
       {{"value", Type::number, true, "raw value at once"}, points}},
      {Kind::deaf, "deaf", "no reply until the unit restarts", false, {}},
      {Kind::offline, "offline", "the unit has no supply", false, {}},
  };
}

/// Reads members of one JSON object and remembers the first thing that is wrong.
class Members {
 public:
  Members(const Json& json, const BusFaultInfo& kind) : json_(json), kind_(kind) {}

  double number(const char* name, double otherwise, double low, double high) {
    if (!json_.contains(name)) return otherwise;
    const Json& value = json_[name];
    if (value.is_number() && value.get<double>() >= low && value.get<double>() <= high) return value.get<double>();
    complain(fmt::format("'{}' is {}, expected {} to {}", name, value.dump(), low, high));
    return otherwise;
  }
  int integer(const char* name, int otherwise, int low, int high) {
    const double value = number(name, otherwise, low, high);
    if (value != static_cast<int>(value)) complain(fmt::format("'{}' is {}, expected a whole number", name, value));
    return static_cast<int>(value);
  }
  Duration duration(const char* name) {
    constexpr double kLongest = 366.0 * 86400;
    return from_seconds(number(name, 0, 0, kLongest));
  }
  std::string word(const char* name, const std::vector<std::string>& words) {
    const std::string value = json_.contains(name) && json_[name].is_string() ? json_[name].get<std::string>() : "";
    if (json_.contains(name) && std::find(words.begin(), words.end(), value) == words.end())
      complain(unknown_word(value, name, words));
    return value;
  }
  template <class T>
  std::vector<T> list(const char* name) {
    if (!json_.contains(name)) return {};
    try {
      return json_[name].is_array() ? json_[name].get<std::vector<T>>() : std::vector<T>{json_[name].get<T>()};
    } catch (const Json::exception&) {
      complain(fmt::format("'{}' is {}, expected a list", name, json_[name].dump()));
      return {};
    }
  }
  /// Unknown and missing members.
  void check_names() {
    std::vector<std::string> known;
    for (const auto* table : {&kind_.parameters, &common_bus_parameters()})
      for (const BusParameter& parameter : *table) {
        known.emplace_back(parameter.name);
        if (parameter.required && !json_.contains(parameter.name))
          complain(fmt::format("'{}' lacks '{}': {}", kind_.name, parameter.name, parameter.help));
      }
    for (const auto& [name, value] : json_.items())
      if (name != "unit" && name != "kind" && std::find(known.begin(), known.end(), name) == known.end())
        complain(unknown_word(name, "parameter of " + std::string(kind_.name), known));
  }
  void complain(const std::string& message) {
    if (error_.empty()) error_ = message;
  }
  const std::string& error() const { return error_; }

 private:
  const Json& json_;
  const BusFaultInfo& kind_;
  std::string error_;
};

void read_parameters(Members& members, BusFault& fault) {
  switch (fault.kind) {
    case Kind::delay:
      fault.least = members.duration("min");
      fault.most = std::max(fault.least, members.duration("max"));
      return;
    case Kind::exception:
      fault.value = members.integer("code", 0, 1, 11);
      return;
    case Kind::busy:
      fault.least = members.duration("ms");
      fault.every = members.duration("every");
      if (fault.every <= fault.least) members.complain("'every' must be longer than 'ms'");
      return;
    case Kind::corrupt:
      fault.how = members.word("how", {"crc", "truncate", "garbage"});
      fault.value = members.integer("bytes", 1, 1, 255);
      return;
    case Kind::drop_bytes:
      fault.to = members.number("rate", 0, 0, 1);
      return;
    case Kind::wrong_unit:
    case Kind::wrong_function:
      fault.value = members.integer("value", 0, 0, 255);
      return;
    case Kind::wrong_tid:
    case Kind::short_count:
      fault.value = members.integer("value", 1, 1, fault.kind == Kind::wrong_tid ? kLargestRegister : 124);
      return;
    case Kind::duplicate:
    case Kind::late:
    case Kind::coalesce:
      fault.least = members.duration("ms");
      return;
    case Kind::reset:
    case Kind::half_open:
      fault.value = members.integer("after", 0, 0, 1'000'000);
      return;
    case Kind::fragment:
      fault.value = members.integer("bytes", 1, 1, 255);
      fault.least = members.duration("ms");
      return;
    case Kind::bulk_quirk:
      fault.value = members.integer("registers", 1, 1, 125);
      return;
    case Kind::counter_jump:
      fault.to = members.number("value", 0, 0, 9'007'199'254'740'992.0);  // 2^53: whole in a double
      fault.points = members.list<std::string>("points");
      return;
    default:
      fault.points = members.list<std::string>("points");
  }
}

void read_bounds(const Json& json, Members& members, BusFault& fault) {
  if (json.contains("for")) fault.lasting = members.duration("for");
  if (json.contains("count")) fault.count = static_cast<std::uint64_t>(members.integer("count", 1, 1, 1'000'000));
  fault.probability = members.number("probability", 1, 0, 1);
  fault.functions = members.list<int>("functions");
  const auto range = members.list<int>("range");
  if (range.empty()) return;
  if (range.size() != 2 || range[0] < 0 || range[1] < range[0] || range[1] > kLargestRegister)
    return members.complain("'range' must be the first and the last register: [40070, 40119]");
  fault.range.emplace(static_cast<std::uint16_t>(range[0]), static_cast<std::uint16_t>(range[1]));
}

}  // namespace

const std::vector<BusFaultInfo>& bus_faults() {
  static const std::vector<BusFaultInfo> table = make_table();
  return table;
}

const BusFaultInfo& info(BusFaultKind kind) {
  return bus_faults()[static_cast<size_t>(kind)];
}

const std::vector<BusParameter>& common_bus_parameters() {
  static const std::vector<BusParameter> table{
      {"for", Type::duration, false, "until it ends by itself"},
      {"count", Type::number, false, "requests until it ends by itself"},
      {"probability", Type::number, false, "share of the requests, 0 to 1"},
      {"functions", Type::list, false, "only these function codes"},
      {"range", Type::list, false, "only requests that touch these registers: [first, last]"}};
  return table;
}

const BusParameter* find_parameter(const BusFaultInfo& kind, const std::string& name) {
  for (const auto* table : {&kind.parameters, &common_bus_parameters()})
    for (const BusParameter& parameter : *table)
      if (name == parameter.name) return &parameter;
  return nullptr;
}

std::vector<std::string> bus_fault_names() {
  std::vector<std::string> names;
  for (const BusFaultInfo& kind : bus_faults()) names.emplace_back(kind.name);
  return names;
}

Result<BusFault> BusFault::parse(const Json& arguments) {
  const std::string name = arguments.value("kind", Json("")).is_string() ? arguments.value("kind", "") : "";
  const auto& table = bus_faults();
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& known) { return name == known.name; });
  if (found == table.end()) return fail("bad_argument", unknown_word(name, "kind of bus fault", bus_fault_names()));
  BusFault fault;
  fault.kind = found->kind;
  Members members(arguments, *found);
  members.check_names();
  read_parameters(members, fault);
  read_bounds(arguments, members, fault);
  if (!members.error().empty()) return fail("bad_argument", members.error());
  return fault;
}

}  // namespace v2x::contracts
