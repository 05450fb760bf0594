#include "sim/core/unit_conduct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "common/nearest.hpp"
#include "common/random.hpp"
#include "sim/core/register_codec.hpp"

namespace v2x::core {
namespace {

using contracts::BusFault;
using Kind = contracts::BusFaultKind;

constexpr double kSlowAtDawn = 20;  // default: times the turn-around, NightBus::slow
constexpr size_t kLongestPoint = 125;

bool is_about_values(Kind kind) {
  return kind == Kind::freeze || kind == Kind::sentinel || kind == Kind::zero || kind == Kind::word_swap ||
         kind == Kind::bulk_quirk || kind == Kind::counter_reset || kind == Kind::counter_jump;
}

bool is_about_counters(Kind kind) {
  return kind == Kind::counter_reset || kind == Kind::counter_jump;
}

std::vector<const Point*> ac_points(const RegisterMap& map) {
  std::vector<const Point*> points;
  for (const Point& point : map.points())
    if (point.quantity.starts_with("ac.") && !point.round_down) points.push_back(&point);
  return points;
}

bool touches(const std::pair<std::uint16_t, std::uint16_t>& range, const ModbusRequest& request) {
  return request.first <= range.second && request.first + request.count > range.first;
}

void become_absent(const Point& point, std::span<std::uint16_t> registers) {
  RegisterMap::encode(point, PointValue{}, registers);
}

std::uint64_t raw_mask(const Point& point) {
  return point.size >= 4 ? ~std::uint64_t{0} : (std::uint64_t{1} << 16 * point.size) - 1;
}

/// Lets `change` work on whole values of those of `points` that were read.
template <class Change>
void alter_points(const std::vector<const Point*>& points, const UnitConduct::Read& read, const Change& change) {
  const std::uint32_t end = read.first + static_cast<std::uint32_t>(read.registers.size());
  for (const Point* point : points) {
    const std::uint32_t point_end = point->address + std::uint32_t{point->size};
    if (point_end <= read.first || point->address >= end) continue;
    std::array<std::uint16_t, kLongestPoint> buffer;
    const std::span whole = std::span(buffer).first(point->size);
    if (point->address >= read.first && point_end <= end)
      std::copy_n(read.registers.begin() + (point->address - read.first), point->size, whole.begin());
    else if (read.unit.read(point->address, whole) != ModbusException::none)
      continue;
    change(*point, whole);
    for (std::uint32_t at = std::max<std::uint32_t>(read.first, point->address); at < std::min(end, point_end); ++at)
      read.registers[at - read.first] = whole[at - point->address];
  }
}

}  // namespace

UnitConduct::UnitConduct(const RegisterMap& map, Options options)
    : map_(map), options_(std::move(options)), ac_points_(ac_points(map)) {}

std::vector<const Point*> UnitConduct::points_of(const BusFault& fault) const {
  std::vector<const Point*> points;
  for (const Point& point : map_.points()) {
    const bool wanted = is_about_counters(fault.kind)   ? point.round_down
                        : fault.kind == Kind::word_swap ? point.size > 1 && point.type != PointType::string
                                                        : true;
    if (wanted && !point.quantity.empty()) points.push_back(&point);
  }
  return points;
}

Result<std::vector<const Point*>> UnitConduct::find_points(const BusFault& fault) const {
  if (fault.points.empty()) return points_of(fault);
  std::vector<const Point*> points;
  for (const std::string& name : fault.points) {
    const Point* point = map_.find(name);
    if (!point) {
      std::vector<std::string> names;
      for (const Point& known : map_.points()) names.push_back(known.name);
      return fail("bad_argument", unknown_word(name, "point of map " + map_.name(), names));
    }
    if (is_about_counters(fault.kind) && !point->round_down)
      return fail("bad_argument", fmt::format("'{}' is no counter, expected a point that rounds down", name));
    points.push_back(point);
  }
  return points;
}

Result<std::uint64_t> UnitConduct::inject(const BusFault& fault, const UnitLife& life,
                                          std::vector<std::uint16_t> registers) {
  auto points = find_points(fault);
  if (!points) return fail(points.error());
  const std::lock_guard lock(mutex_);
  injected_.push_back({++last_id_, fault, options_.now(), life.boots, 0, 0, std::move(*points), std::move(registers)});
  return last_id_;
}

void UnitConduct::end_all() {
  const std::lock_guard lock(mutex_);
  injected_.clear();
}

void UnitConduct::forget_ended() {
  const Time now = options_.now();
  std::erase_if(injected_, [now](const Injected& one) {
    return (one.fault.lasting && now >= one.began + *one.fault.lasting) ||
           (one.fault.count && one.hit >= *one.fault.count);
  });
}

std::vector<ActiveBusFault> UnitConduct::active() {
  const std::lock_guard lock(mutex_);
  forget_ended();
  std::vector<ActiveBusFault> list;
  for (const Injected& one : injected_) {
    ActiveBusFault shown{one.id, one.fault, {}, {}};
    if (one.fault.lasting) shown.left = one.began + *one.fault.lasting - options_.now();
    if (one.fault.count) shown.requests_left = *one.fault.count - one.hit;
    list.push_back(std::move(shown));
  }
  return list;
}

bool UnitConduct::refuses_connections() {
  const std::lock_guard lock(mutex_);
  forget_ended();
  return std::any_of(injected_.begin(), injected_.end(),
                     [](const Injected& one) { return one.fault.kind == Kind::refuse; });
}

double UnitConduct::drop_rate() {
  const std::lock_guard lock(mutex_);
  forget_ended();
  double rate = 0;
  for (const Injected& one : injected_)
    if (one.fault.kind == Kind::drop_bytes) rate = std::max(rate, one.fault.to);
  return rate;
}

bool UnitConduct::hits(Injected& injected, std::uint8_t function, const std::optional<ModbusRequest>& request) {
  const BusFault& fault = injected.fault;
  const auto& functions = fault.functions;
  if (!functions.empty() && std::find(functions.begin(), functions.end(), function) == functions.end()) return false;
  if (fault.range && !(request && touches(*fault.range, *request))) return false;
  const std::string purpose = fmt::format("bus fault {}", injected.id);
  if (fault.probability < 1 &&
      random_uniform({options_.seed, options_.owner, purpose}, injected.seen++) >= fault.probability)
    return false;
  ++injected.hit;
  return true;
}

void UnitConduct::apply(Injected& injected, ReplyPlan& plan) {
  const BusFault& fault = injected.fault;
  switch (fault.kind) {
    case Kind::silence:
    case Kind::deaf:
    case Kind::offline:
      plan.fate = ReplyPlan::Fate::silence;
      return;
    case Kind::refuse:
      plan.fate = ReplyPlan::Fate::close;
      return;
    case Kind::reset:
    case Kind::half_open:
      if (injected.hit > static_cast<std::uint64_t>(fault.value))
        plan.fate = fault.kind == Kind::reset ? ReplyPlan::Fate::reset : ReplyPlan::Fate::dead;
      return;
    case Kind::exception:
      plan.exception = static_cast<ModbusException>(fault.value);
      return;
    case Kind::busy:
      if ((options_.now() - injected.began) % fault.every < fault.least) plan.exception = ModbusException::busy;
      return;
    case Kind::delay: {
      const std::string purpose = fmt::format("bus delay {}", injected.id);
      const double share = random_uniform({options_.seed, options_.owner, purpose}, injected.hit);
      plan.delay +=
          fault.least + Duration(std::llround(share * static_cast<double>((fault.most - fault.least).count())));
      return;
    }
    case Kind::late:
      plan.delay += fault.least;
      return;
    default:
      if (!is_about_values(fault.kind)) plan.damage.push_back(fault);
  }
}

void UnitConduct::plan_habits(ReplyPlan& plan, UnitPhase phase) {
  const Time now = options_.now();
  if (phase == UnitPhase::starting && phase_ != UnitPhase::starting && options_.habits.busy > Duration(0))
    busy_until_ = now + options_.habits.busy;
  phase_ = phase;
  if (busy_until_ && now < *busy_until_) plan.exception = ModbusException::busy;
  plan.ac_absent = phase == UnitPhase::asleep && options_.habits.night == NightBus::sentinel;
  if (phase == UnitPhase::asleep && options_.habits.night == NightBus::refuse) plan.fate = ReplyPlan::Fate::close;
  if (phase == UnitPhase::starting && options_.habits.night == NightBus::slow) plan.slower = kSlowAtDawn;
}

ReplyPlan UnitConduct::plan(std::uint8_t function, const std::optional<ModbusRequest>& request, const UnitLife& life) {
  ReplyPlan plan;
  const std::lock_guard lock(mutex_);
  remember(function, request);
  plan_habits(plan, life.phase);
  if (injected_.empty()) return plan;
  forget_ended();
  std::erase_if(injected_,
                [&](const Injected& one) { return one.fault.kind == Kind::deaf && one.boots != life.boots; });
  for (Injected& one : injected_)
    if (!is_about_values(one.fault.kind) && hits(one, function, request)) apply(one, plan);
  return plan;
}

void UnitConduct::remember(std::uint8_t function, const std::optional<ModbusRequest>& request) {
  if (seen_.size() == kRemembered) seen_.pop_front();
  SeenRequest seen{++requests_, options_.now(), function, 0, 0};
  if (request) {
    seen.first = request->first;
    seen.count = request->count;
  }
  seen_.push_back(seen);
}

std::vector<SeenRequest> UnitConduct::seen_after(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  std::vector<SeenRequest> found;
  std::copy_if(seen_.begin(), seen_.end(), std::back_inserter(found),
               [&](const SeenRequest& seen) { return seen.number > number; });
  return found;
}

void UnitConduct::write_accepted() {
  if (options_.habits.busy <= Duration(0)) return;
  const std::lock_guard lock(mutex_);
  busy_until_ = options_.now() + options_.habits.busy;
}

void UnitConduct::alter_one(const Injected& injected, const Read& read) {
  const BusFault& fault = injected.fault;
  const std::span registers = read.registers;
  switch (fault.kind) {
    case Kind::freeze:
      if (!injected.snapshot.empty())
        std::copy_n(injected.snapshot.begin() + (read.first - map_.first_address()), registers.size(),
                    registers.begin());
      return;
    case Kind::bulk_quirk:
      if (registers.size() > static_cast<size_t>(fault.value))
        std::rotate(registers.begin(), registers.begin() + 1, registers.end());
      return;
    case Kind::sentinel:
      return alter_points(injected.points, read, become_absent);
    case Kind::zero:
      return alter_points(injected.points, read, [](const Point&, auto whole) { std::ranges::fill(whole, 0); });
    case Kind::word_swap:
      return alter_points(injected.points, read, [](const Point&, auto whole) { std::ranges::reverse(whole); });
    case Kind::counter_reset:
    case Kind::counter_jump:
      if (injected.snapshot.empty()) return;
      return alter_points(injected.points, read, [&](const Point& point, auto whole) {
        const std::span began = std::span(injected.snapshot).subspan(point.address - map_.first_address(), point.size);
        const std::uint64_t counted = fetch(point, whole) - fetch(point, began);
        store(point, (static_cast<std::uint64_t>(fault.to) + counted) & raw_mask(point), whole);
      });
    default:
      return;
  }
}

void UnitConduct::alter(const Read& read) {
  if (read.ac_absent) alter_points(ac_points_, read, become_absent);
  const std::lock_guard lock(mutex_);
  if (injected_.empty()) return;
  forget_ended();
  const ModbusRequest request{read.function, read.first, static_cast<std::uint16_t>(read.registers.size()), {}};
  for (Injected& one : injected_)
    if (is_about_values(one.fault.kind) && hits(one, read.function, request)) alter_one(one, read);
}

ReplyPlan ConductedUnit::plan(std::uint8_t function, const std::optional<ModbusRequest>& request) {
  ReplyPlan plan = conduct_.plan(function, request, unit_.life());
  function_ = function;
  ac_absent_ = plan.ac_absent;
  return plan;
}

ModbusException ConductedUnit::read(std::uint16_t first, std::span<std::uint16_t> out) {
  const ModbusException result = unit_.read(first, out);
  if (result == ModbusException::none) conduct_.alter({function_, ac_absent_, first, out, unit_});
  return result;
}

ModbusException ConductedUnit::write(std::uint16_t first, std::span<const std::uint16_t> values) {
  const ModbusException result = unit_.write(first, values);
  if (result == ModbusException::none) conduct_.write_accepted();
  return result;
}

}  // namespace v2x::core
