#include "sim/site/bus_verbs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/jst.hpp"
#include "common/nearest.hpp"
#include "common/units.hpp"
#include "contracts/bus_fault.hpp"

namespace v2x::site {
namespace {

using contracts::BusFault;

struct UnitOnBus {
  Site* site;
  size_t index;
};

/// "home.pcs1".
Result<UnitOnBus> find_unit(const Json& arguments, Simulation& simulation) {
  const auto path = argument<std::string>(arguments, "unit");
  if (!path) return fail(path.error());
  const size_t dot = path->find('.');
  Site* site = simulation.find(path->substr(0, dot));
  if (!site) {
    std::vector<std::string> known;
    for (const auto& one : simulation.sites()) known.push_back(one->name());
    return fail("unknown_site", unknown_word(path->substr(0, dot), "site", known));
  }
  const auto index = site->unit_index(dot == std::string::npos ? "" : path->substr(dot + 1));
  if (!index) return fail(index.error());
  return UnitOnBus{site, *index};
}

Result<Json> inject(const Boxes& boxes, const Json& arguments) {
  const auto unit = find_unit(arguments, boxes.simulation);
  if (!unit) return fail(unit.error());
  core::UnitConduct& conduct = unit->site->conduct(unit->index);
  if (arguments.value("kind", Json()) == "none") {
    conduct.end_all();
    return Json::object();
  }
  const auto fault = BusFault::parse(arguments);
  if (!fault) return fail(fault.error());
  const auto& info = contracts::info(fault->kind);
  if (info.wall_clock_only && boxes.conductor)
    return fail("bad_argument",
                fmt::format("'{}' concerns TCP connections, which virtual time does not have", info.name));
  core::RegisterImage& image = unit->site->registers(unit->index);
  const auto id = conduct.inject(*fault, image.life(), image.snapshot());
  if (!id) return fail(id.error());
  return Json{{"id", *id}};
}

Result<Json> list(const Boxes& boxes) {
  Json faults = Json::array();
  for (const auto& site : boxes.simulation.sites())
    for (size_t i = 0; i < site->config().gateway.units.size(); ++i)
      for (const core::ActiveBusFault& active : site->conduct(i).active()) {
        Json json{{"unit", site->name() + "." + site->config().gateway.units[i].name},
                  {"id", active.id},
                  {"kind", contracts::info(active.fault.kind).name}};
        if (active.left) json["for"] = to_seconds(*active.left);
        if (active.requests_left) json["count"] = *active.requests_left;
        faults.push_back(std::move(json));
      }
  return Json{{"faults", faults}};
}

/// What masters asked this unit.
Result<Json> requests(const Boxes& boxes, const Json& arguments) {
  const auto unit = find_unit(arguments, boxes.simulation);
  if (!unit) return fail(unit.error());
  const std::uint64_t after = arguments.value("after", std::uint64_t{0});
  Json list = Json::array();
  for (const core::SeenRequest& seen : unit->site->conduct(unit->index).seen_after(after))
    list.push_back({{"number", seen.number},
                    {"t", format_time(seen.at)},
                    {"function", seen.function},
                    {"first", seen.first},
                    {"count", seen.count}});
  return Json{{"requests", list}};
}

/// Where a master outside of this process finds the unit, as it is now.
Result<Json> listen(const Boxes& boxes, const Json& arguments) {
  const auto unit = find_unit(arguments, boxes.simulation);
  if (!unit) return fail(unit.error());
  Listeners& listeners = boxes.listen();
  listeners.publish();
  const auto& sites = boxes.simulation.sites();
  const auto site = std::find_if(sites.begin(), sites.end(), [&](const auto& one) { return one.get() == unit->site; });
  const auto& address = listeners.address(static_cast<size_t>(site - sites.begin()), unit->index);
  return Json{{"tcp_port", address.tcp_port},
              {"pty", address.pty},
              {"unit_id", unit->site->config().gateway.units[unit->index].unit_id}};
}

Result<Json> trace(const Boxes& boxes, const Json& arguments) {
  const auto file = argument<std::string>(arguments, "file");
  if (!file) return fail(file.error());
  std::vector<std::string> prefixes;
  if (arguments.contains("paths")) {
    const auto given = argument<std::vector<std::string>>(arguments, "paths");
    if (!given) return fail(given.error());
    prefixes = *given;
  }
  for (const auto& site : boxes.simulation.sites()) site->house();
  const Status traced = boxes.simulation.trace(*file, prefixes);
  if (!traced) return fail(traced.error());
  return Json::object();
}

}  // namespace

void add_bus_verbs(const AddVerb& on, const Boxes& boxes) {
  on("bus", [boxes](const Json& arguments) { return inject(boxes, arguments); });
  on("bus_faults", [boxes](const Json&) { return list(boxes); });
  on("bus_requests", [boxes](const Json& arguments) { return requests(boxes, arguments); });
  on("listen", [boxes](const Json& arguments) { return listen(boxes, arguments); });
  on("trace", [boxes](const Json& arguments) { return trace(boxes, arguments); });
}

}  // namespace v2x::site
