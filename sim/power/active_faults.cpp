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
  active_.push_back({fault, now});
  publish();
}

void ActiveFaults::see_cause(FaultClass fault_class, bool present, Time now) {
  for (Active& active : active_) {
    if (active.fault->fault_class != fault_class) continue;
    if (present)
      active.cause_gone = kNever;
    else if (active.cause_gone == kNever)
      active.cause_gone = now;
  }
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
  const bool by_itself = active.fault->recovery == Recovery::automatic;
  const bool by_hand = active.fault->recovery == Recovery::manual || active.fault->recovery == Recovery::replug;
  if (!by_itself && !(by_hand && active.acknowledged)) return kNever;
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

bool ActiveFaults::stops() const {
  return std::any_of(active_.begin(), active_.end(), [](const Active& active) {
    return active.fault->effect == Effect::trip || active.fault->effect == Effect::stop;
  });
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
