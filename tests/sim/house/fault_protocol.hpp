// DEV-27, the protocol that every fault code goes through: raised by its physical cause, bits, effect, recovery by
// class.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {

/// What is special about one code; the rest is the catalogue's.
struct FaultCase {
  static void nothing(TestHouse&) {}

  const char* code;
  Duration within;                             ///< raised at the latest after the cause
  void (*before)(TestHouse& house) = nothing;  ///< what must be so before the cause
  void (*shows)(TestHouse& house) = nothing;   ///< what makes the unit see the cause
  void (*mends)(TestHouse& house) = nothing;   ///< what ends the cause beside its repair
  Duration at_least{};                         ///< not raised before
  const char* reason = nullptr;                ///< why the car's session ended
};

/// "E1-1" → "E1_1".
std::string test_name(const testing::TestParamInfo<FaultCase>& one);
/// Every code that the catalogue gives to PCS of this kind ("pv", "ev") has its case, and no other.
void expect_all_codes(const std::string& kind, std::initializer_list<FaultCase> cases);

class FaultProtocol : public testing::TestWithParam<FaultCase> {
 protected:
  FaultProtocol(std::string unit, HouseConfig config)
      : unit_(std::move(unit)), fault_(*faults().find(GetParam().code)), house_("2026-04-01T11:30:00", config) {}

  /// `restart` brings the unit back to work, where a hand is needed for that.
  void raise_and_recover(void (*restart)(TestHouse& house) = FaultCase::nothing);

  virtual void expect_effect(double before_w) = 0;
  /// What people do about a code that does not go by itself.
  virtual void attend();
  void expect_tripped();
  void expect_stopped();

  double number(const std::string& quantity) { return house_.number(unit_ + "." + quantity); }
  std::string text(const std::string& quantity) { return house_.text(unit_ + "." + quantity); }
  void write(const std::string& quantity, double value) { house_.write(unit_ + "." + quantity, value); }

  const std::string unit_;
  const contracts::Fault& fault_;
  TestHouse house_;

 private:
  bool active();
  bool run_until_active(bool wanted, Duration limit);
  void raise();
  void end_cause();
  void recover(void (*restart)(TestHouse& house));
  void expect_bits();
};

}  // namespace v2x::house
