// A gateway with its house of fake units and a fake service, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/scratch_directory.hpp"
#include "sim/gateway/gateway.hpp"
#include "tests/sim/gateway/fake_service.hpp"
#include "tests/sim/gateway/fake_unit.hpp"

namespace v2x::gateway {

using namespace std::chrono_literals;

inline const contracts::QuantityCatalogue& quantities() {
  static const auto catalogue = contracts::QuantityCatalogue::load();
  return catalogue;
}
inline const contracts::FaultCatalogue& faults() {
  static const auto catalogue = contracts::FaultCatalogue::load();
  return catalogue;
}
inline const core::RegisterMap& map_of(UnitKind kind) {
  static const auto pv = core::RegisterMap::load_named("sunspec-pv", quantities());
  static const auto ev = core::RegisterMap::load_named("sunspec-ev", quantities());
  static const auto meter = core::RegisterMap::load_named("sunspec-meter", quantities());
  return kind == UnitKind::pv_pcs ? pv : kind == UnitKind::ev_pcs ? ev : meter;
}

/// 2026-04-01 12:00 JST.
inline const Time kNoon = Time(Duration(1'775'012'400'000'000));

inline Spool::Options spool_options(const std::filesystem::path& file, int days = 30) {
  return {file, Spool::Durability::process, days, {1, "01AB12345678", 0}};
}

/// Units in the order meter, pcs1, pcs2, v2h.
class Bench {
 public:
  enum { meter, pcs1, pcs2, v2h };

  /// `spool`: where it lies, anew for each restart; default: a scratch file.
  explicit Bench(std::function<void(GatewayConfig&)> adjust = {}, std::function<Spool::Options()> spool = {})
      : spool_source_(std::move(spool)) {
    config_.id = "01AB12345678";
    config_.model = "GW-M001";
    config_.serial = "0000009005PV";
    config_.units = {{"meter", UnitKind::meter, 4, 100, &map_of(UnitKind::meter)},
                     {"pcs1", UnitKind::pv_pcs, 1, 1, &map_of(UnitKind::pv_pcs)},
                     {"pcs2", UnitKind::pv_pcs, 2, 2, &map_of(UnitKind::pv_pcs)},
                     {"v2h", UnitKind::ev_pcs, 3, 3, &map_of(UnitKind::ev_pcs)}};
    if (adjust) adjust(config_);
    for (const GatewayUnit& unit : config_.units) units_.push_back(std::make_unique<FakeUnit>(*unit.map, unit.unit_id));
    fill_units();
    open_spool();
  }

  /// A power cut: the gateway's memory is lost, the spool's file stays.
  void restart() {
    stop();
    open_spool();
  }
  void stop() {
    gateway_.reset();
    spool_.reset();
    replies_.clear();
  }
  void boot(telemetry::BootReason reason = telemetry::BOOT_REASON_POWER_ON) {
    gateway_->boot(now, reason);
    settle();
  }
  void connect() {
    gateway_->on_connected(now);
    settle();
  }
  void disconnect() { gateway_->on_disconnected(now); }

  /// Everything up to `t`, each thing at its own instant.
  void run_to(Time t) {
    for (;;) {
      const auto wake = gateway_->next_wake();
      const Time reply = replies_.empty() ? Time::max() : replies_.begin()->first;
      const Time next = std::min(wake.value_or(Time::max()), reply);
      if (next > t) break;
      now = std::max(now, next);
      if (reply <= now) {
        deliver(replies_.begin()->second);
      } else {
        gateway_->wake(now);
      }
      settle();
    }
    now = std::max(now, t);
  }
  void run_for(Duration d) { run_to(now + d); }
  /// Just after the sample of the minute that ends at `t` was made.
  void run_past(Time t) { run_to(t + 4s); }

  FakeUnit& unit(size_t index) { return *units_[index]; }
  Gateway& gateway() { return *gateway_; }
  Spool& spool() { return *spool_; }

  Time now = kNoon;
  FakeService service;
  Duration turn_around = 10ms;
  std::map<size_t, Duration> slow;  ///< turn-around of single units

 private:
  void fill_units() {
    const char* serials[] = {"00009005MT1", "00009005PV1", "00009005PV2", "00009005EV1"};
    const char* models[] = {"KM-1", "KPV-A55-J4", "KPV-A55-J4", "KPEP-A"};
    for (size_t i = 0; i < units_.size(); ++i) {
      FakeUnit& unit = *units_[i];
      unit.set("id.manufacturer", "OMRON-SIM");
      unit.set("id.model", models[i]);
      unit.set("id.serial", serials[i]);
      unit.set("id.version", "1.0");
      unit.set("ac.power", 0);
      unit.set("ac.voltage_u", 101);
      unit.set("ac.voltage_v", 101);
      unit.set("ac.frequency", 60);
      if (i == meter) continue;
      unit.set("state", "running");
      unit.set("state_detail", "running");
      unit.set("suppression", "none");
      unit.set("set.ovr_level", 115);
      unit.set("temp.cabinet", 31.5);
      for (const char* vendor : {"fault_vendor[1]", "fault_vendor[2]", "fault_vendor[3]", "fault_vendor[4]"})
        unit.set(vendor, 0);
      set_counters(i, 0, 0);
      if (i != v2h) continue;
      unit.set("set.outage_mode", "self_sustain");
      unit.set("set.outage_floor", 10);
    }
    set_counters(meter, 0, 0);
  }

 public:
  /// injected and absorbed, or bought and sold.
  void set_counters(size_t index, double first_wh, double second_wh) {
    unit(index).set(index == meter ? "energy_buy" : "ac.energy_injected", first_wh);
    unit(index).set(index == meter ? "energy_sell" : "ac.energy_absorbed", second_wh);
  }

 private:
  void open_spool() {
    spool_ = std::make_unique<Spool>(spool_source_ ? spool_source_()
                                                   : spool_options(scratch_.path() / "spool.db", config_.spool_days));
    GatewayPorts ports{{}, *spool_, service};
    for (auto& unit : units_) ports.buses.push_back(unit.get());
    gateway_ = std::make_unique<Gateway>(config_, ports, quantities(), faults(), 1);
  }

  void deliver(size_t index) {
    replies_.erase(replies_.begin());
    if (!units_[index]->has_reply()) return;
    units_[index]->send_reply();
    gateway_->on_reply(index, now);
  }

 public:
  /// Requests are taken in, the service's answers arrive at once.
  void settle() {
    for (size_t i = 0; i < units_.size(); ++i)
      if (units_[i]->take_request() && units_[i]->has_reply())
        replies_.emplace(now + (slow.contains(i) ? slow[i] : turn_around), i);
    while (!service.replies.empty()) {
      const std::string frame = service.replies.front();
      service.replies.pop_front();
      gateway_->on_downlink(now, frame);
    }
  }

 private:
  std::function<Spool::Options()> spool_source_;
  ScratchDirectory scratch_;
  GatewayConfig config_;
  std::vector<std::unique_ptr<FakeUnit>> units_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Gateway> gateway_;
  std::multimap<Time, size_t> replies_;
};

}  // namespace v2x::gateway
