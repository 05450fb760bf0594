#include "sim/gateway/running_gateway.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/jst.hpp"
#include "common/log.hpp"
#include "common/random.hpp"

namespace v2x::gateway {
namespace {

using Progress = UnitReader::Progress;

/// "" when there is none.
std::string name_of_ev(const GatewayConfig& config) {
  for (const GatewayUnit& unit : config.units)
    if (unit.kind == UnitKind::ev_pcs) return unit.name;
  return {};
}

std::string_view word(telemetry::BootReason reason) {
  return reason == telemetry::BOOT_REASON_POWER_ON ? "power on" : "reboot";
}

}  // namespace

RunningGateway::RunningGateway(const GatewayConfig& config, const GatewayPorts& ports,
                               const contracts::FaultCatalogue& catalogue, std::uint64_t seed, Duration clock_ahead)
    : config_(config),
      spool_(ports.spool),
      aggregator_(config.units),
      faults_(catalogue),
      inventory_(config.units),
      session_({config.report_period, config.reply_timeout}, ports.spool, ports.uplink, uplink_handlers()),
      settings_{config.energy},
      desk_(settings_, name_of_ev(config), command_acts()),
      clock_ahead_(clock_ahead) {
  for (size_t i = 0; i < config.units.size(); ++i)
    units_.emplace_back(config.units[i], *ports.buses[i], timing_of(config.units[i], i, seed));
  for (Unit& unit : units_)
    if (ev_ == nullptr && unit.reader.unit().kind == UnitKind::ev_pcs) ev_ = &unit;
  restore();
}

UplinkSession::Handlers RunningGateway::uplink_handlers() {
  UplinkSession::Handlers handlers;
  handlers.fill_hello = [this](Time now, telemetry::Hello& hello) {
    hello.set_model(config_.model);
    hello.set_serial(config_.serial);
    hello.set_firmware(config_.firmware);
    hello.set_clock_ms(stamp(now));
    hello.set_settings_revision(settings_.revision);
    inventory_.fill(*hello.mutable_units());
  };
  handlers.on_command = [this](Time now, const telemetry::Command& command) {
    desk_.take(now, session_.service_time(now), command);
  };
  return handlers;
}

CommandDesk::Acts RunningGateway::command_acts() {
  CommandDesk::Acts acts;
  acts.read_unit = [this](Time now) { ev_->reader.poll_now(now); };
  acts.write_unit = [this](Time now, const EnergySettings& wanted) { return write_settings(now, wanted); };
  acts.keep = [this](Time now, const EnergySettings& wanted, std::uint64_t id) {
    return keep_settings(now, wanted, id);
  };
  acts.go_live = [this](Time now, Duration period, Duration lasts) {
    live_.start(now, period, lasts);
    set_poll_periods(now);
  };
  acts.report = [this](Time now, const telemetry::CommandResult& result) { session_.report(now, result); };
  acts.candidates = [this] {
    const bool plugged =
        ev_ != nullptr && ev_->known.word<Plug>(Reading::plug).value_or(Plug::unplugged) != Plug::unplugged;
    return plugged ? list_candidates({ev_->known[Reading::min_soc_pct], ev_->known[Reading::max_soc_pct]})
                   : std::vector<NamedSetting>();
  };
  return acts;
}

Duration RunningGateway::poll_period_of(UnitKind kind) const {
  const PollSettings& poll = config_.poll;
  return kind == UnitKind::meter ? poll.meter_period : kind == UnitKind::ev_pcs ? poll.ev_period : poll.pv_period;
}

/// Whether what is known of it still describes it.
bool RunningGateway::is_fresh(const Unit& unit, Time now) const {
  return unit.last_good && now - *unit.last_good <= 2 * poll_period_of(unit.reader.unit().kind);
}

UnitReader::Timing RunningGateway::timing_of(const GatewayUnit& unit, size_t index, std::uint64_t seed) const {
  const double share = random_uniform({seed, config_.id, "poll offset"}, index);
  const auto offset =
      std::chrono::milliseconds(static_cast<std::int64_t>(share * (kStagger / std::chrono::milliseconds(1))));
  return {poll_period_of(unit.kind), offset, unit.longest_wait + config_.poll.request_timeout, config_.poll.retries};
}

void RunningGateway::restore() {
  aggregator_.restore_counters(spool_.state("counters"));
  faults_.restore(spool_.state("faults"));
  vehicles_.restore(spool_.state("vehicles"));
  inventory_.restore(spool_.state("inventory"));
  restore_settings(spool_.state("settings"), settings_.values);
  if (const std::string revision = spool_.state("settings_revision"); !revision.empty())
    settings_.revision = std::stoull(revision);
  desk_.log().restore(spool_.state("commands"));
  dropped_known_ = spool_.dropped();
  for (Unit& unit : units_) {
    const GatewayUnit& known = unit.reader.unit();
    unit.link = LinkWatch(faults_.active(known.unit_no, link_fault_code(known.kind)));
    // An outage may have ended while the gateway was off.
    if (!grid_lost()) unit.charge_bound_w = kRatedCharge_w;
  }
}

void RunningGateway::boot(Time now, telemetry::BootReason reason) {
  boot_reason_ = reason;
  if (settings_.values.mode_since == Time{}) settings_.values.mode_since = now;
  begin_period(now);
  std::vector<telemetry::Event> events;
  add_event(events, now, telemetry::EVENT_KIND_BOOT, 0).set_detail(std::string(word(reason)));
  record(now, events);
  for (Unit& unit : units_) unit.reader.start(now);
  wake(now);
}

void RunningGateway::on_connected(Time now) {
  session_.connected(now, boot_reason_);
  boot_reason_ = telemetry::BOOT_REASON_RECONNECT;
}

Time RunningGateway::next_wake() const {
  Time next = period_end_ + kSettle;
  for (const Unit& unit : units_)
    if (const auto wake = unit.reader.next_wake()) next = std::min(next, *wake);
  for (const auto& wake : {session_.next_wake(), desk_.next_wake(), live_.next_wake()})
    if (wake) next = std::min(next, *wake);
  return next;
}

void RunningGateway::wake(Time now) {
  for (size_t i = 0; i < units_.size(); ++i) {
    UnitReader& reader = units_[i].reader;
    for (auto due = reader.next_wake(); due && *due <= now; due = reader.next_wake())
      on_progress(i, reader.wake(now), now);
  }
  if (period_is_over(now)) close_period(now);
  desk_.wake(now);
  if (live_.due(now)) show_live(now);
  session_.wake(now);
}

void RunningGateway::on_reply(size_t index, Time now) {
  on_progress(index, units_[index].reader.on_reply(now), now);
  UnitReader& reader = units_[index].reader;
  for (auto due = reader.next_wake(); due && *due <= now; due = reader.next_wake())
    on_progress(index, reader.wake(now), now);
  if (period_is_over(now)) close_period(now);
}

void RunningGateway::on_progress(size_t index, Progress progress, Time now) {
  switch (progress) {
    case Progress::nothing:
      return;
    case Progress::identified:
      return on_identified(index, now);
    case Progress::polled:
      return on_polled(index, now);
    case Progress::written:
      return on_written(index, now);
  }
}

void RunningGateway::on_identified(size_t index, Time now) {
  if (inventory_.identified(index, units_[index].reader.identity())) aggregator_.unit_replaced(index);
  std::vector<telemetry::Event> events;
  const UnitIdentity* stranger = inventory_.stranger(index);
  const std::string detail = stranger ? fmt::format("found {} {}", stranger->model, stranger->serial) : "";
  faults_.set(stamp(now), units_[index].reader.unit().unit_no, "E6-4", stranger != nullptr, detail, events);
  if (stranger && !events.empty())
    log::warning("{}: {}, which is not the unit that belongs here (E6-4)", units_[index].reader.unit().name, detail);
  tell_of_units(now, events);
  if (!events.empty()) record(now, events);
}

void RunningGateway::confirm_units(Time now) {
  inventory_.confirm();
  std::vector<telemetry::Event> events;
  for (const Unit& unit : units_) faults_.set(stamp(now), unit.reader.unit().unit_no, "E6-4", false, "", events);
  tell_of_units(now, events);
  if (!events.empty()) record(now, events);
}

void RunningGateway::tell_of_units(Time now, std::vector<telemetry::Event>& events) {
  if (!inventory_.take_change()) return;
  inventory_.fill(*add_event(events, now, telemetry::EVENT_KIND_UNITS_CHANGED, 0).mutable_units());
}

void RunningGateway::on_polled(size_t index, Time now) {
  Unit& unit = units_[index];
  const UnitReader& reader = unit.reader;
  const std::uint32_t unit_no = reader.unit().unit_no;
  aggregator_.on_poll(index, now, reader.quality(), reader.readings());
  if (reader.quality() == PollQuality::good) {
    unit.last_good = now;
    unit.known = reader.readings();
    if (!reader.identity()) unit.reader.identify_again();
  } else if (reader.quality() == PollQuality::no_answer) {
    unit.reader.identify_again();  // whoever answers next may be another device
  }
  std::vector<telemetry::Event> events;
  const bool was_lost = grid_lost();
  watch_link(unit, now, events);
  faults_.on_poll(stamp(now), unit_no, reader.readings(), events);
  watch_grid(was_lost, now, events);
  vehicles_.on_poll(stamp(now), unit_no, reader.readings(), events);
  if (&unit == ev_) adopt_settings(unit, now, events);
  if (!events.empty()) record(now, events);
  if (&unit == ev_) desk_.on_polled(now, reader.poll_answer());
  manage_energy_after(unit, now);
  if (config_.output_control && unit.last_good == now && reader.unit().kind == UnitKind::pv_pcs)
    control_output(unit, now);
}

void RunningGateway::on_written(size_t index, Time now) {
  Unit& unit = units_[index];
  const UnitAnswer answer = unit.reader.write_answer();
  if (unit.reader.written_for() == WritePurpose::charge_bound) {
    if (!answer.accepted()) unit.charge_bound_w.reset();
    return;
  }
  if (unit.reader.written_for() == WritePurpose::output_control) {
    if (!answer.accepted()) unit.limit.failed();
    return;
  }
  const bool settings = unit.reader.written_for() == WritePurpose::settings;
  if (settings || !answer.accepted()) unit.schedule.failed();  // what the unit holds is not what was decided
  if (settings) desk_.on_written(now, unit.reader.written(), answer);
}

void RunningGateway::watch_link(Unit& unit, Time now, std::vector<telemetry::Event>& events) {
  const GatewayUnit& known = unit.reader.unit();
  const LinkWatch::Change change = unit.link.on_poll(now, unit.reader.quality(), may_sleep(known, now));
  if (change == LinkWatch::Change::none) return;
  const bool down = change == LinkWatch::Change::down;
  faults_.set(stamp(now), known.unit_no, link_fault_code(known.kind), down, "", events);
  add_event(events, now, down ? telemetry::EVENT_KIND_UNIT_LINK_DOWN : telemetry::EVENT_KIND_UNIT_LINK_UP,
            known.unit_no);
}

void RunningGateway::watch_grid(bool was_lost, Time now, std::vector<telemetry::Event>& events) {
  if (grid_lost() == was_lost) return;
  add_event(events, now, was_lost ? telemetry::EVENT_KIND_GRID_RESTORED : telemetry::EVENT_KIND_GRID_LOST, 0);
}

int RunningGateway::units_answering() const {
  return static_cast<int>(std::count_if(units_.begin(), units_.end(), [](const Unit& unit) {
    return unit.last_good && unit.reader.quality() == PollQuality::good;
  }));
}

bool RunningGateway::period_is_over(Time now) const {
  if (now < period_end_) return false;
  if (now >= period_end_ + kSettle) return true;
  return std::all_of(units_.begin(), units_.end(),
                     [&](const Unit& unit) { return unit.reader.polled_for() >= period_end_; });
}

/// Periods end on the gateway's clock, and with its day in JST.
void RunningGateway::begin_period(Time start) {
  const Duration period = session_.report_period();
  const Time begins = clock(start);
  const Time ends = std::min(Time((begins.time_since_epoch() / period + 1) * period), jst_midnight(begins, 1));
  period_start_ = start;
  period_end_ = start + (ends - begins);
}

void RunningGateway::set_clock(Time now, Duration ahead) {
  if (now > period_start_) {
    period_end_ = now;
    close_period(now);
  }
  clock_ahead_ = ahead;
  begin_period(now);
}

std::int64_t RunningGateway::stamp(Time now) const {
  return std::chrono::floor<std::chrono::milliseconds>(clock(now)).time_since_epoch().count();
}

bool RunningGateway::may_sleep(const GatewayUnit& unit, Time now) const {
  return unit.kind == UnitKind::pv_pcs && config_.sleeps_at && is_night(clock(now), *config_.sleeps_at);
}

void RunningGateway::close_period(Time now) {
  record_.set_seq(spool_.next_seq());
  aggregator_.close_period(clock(period_start_), period_end_ - period_start_, *record_.mutable_sample());
  const std::array records = {Spool::NewRecord{Priority::sample, record_.SerializeAsString()}};
  const std::array state = {Spool::StateEntry{"counters", aggregator_.counters_text()}};
  const Time ended = period_end_;
  begin_period(period_end_);
  if (const Status status = spool_.append(records, state); !status) {
    log::error("{}: a sample is lost: {}", config_.id, status.error().message);
    return;
  }
  session_.sample_spooled(now, ended);
  tell_of_drops(now);
}

telemetry::Event& RunningGateway::add_event(std::vector<telemetry::Event>& events, Time now, telemetry::EventKind kind,
                                            std::uint32_t unit_no) const {
  telemetry::Event& event = events.emplace_back();
  event.set_time_ms(stamp(now));
  event.set_kind(kind);
  event.set_unit_no(unit_no);
  return event;
}

bool RunningGateway::record(Time now, std::vector<telemetry::Event>& events) {
  std::vector<Spool::NewRecord> records;
  std::uint64_t seq = spool_.next_seq();
  for (telemetry::Event& event : events) {
    record_.set_seq(seq++);
    record_.mutable_event()->Swap(&event);
    records.push_back({Priority::event, record_.SerializeAsString()});
  }
  const std::array state = {Spool::StateEntry{"faults", faults_.text()},
                            Spool::StateEntry{"vehicles", vehicles_.text()},
                            Spool::StateEntry{"inventory", inventory_.text()},
                            Spool::StateEntry{"settings", settings_text(settings_.values)},
                            Spool::StateEntry{"settings_revision", std::to_string(settings_.revision)},
                            Spool::StateEntry{"commands", desk_.log().text()}};
  if (const Status status = spool_.append(records, state); !status) {
    log::error("{}: {} events are lost: {}", config_.id, events.size(), status.error().message);
    return false;
  }
  if (!events.empty()) session_.event_spooled(now);
  return true;
}

/// Once for each mark at which the service stands still, not once a minute.
void RunningGateway::tell_of_drops(Time now) {
  if (spool_.dropped() == dropped_known_) return;
  dropped_known_ = spool_.dropped();
  if (mark_when_told_ == spool_.acknowledged_seq()) return;
  mark_when_told_ = spool_.acknowledged_seq();
  std::vector<telemetry::Event> events;
  add_event(events, now, telemetry::EVENT_KIND_RECORDS_DROPPED, 0).set_detail("the spool is full");
  record(now, events);
}

}  // namespace v2x::gateway
