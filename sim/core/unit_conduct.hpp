// How a unit behaves on the bus beyond its registers: its nights, when it is busy, and the faults injected into it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "contracts/bus_fault.hpp"
#include "sim/core/modbus_frame.hpp"
#include "sim/core/modbus_unit.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::core {

/// What a PV unit does on the bus while there is no sun.
enum class NightBus { answer, sentinel, refuse, slow };

struct UnitHabits {
  NightBus night = NightBus::answer;  // default, configurable
  Duration busy{};                    ///< exception 6 for so long after a start and after a write; default off
};

/// What becomes of one request.
struct ReplyPlan {
  enum class Fate {
    answer,
    silence,
    close,  ///< the connection
    reset,  ///< the connection, with RST
    dead,   ///< the connection stays and nothing is answered on it any more
  };
  Fate fate = Fate::answer;
  ModbusException exception = ModbusException::none;  ///< instead of executing the request
  double slower = 1;                                  ///< times the turn-around
  Duration delay{};                                   ///< on top of it
  std::vector<contracts::BusFault> damage;            ///< what happens to the reply's bytes, in this order
  bool ac_absent = false;                             ///< the AC values read as "not available"
};

/// An injected fault as control lists it.
struct ActiveBusFault {
  std::uint64_t id = 0;
  contracts::BusFault fault;
  std::optional<Duration> left;
  std::optional<std::uint64_t> requests_left;
};

/// A request that came for the unit, whatever became of it.
struct SeenRequest {
  std::uint64_t number = 0;  ///< from 1, of this unit
  Time at;
  std::uint8_t function = 0;
  std::uint16_t first = 0;  ///< 0 when it was malformed
  std::uint16_t count = 0;  ///< 0 when it was malformed
};

/// Every line that serves the unit asks it, the wall clock's and the kernel's: thread-safe. What is random comes from
/// a stream of the unit's own, so that other units don't notice.
class UnitConduct {
 public:
  struct Options {
    UnitHabits habits;
    std::uint64_t seed = 1;
    std::string owner;          ///< "home.pcs1"
    std::function<Time()> now;  ///< service time, by any thread
  };
  UnitConduct(const RegisterMap& map, Options options);

  /// `registers` is the unit's whole range now: freeze and counters begin with it. Error "bad_argument" for points that
  /// the map doesn't have.
  Result<std::uint64_t> inject(const contracts::BusFault& fault, const UnitLife& life,
                               std::vector<std::uint16_t> registers);
  void end_all();
  std::vector<ActiveBusFault> active();
  /// Connections are closed before anything is asked on them.
  bool refuses_connections();
  /// Share of the bytes that the line of this unit loses.
  double drop_rate();

  /// Decides about one request and counts it. `request` is nullopt when it is malformed.
  ReplyPlan plan(std::uint8_t function, const std::optional<ModbusRequest>& request, const UnitLife& life);
  void write_accepted();
  /// The requests after that number, oldest first, as far back as kRemembered goes.
  std::vector<SeenRequest> seen_after(std::uint64_t number);
  static constexpr size_t kRemembered = 1000;
  /// A read that was executed: registers from `first` on.
  struct Read {
    std::uint8_t function = 3;
    bool ac_absent = false;
    std::uint16_t first = 0;
    std::span<std::uint16_t> registers;
    ModbusUnit& unit;  ///< is asked for the rest of a value of which only a part was read
  };
  /// Changes what was read to what the bus shall see.
  void alter(const Read& read);

 private:
  struct Injected {
    std::uint64_t id;
    contracts::BusFault fault;
    Time began;
    std::uint32_t boots;     ///< of the unit when it began
    std::uint64_t seen = 0;  ///< requests that it could have hit
    std::uint64_t hit = 0;
    std::vector<const Point*> points;     ///< that it is about
    std::vector<std::uint16_t> snapshot;  ///< of the moment it began
  };
  void remember(std::uint8_t function, const std::optional<ModbusRequest>& request);
  void forget_ended();
  bool hits(Injected& injected, std::uint8_t function, const std::optional<ModbusRequest>& request);
  void apply(Injected& injected, ReplyPlan& plan);
  void plan_habits(ReplyPlan& plan, UnitPhase phase);
  std::vector<const Point*> points_of(const contracts::BusFault& fault) const;
  Result<std::vector<const Point*>> find_points(const contracts::BusFault& fault) const;
  void alter_one(const Injected& injected, const Read& read);

  const RegisterMap& map_;
  const Options options_;
  std::vector<const Point*> ac_points_;  ///< absent at night with NightBus::sentinel
  std::mutex mutex_;                     // guards all below
  std::vector<Injected> injected_;
  std::uint64_t last_id_ = 0;
  UnitPhase phase_ = UnitPhase::awake;
  std::optional<Time> busy_until_;
  std::deque<SeenRequest> seen_;
  std::uint64_t requests_ = 0;
};

/// A unit as the bus sees it under its conduct. Belongs to the thread of the line that serves it.
class ConductedUnit final : public ModbusUnit {
 public:
  ConductedUnit(ModbusUnit& unit, UnitConduct& conduct) : unit_(unit), conduct_(conduct) {}

  bool answers() const override { return unit_.answers(); }
  bool allows(int function) const override { return unit_.allows(function); }
  UnitLife life() const override { return unit_.life(); }
  /// To be asked before the request is executed.
  ReplyPlan plan(std::uint8_t function, const std::optional<ModbusRequest>& request);
  ModbusException read(std::uint16_t first, std::span<std::uint16_t> out) override;
  ModbusException write(std::uint16_t first, std::span<const std::uint16_t> values) override;
  UnitConduct& conduct() { return conduct_; }

 private:
  ModbusUnit& unit_;
  UnitConduct& conduct_;
  std::uint8_t function_ = 3;  ///< of the request that was planned last
  bool ac_absent_ = false;
};

}  // namespace v2x::core
