// The stand's side of a CHAdeMO V2H session: stages, locks, tests and limits, from plug-in to unlocking.
#pragma once

#include <optional>
#include <vector>

#include "sim/ev/chademo_stage.hpp"
#include "sim/ev/connector.hpp"
#include "sim/ev/frame_sender.hpp"

namespace v2x::ev {

/// What the converter behind the connector can and does.
struct ConverterView {
  int largest_a = 20;    ///< what it is built for; default
  int charge_a = 0;      ///< on offer in power flow; 0 while no charge is wanted
  double current_a = 0;  ///< + out of the car
};

/// A plain model on the kernel's thread. It knows of the car what the frames say and what the lines show.
class ChademoCharger final : public CanNode {
 public:
  /// Both outlive this object.
  ChademoCharger(Connector& connector, CanBus& bus);

  void plug(Time now);
  /// Pulls the plug; a locked one is pulled as soon as the session, stopped for this, has let it go.
  void unplug(Time now);
  void start(Time now);
  void stop(StopReason reason, Time now);
  /// The stop button: no current at once, and nothing more until the plug is put in anew.
  void emergency(Time now);
  /// Pulls the plug by force, locked or not: an emergency unless it was free.
  void tear_out(Time now);
  /// A fault of the session was acknowledged or mended.
  void release(Time now);

  void on_frame(const CanFrame& frame, Time now) override;
  void see(const ConverterView& converter) { converter_ = converter; }
  void update(Time now);
  Time next_change(Time now) const;

  Stage stage() const { return stage_; }
  StopReason stop_reason() const { return reason_; }
  bool plugged() const { return connector_.plugged; }
  bool locked() const { return connector_.locked; }
  /// On its way to power flow, or there.
  bool active() const { return stage_ >= Stage::handshake && stage_ <= Stage::power_flow; }
  /// Power may flow, or is on its way to nothing.
  bool may_flow() const { return stage_ == Stage::power_flow || stage_ == Stage::stopping; }
  /// Nothing is retried before.
  Time may_start_at() const { return may_start_at_; }
  int retries() const { return retries_; }
  /// Failed attempts in a row.
  int failures() const { return failures_; }
  int status() const { return says_.status; }
  /// What the car has said since it was plugged in; nullptr before the first session.
  const VehicleData* vehicle() const { return known_ ? &remembered_ : nullptr; }
  /// The reason that has just become a fault.
  std::optional<StopReason> take_fault();

 private:
  /// The output voltage where nothing but the stand's own capacitors hold it.
  struct Output {
    double from_v = 0, to_v = 0, tau_s = 1;
    Time since{};
    void go(double volt, double tau, Time now);
    double at(Time now) const;
    Time below(double volt) const;
  };

  void enter(Stage stage, Time now);
  bool step(Time now);
  void step_negotiate(Time now);
  void step_lock(Time now);
  void step_insulation(Time now);
  void step_ready(Time now);
  void step_stopping(Time now);
  void step_weld_check(Time now);
  void step_unlock(Time now);
  void watch(Time now);
  void finish(Time now);
  void lock_out(StopReason reason, Time now);
  void pull(Time now);
  void settle_output(Time now);
  void speak(Time now);
  std::vector<std::uint16_t> frame_ids() const;
  Duration since_entry(Time now) const { return now - entered_; }

  Connector& connector_;
  CanBus& bus_;
  FrameSender sender_;
  ChargerData says_;
  VehicleData hears_;       ///< since the handshake
  VehicleData remembered_;  ///< since plug-in
  bool known_ = false;      ///< remembered_ is worth something
  unsigned heard_ = 0;      ///< a bit for 100, 102 and 200
  ConverterView converter_;

  Stage stage_ = Stage::unplugged;
  StopReason reason_ = StopReason::none;
  Time entered_{}, started_{}, permitted_{}, last_heard_{};
  Time lock_driven_{};
  Time asked_since_ = power::kNever, still_since_ = power::kNever, bled_ = power::kNever;
  Time may_start_at_{};
  bool was_full_ = true, was_closed_ = false;
  bool pull_when_free_ = false;
  int failures_ = 0, retries_ = 0;  ///< in a row; since plug-in
  std::optional<StopReason> fault_;
  Output output_;
};

}  // namespace v2x::ev
