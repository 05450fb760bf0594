#include "harness/conform/units.hpp"

#include <fmt/format.h>

#include "common/clock_options.hpp"
#include "common/jst.hpp"
#include "harness/conform/finding.hpp"

namespace v2x::conform {
namespace {

world::Box::Options box_options(const Units::Options& options) {
  const std::string control = "ipc://" + (options.scratch / "sim.ctl").string();
  return {"sim",
          {(options.programs / "v2x-sim").string(), "--world", options.world.string(), "--clock", "realtime", "--epoch",
           format_epoch(RealtimeClock::system().now(), steady_now()), "--modbus-port",
           std::to_string(options.modbus_port), "--data", (options.scratch / "sim").string(), "--control", control},
          control,
          options.logs,
          {}};
}

}  // namespace

Units::Units(const MessagingContext& context, const Options& options) : box_(context, box_options(options)) {}

Status Units::start() {
  auto hello = box_.start();
  if (!hello) return fail(hello.error());
  hello_ = std::move(*hello);
  for (const Json& unit : site().at("units"))
    units_.push_back({site().value("name", "") + "." + unit.value("name", ""), unit.value("kind", ""),
                      unit.value("model", ""), unit.value("serial", "")});
  for (const char* kind : {"pv_pcs", "ev_pcs", "meter"})
    if (first(kind).name.empty())
      return fail("bench", fmt::format("the world has no {}, expected a meter, a PV PCS and an EV PCS", kind));
  return done();
}

const UnitInfo& Units::first(const std::string& kind) const {
  static const UnitInfo none;
  for (const UnitInfo& unit : units_)
    if (unit.kind == kind) return unit;
  return none;
}

Json Units::call(const std::string& verb, Json arguments) {
  auto answer = box_.call(verb, std::move(arguments));
  if (!answer) throw Finding{run::Outcome::error, fmt::format("{}: {}", verb, answer.error().message)};
  return std::move(*answer);
}

void Units::bus(const UnitInfo& unit, Json fault) {
  fault["unit"] = unit.name;
  call("bus", std::move(fault));
}

void Units::end_faults() {
  for (const UnitInfo& unit : units_) call("bus", {{"unit", unit.name}, {"kind", "none"}});
}

void Units::vehicle(const std::string& act) {
  call("vehicle", {{"site", site().value("name", "")}, {"act", act}});
}

double Units::read(const std::string& path) {
  const Json value = call("read", {{"paths", {path}}}).at("values").at(path);
  if (!value.is_number()) throw Finding{run::Outcome::error, fmt::format("{} has no value", path)};
  return value.get<double>();
}

std::vector<SeenRequest> Units::requests(const UnitInfo& unit) {
  std::vector<SeenRequest> list;
  const Json answer = call("bus_requests", {{"unit", unit.name}, {"after", seen_[unit.name]}});
  for (const Json& json : answer.at("requests")) {
    const auto at = parse_time(json.value("t", ""));
    if (!at) throw Finding{run::Outcome::error, "bus_requests: " + at.error().message};
    list.push_back({*at, json.value("function", 0), json.value("first", 0), json.value("count", 0)});
    seen_[unit.name] = json.value("number", std::uint64_t{0});
  }
  return list;
}

}  // namespace v2x::conform
