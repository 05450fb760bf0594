#include "sim/power/active_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/units.hpp"

namespace v2x::power {
namespace {

using contracts::Effect;
using contracts::Fault;
using contracts::FaultClass;
using contracts::Recovery;

constexpr Duration kLeastActive = std::chrono::seconds(10);   // default: a flap within it is one alarm
constexpr Duration kReplugByHand = std::chrono::seconds(60);  // default: AlarmReset instead of putting the plug in anew
constexpr Duration kLately = std::chrono::hours(1);           // of Fault::manual_after
constexpr int kVendorOnlyBit = 16;                            // 701.Alrm: a code without a SunSpec bit of its own
constexpr std::string_view kOutage = "E1-0";

bool graver(const Fault& a, const Fault& b) {
  if (a.severity != b.severity) return a.severity == contracts::Severity::error;
  return std::pair(a.major(), a.minor()) < std::pair(b.major(), b.minor());
}

}  // namespace

ActiveFaults::ActiveFaults(const contracts::FaultCatalogue& catalogue, core::QuantityTable& table)
    : catalogue_(&catalogue),
      table_(&table),
      fault_(table.slot("fault")),
      text_(table.slot("fault_text")),
      number_(table.slot("fault_number")),
      since_(table.slot("fault_since")),
      bits_(table.slot("fault_bits")) {
  for (int i = 0; i < 4; ++i) vendor_[i] = table.slot(fmt::format("fault_vendor[{}]", i + 1));
  publish();
}

void ActiveFaults::raise(std::string_view code, Time now) {
  const Fault* fault = catalogue_->find(std::string(code));
  if (!fault) {
    std::fputs(fmt::format("contracts/faults.yaml has no code {}\n", code).c_str(), stderr);
    std::abort();
  }
  for (Active& active : active_) {
    if (active.fault == fault) {
      active.cause_gone = kNever;
      return;
    }
    if (active.fault->fault_class != FaultClass::grid || fault->fault_class != FaultClass::grid) continue;
    if (code == kOutage) active = {fault, now};
    publish();
    return;
  }
  active_.push_back({fault, now, kNever, false, too_often(*fault, now)});
  publish();
}

void ActiveFaults::note(Active& active, bool present, Time now) {
  if (present)
    active.cause_gone = kNever;
  else if (active.cause_gone == kNever)
    active.cause_gone = now;
}

void ActiveFaults::see_cause(FaultClass fault_class, bool present, Time now) {
  for (Active& active : active_)
    if (active.fault->fault_class == fault_class && (fault_class != FaultClass::grid || active.fault->reconnect_wait))
      note(active, present, now);
}

void ActiveFaults::see_cause(std::string_view code, bool present, Time now) {
  for (Active& active : active_)
    if (active.fault->code == code) note(active, present, now);
}

bool ActiveFaults::too_often(const Fault& fault, Time now) {
  if (fault.manual_after == 0) return false;
  std::erase_if(lately_, [now](const Occurrence& one) { return one.at + kLately < now; });
  lately_.push_back({&fault, now});
  return std::count_if(lately_.begin(), lately_.end(),
                       [&fault](const Occurrence& one) { return one.fault == &fault; }) >= fault.manual_after;
}

void ActiveFaults::acknowledge(Time now) {
  for (Active& active : active_) {
    const bool waited = active.fault->recovery != Recovery::replug || active.since + kReplugByHand <= now;
    active.acknowledged |= active.cause_gone <= now && waited;
  }
  update(now);
}

void ActiveFaults::replugged(Time now) {
  for (Active& active : active_) {
    if (active.fault->recovery != Recovery::replug) continue;
    active.cause_gone = std::min(active.cause_gone, now);
    active.acknowledged = true;
  }
  update(now);
}

Time ActiveFaults::clears_at(const Active& active) {
  if (active.cause_gone == kNever) return kNever;
  const Recovery recovery = active.latched ? Recovery::manual : active.fault->recovery;
  // The cause of a `service` code ends by repair alone, so nothing else is asked for.
  const bool by_itself = recovery == Recovery::automatic || recovery == Recovery::service;
  if (!by_itself && !active.acknowledged) return kNever;
  return std::max(active.since + kLeastActive, active.cause_gone + active.fault->recovery_wait);
}

void ActiveFaults::update(Time now) {
  if (std::erase_if(active_, [now](const Active& active) { return clears_at(active) <= now; }) > 0) publish();
}

Time ActiveFaults::next_change(Time now) const {
  Time next = kNever;
  for (const Active& active : active_) next = std::min(next, if_ahead(clears_at(active), now));
  return next;
}

bool ActiveFaults::active(std::string_view code) const {
  return std::any_of(active_.begin(), active_.end(), [code](const Active& one) { return one.fault->code == code; });
}

bool ActiveFaults::any_with(Effect effect) const {
  return std::any_of(active_.begin(), active_.end(),
                     [effect](const Active& one) { return one.fault->effect == effect; });
}

bool ActiveFaults::stops() const {
  return any_with(Effect::trip) || any_with(Effect::stop);
}

bool ActiveFaults::trips() const {
  return any_with(Effect::trip);
}

bool ActiveFaults::trips_beyond_grid() const {
  return std::any_of(active_.begin(), active_.end(), [](const Active& one) {
    return one.fault->effect == Effect::trip && one.fault->fault_class != FaultClass::grid;
  });
}

std::uint64_t ActiveFaults::dc_alarm_bits(std::string_view code) const {
  std::uint64_t bits = 0;
  for (const Active& one : active_)
    if (code.empty() || one.fault->code == code)
      for (const int bit : one.fault->dc_alarm_bits) bits |= std::uint64_t{1} << bit;
  return bits;
}

std::uint64_t ActiveFaults::dc_alarm_bits() const {
  return dc_alarm_bits("");
}

void ActiveFaults::publish() {
  std::uint64_t bits = 0, vendor[4] = {};
  for (const Active& active : active_) {
    for (const int bit : active.fault->evt1_bits) bits |= std::uint64_t{1} << bit;
    if (active.fault->evt1_bits.empty()) bits |= std::uint64_t{1} << kVendorOnlyBit;
    if (const int n = active.fault->vendor_register(); n > 0)
      vendor[n - 1] |= std::uint64_t{1} << active.fault->vendor_bit();
  }
  table_->set(bits_, static_cast<double>(bits));
  for (int i = 0; i < 4; ++i) table_->set(vendor_[i], static_cast<double>(vendor[i]));
  publish_gravest();
}

void ActiveFaults::publish_gravest() {
  const auto gravest = std::min_element(active_.begin(), active_.end(),
                                        [](const Active& a, const Active& b) { return graver(*a.fault, *b.fault); });
  if (gravest == active_.end()) {
    table_->set_text(fault_, "");
    table_->set_text(text_, "");
    table_->set(number_, 0);
    table_->set_absent(since_);
    return;
  }
  const Fault& fault = *gravest->fault;
  table_->set_text(fault_, fault.code);
  table_->set_text(text_, fault.code + " " + fault.title_en);
  table_->set(number_, 16 * fault.major() + fault.minor());
  table_->set(since_, to_seconds(gravest->since.time_since_epoch()));
}

}  // namespace v2x::power
