#include "sim/site/verbs.hpp"

#include <fmt/format.h>

#include "common/jst.hpp"
#include "common/nearest.hpp"
#include "common/units.hpp"
#include "sim/site/bus_verbs.hpp"
#include "sim/site/digest.hpp"

namespace v2x::site {
namespace {

constexpr double kTripWh = 6000;  // default

Result<Time> time_argument(const Json& arguments, const char* name) {
  const auto text = argument<std::string>(arguments, name);
  if (!text) return fail(text.error());
  return parse_time(*text);
}

Result<Site*> site_argument(const Json& arguments, Simulation& simulation) {
  const auto name = argument<std::string>(arguments, "site");
  if (!name) return fail(name.error());
  if (Site* site = simulation.find(*name)) return site;
  std::vector<std::string> known;
  for (const auto& site : simulation.sites()) known.push_back(site->name());
  return fail("unknown_site", unknown_word(*name, "site", known));
}

/// "home.pcs1" or "home.grid.voltage_u" → the site and what stands behind its name.
struct SitePath {
  Site* site;
  std::string rest;
};
Result<SitePath> split(const std::string& path, Simulation& simulation) {
  const size_t dot = path.find('.');
  const auto site = site_argument({{"site", path.substr(0, dot)}}, simulation);
  if (!site) return fail(site.error());
  return SitePath{*site, dot == std::string::npos ? "" : path.substr(dot + 1)};
}

Result<std::vector<Condition>> conditions(const Json& arguments, const char* name, const PathIndex& paths) {
  std::vector<Condition> parsed;
  for (const Json& json : arguments.value(name, Json::array())) {
    auto condition = Condition::parse(json, paths);
    if (!condition) return fail(condition.error());
    parsed.push_back(std::move(*condition));
  }
  return parsed;
}

Result<Json> empty(const Status& status) {
  if (!status) return fail(status.error());
  return Json::object();
}

// ---- the clock

Result<Json> advance(const Boxes& boxes, const Json& arguments) {
  const auto t = time_argument(arguments, "t");
  if (!t) return fail(t.error());
  auto until = conditions(arguments, "until", boxes.simulation.paths());
  if (!until) return fail(until.error());
  auto never = conditions(arguments, "never", boxes.simulation.paths());
  if (!never) return fail(never.error());
  auto stop = boxes.conductor->advance_to(*t, std::move(*until), std::move(*never));
  if (!stop) return fail(stop.error());
  return Json{{"stopped_at", format_time(stop->at)},
              {"cause", stop->cause},
              {"condition", stop->condition},
              {"events", std::move(stop->events)}};
}

Result<Json> follow(const Boxes& boxes, const Json& arguments) {
  const auto control = argument<std::string>(arguments, "control");
  if (!control) return fail(control.error());
  return boxes.conductor->follow(boxes.messaging, *control);
}

void add_lockstep(const AddVerb& on, const Boxes& boxes) {
  on("advance_to", [boxes](const Json& arguments) { return advance(boxes, arguments); });
  on("follow", [boxes](const Json& arguments) { return follow(boxes, arguments); });
  on("unfollow", [boxes](const Json&) -> Result<Json> {
    boxes.conductor->unfollow();
    return Json::object();
  });
  on("uplink_ready", [boxes](const Json&) { return empty(boxes.conductor->uplink_ready()); });
}

Result<Json> lag(core::Pacer& pacer) {
  const core::Lag late = pacer.lag_since_last_call();
  return Json{{"samples", late.samples}, {"p50_us", late.p50_us}, {"p99_us", late.p99_us}, {"max_us", late.max_us}};
}

// ---- physics

Result<Json> set(const Boxes& boxes, const Json& arguments) {
  const auto path = argument<std::string>(arguments, "path");
  if (!path) return fail(path.error());
  const auto at = split(*path, boxes.simulation);
  if (!at) return fail(at.error());
  if (!arguments.contains("value")) return fail("bad_argument", "'value' is missing");
  const Json& value = arguments["value"];
  const Status set = at->site->set(
      at->rest, value.is_number() ? house::PinValue(value.get<double>()) : house::PinValue(value.get<std::string>()));
  if (set && arguments.contains("for")) {
    Site* site = at->site;
    const Time end = boxes.kernel.now() + from_seconds(arguments["for"].get<double>());
    site->shared().scheduler.at(end, [site, rest = at->rest] { (void)site->clear(rest); });
  }
  return empty(set);
}

Result<Json> clear(const Boxes& boxes, const Json& arguments) {
  const auto path = argument<std::string>(arguments, "path");
  if (!path) return fail(path.error());
  const auto at = split(*path, boxes.simulation);
  if (!at) return fail(at.error());
  return empty(at->site->clear(at->rest));
}

Result<Json> fault(const Boxes& boxes, const Json& arguments, bool inject) {
  const auto unit = argument<std::string>(arguments, "unit");
  if (!unit) return fail(unit.error());
  const auto code = argument<std::string>(arguments, "code");
  if (!code) return fail(code.error());
  const auto at = split(*unit, boxes.simulation);
  if (!at) return fail(at.error());
  return empty(inject ? at->site->inject(at->rest, *code) : at->site->repair(at->rest, *code));
}

Result<Json> vehicle(const Boxes& boxes, const Json& arguments) {
  const auto site = site_argument(arguments, boxes.simulation);
  if (!site) return fail(site.error());
  const std::string act = arguments.value("act", "");
  if (act == "plug") return empty((*site)->plug());
  if (act == "unplug") return empty((*site)->unplug(arguments.value("forced", false)));
  if (act == "depart") return empty((*site)->depart());
  if (act == "return") return empty((*site)->come_back(arguments.value("trip_wh", kTripWh)));
  return fail("bad_argument", unknown_word(act, "act", {"plug", "unplug", "depart", "return"}));
}

Result<Json> gateway(const Boxes& boxes, const Json& arguments) {
  const auto site = site_argument(arguments, boxes.simulation);
  if (!site) return fail(site.error());
  const std::string act = arguments.value("act", "");
  if (act == "reboot") {
    (*site)->boot_gateway(telemetry::BOOT_REASON_REBOOT);
  } else if (act == "power_on") {
    (*site)->boot_gateway(telemetry::BOOT_REASON_POWER_ON);
  } else if (act == "power_off") {
    (*site)->power_off_gateway();
  } else if (act == "lose_spool") {
    (*site)->lose_spool();
  } else if (act == "skew") {
    const auto ahead = argument<double>(arguments, "by");  // seconds; below 0 it is behind
    if (!ahead) return fail(ahead.error());
    (*site)->set_gateway_clock(from_seconds(*ahead));
  } else if (act == "confirm_units") {
    (*site)->confirm_units();
  } else {
    return fail("bad_argument",
                unknown_word(act, "act", {"reboot", "power_off", "power_on", "lose_spool", "skew", "confirm_units"}));
  }
  return Json::object();
}

Result<Json> wan(const Boxes& boxes, const Json& arguments) {
  const auto site = site_argument(arguments, boxes.simulation);
  if (!site) return fail(site.error());
  const std::string kind = arguments.value("kind", "");
  if (kind == "up" || kind == "down") {
    (*site)->set_wan(kind == "up");
    return Json::object();
  }
  const double share = arguments.value("share", 0.0);
  if (share < 0 || share > 1) return fail("bad_argument", "'share' must be in 0 … 1");
  const std::pair delay{from_seconds(arguments.value("min", 0.0)), from_seconds(arguments.value("max", 0.0))};
  if (delay.first < Duration(0) || delay.second < delay.first)
    return fail("bad_argument", "'min' and 'max' must be 0 or more, 'max' not below 'min'");
  LineFaults& faults = (*site)->line_faults();
  if (kind == "latency") {
    faults.latency = delay;
  } else if (kind == "loss") {
    faults.loss = share;
  } else if (kind == "duplicate") {
    faults.duplicate = share;
  } else if (kind == "reorder") {
    faults.reorder = share;
    faults.overtaken = delay;
  } else {
    return fail("bad_argument", unknown_word(kind, "kind", {"up", "down", "latency", "loss", "duplicate", "reorder"}));
  }
  return Json::object();
}

// ---- looking

Result<Json> read(const Boxes& boxes, const Json& arguments) {
  const auto paths = argument<std::vector<std::string>>(arguments, "paths");
  if (!paths) return fail(paths.error());
  Json values = Json::object();
  for (const std::string& path : *paths) {
    const auto target = boxes.simulation.paths().find(path);
    if (!target) return fail(target.error());
    (void)boxes.simulation.find(path.substr(0, path.find('.')))->house();
    values[path] = show(*target);
  }
  return Json{{"values", values}};
}

Result<Json> truth(const Boxes& boxes, const Json& arguments) {
  const auto site = site_argument(arguments, boxes.simulation);
  if (!site) return fail(site.error());
  const auto from = time_argument(arguments, "from");
  if (!from) return fail(from.error());
  const auto to = time_argument(arguments, "to");
  if (!to) return fail(to.error());
  const house::Energy energy = (*site)->house().energy_between(*from, *to);
  return Json{{"pv_wh", energy.pv_wh},     {"load_wh", energy.load_wh},     {"buy_wh", energy.buy_wh},
              {"sell_wh", energy.sell_wh}, {"charge_wh", energy.charge_wh}, {"discharge_wh", energy.discharge_wh}};
}

Result<Json> ledger(const Boxes& boxes, const Json& arguments) {
  const auto site = site_argument(arguments, boxes.simulation);
  if (!site) return fail(site.error());
  Json streams = Json::array();
  for (const gateway::StreamLedger& line : (*site)->ledgers())
    streams.push_back(
        {{"stream", line.stream}, {"made", line.made}, {"acknowledged", line.acknowledged}, {"dropped", line.dropped}});
  return Json{{"streams", streams}};
}

Result<Json> registers(const Boxes& boxes, const Json& arguments) {
  const auto unit = argument<std::string>(arguments, "unit");
  if (!unit) return fail(unit.error());
  const auto first = argument<std::uint16_t>(arguments, "first");
  if (!first) return fail(first.error());
  const auto count = argument<std::uint16_t>(arguments, "count");
  if (!count) return fail(count.error());
  const auto at = split(*unit, boxes.simulation);
  if (!at) return fail(at.error());
  const auto index = at->site->unit_index(at->rest);
  if (!index) return fail(index.error());
  std::vector<std::uint16_t> values(*count);
  const auto exception = at->site->registers(*index).read(*first, values);
  if (exception != core::ModbusException::none)
    return fail("modbus_exception", fmt::format("exception {}", static_cast<int>(exception)));
  return Json{{"registers", values}};
}

Json unit_json(const Boxes& boxes, size_t site, size_t index) {
  const house::UnitConfig& unit = boxes.simulation.sites()[site]->config().house.units[index];
  Json json{{"name", unit.name},       {"kind", to_string(unit.kind)}, {"model", unit.model}, {"serial", unit.serial},
            {"unit_no", unit.unit_no}, {"unit_id", unit.unit_id},      {"map", unit.map},     {"tcp", nullptr},
            {"pty", nullptr}};
  if (!boxes.listeners) return json;
  const Listeners::Address& address = boxes.listeners->address(site, index);
  json["tcp"] = fmt::format("127.0.0.1:{}", address.tcp_port);
  json["pty"] = address.pty;
  return json;
}

}  // namespace

Json hello(const Boxes& boxes) {
  Json sites = Json::array();
  for (size_t i = 0; i < boxes.simulation.sites().size(); ++i) {
    const SiteConfig& site = boxes.simulation.sites()[i]->config();
    Json units = Json::array();
    for (size_t k = 0; k < site.house.units.size(); ++k) units.push_back(unit_json(boxes, i, k));
    const gateway::GatewayConfig& own = site.gateway;
    sites.push_back(
        {{"name", site.name},
         {"units", units},
         {"gateway_id", own.id},
         {"gateway", {{"model", own.model}, {"serial", own.serial}, {"contract_a", own.energy.contract_a}}}});
  }
  return {{"program", "v2x-sim"},
          {"version", V2X_VERSION},
          {"clock", boxes.conductor ? "lockstep" : "realtime"},
          {"now", format_time(boxes.kernel.now())},
          {"sites", sites}};
}

void add_verbs(ControlServer& server, const Boxes& boxes, const OnKernel& on_kernel) {
  const auto on = [&](const std::string& verb, std::function<Result<Json>(const Json&)> act) {
    server.on(verb, [on_kernel, act = std::move(act)](const Json& arguments) -> Result<Json> {
      std::optional<Result<Json>> result;
      on_kernel([&] {
        try {
          result = act(arguments);
        } catch (const std::exception& error) {  // of JSON access: it must not unwind through the kernel
          result = Result<Json>(fail("bad_argument", error.what()));
        }
      });
      return std::move(*result);
    });
  };
  if (boxes.conductor) add_lockstep(on, boxes);
  on("hello", [boxes](const Json&) -> Result<Json> { return hello(boxes); });
  on("set", [boxes](const Json& arguments) { return set(boxes, arguments); });
  on("clear", [boxes](const Json& arguments) { return clear(boxes, arguments); });
  on("inject", [boxes](const Json& arguments) { return fault(boxes, arguments, true); });
  on("repair", [boxes](const Json& arguments) { return fault(boxes, arguments, false); });
  on("vehicle", [boxes](const Json& arguments) { return vehicle(boxes, arguments); });
  on("gateway", [boxes](const Json& arguments) { return gateway(boxes, arguments); });
  on("wan", [boxes](const Json& arguments) { return wan(boxes, arguments); });
  on("read", [boxes](const Json& arguments) { return read(boxes, arguments); });
  on("truth", [boxes](const Json& arguments) { return truth(boxes, arguments); });
  on("ledger", [boxes](const Json& arguments) { return ledger(boxes, arguments); });
  on("registers", [boxes](const Json& arguments) { return registers(boxes, arguments); });
  on("hash", [boxes](const Json&) -> Result<Json> { return digest(boxes.simulation); });
  add_bus_verbs(on, boxes);
  if (!boxes.pacer) return;
  on("run", [boxes](const Json& arguments) -> Result<Json> {
    const auto speed = argument<double>(arguments, "speed");
    if (!speed || *speed <= 0) return fail("bad_argument", "'speed' must be above 0");
    boxes.pacer->resume(*speed);
    return Json::object();
  });
  on("pause", [boxes](const Json&) -> Result<Json> {
    boxes.pacer->pause();
    return Json::object();
  });
  on("lag", [boxes](const Json&) { return lag(*boxes.pacer); });
}

}  // namespace v2x::site
