// What simulator, gateway, backend and mails may rely on in contracts/faults.yaml.
#include "contracts/fault_catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "common/bad_input.hpp"
#include "common/units.hpp"
#include "contracts/quantity_catalogue.hpp"

namespace v2x::contracts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const FaultCatalogue& catalogue() {
  static const FaultCatalogue loaded = FaultCatalogue::load();
  return loaded;
}

std::string refusal_of(const std::string& yaml) {
  const auto file = std::filesystem::path(testing::TempDir()) / "faults_under_test.yaml";
  std::ofstream(file) << yaml;
  try {
    FaultCatalogue::load(file);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FaultCatalogue, HasAllCodesOnce) {
  std::set<std::string> codes;
  for (const Fault& fault : catalogue().all()) codes.insert(fault.code);
  const std::set<std::string> expected{
      "E1-0", "E1-1", "E1-2", "E1-3", "E1-4", "E1-5", "E1-6", "E1-7", "E1-8", "E2-1", "E2-2", "E2-3", "E2-4", "E3-1",
      "E3-2", "E3-3", "E3-4", "E4-1", "E4-2", "E4-3", "E4-4", "E4-5", "E5-1", "E5-2", "E5-3", "E6-1", "E6-2", "E6-3",
      "E6-4", "COM",  "E7-1", "E7-2", "E7-3", "E7-4", "E7-5", "E7-6", "E7-7", "E7-8", "E8-0", "E8-1", "E8-2"};
  EXPECT_EQ(codes, expected);
  EXPECT_EQ(catalogue().all().size(), 41u);
}

TEST(FaultCatalogue, GridOverVoltageReadsAsListed) {
  const Fault* fault = catalogue().find("E1-1");
  ASSERT_NE(fault, nullptr);
  EXPECT_EQ(fault->title_ja, "系統過電圧");
  EXPECT_EQ(fault->title_en, "Grid over-voltage");
  EXPECT_EQ(fault->fault_class, FaultClass::grid);
  EXPECT_THAT(fault->applies, ElementsAre("pv", "ev"));
  EXPECT_EQ(fault->detected_by, "pcs");
  EXPECT_THAT(fault->inject, ElementsAre(std::pair<std::string, std::string>("grid.voltage_u", "116 V")));
  EXPECT_THAT(fault->evt1_bits, ElementsAre(10));
  EXPECT_EQ(fault->effect, Effect::trip);
  EXPECT_EQ(fault->recovery, Recovery::automatic);
  EXPECT_TRUE(fault->reconnect_wait);
  EXPECT_EQ(fault->severity, Severity::error);
  EXPECT_TRUE(fault->mail);
}

TEST(FaultCatalogue, NoticesSendNoMailAndErrorsDo) {
  for (const Fault& fault : catalogue().all()) EXPECT_EQ(fault.mail, fault.severity == Severity::error) << fault.code;
}

TEST(FaultCatalogue, HoldsFollowTheClassUnlessListed) {
  const std::vector<std::pair<std::string, Duration>> holds{{"E4-1", 0s},   {"E1-1", 600s}, {"E2-4", 60s},
                                                            {"E3-1", 600s}, {"E6-2", 600s}, {"COM", 0s}};
  for (const auto& [code, hold] : holds) EXPECT_EQ(catalogue().find(code)->hold, hold) << code;
}

TEST(FaultCatalogue, VendorBitsAreOnesOwnAndLeadBackToTheCode) {
  for (const Fault& fault : catalogue().all()) {
    if (fault.major() == 0) continue;
    EXPECT_EQ(catalogue().by_vendor_bit(fault.vendor_register(), fault.vendor_bit()), &fault) << fault.code;
    EXPECT_GE(fault.vendor_register(), 1);
    EXPECT_LE(fault.vendor_register(), 4);
    EXPECT_LT(fault.vendor_bit(), 32);
  }
}

TEST(FaultCatalogue, VendorBitOfAnEvenMajorIsInTheUpperHalf) {
  EXPECT_EQ(catalogue().find("E1-1")->vendor_register(), 1);
  EXPECT_EQ(catalogue().find("E1-1")->vendor_bit(), 1);
  EXPECT_EQ(catalogue().find("E2-1")->vendor_register(), 1);
  EXPECT_EQ(catalogue().find("E2-1")->vendor_bit(), 17);
  EXPECT_EQ(catalogue().find("E8-0")->vendor_register(), 4);
  EXPECT_EQ(catalogue().find("E8-0")->vendor_bit(), 16);
}

TEST(FaultCatalogue, WordCodesHaveNoVendorBit) {
  EXPECT_EQ(catalogue().find("COM")->vendor_register(), 0);
  EXPECT_EQ(catalogue().by_vendor_bit(0, 0), nullptr);
  EXPECT_EQ(catalogue().by_vendor_bit(4, 31), nullptr);
}

/// A path of `inject` is the unit's own quantity, or the site's, the car's or the gateway's.
const Quantity* find_cause(const QuantityCatalogue& quantities, const Fault& fault, const std::string& path) {
  if (path.starts_with("ev.")) return quantities.find("car", path.substr(3));
  if (path.starts_with("gateway.")) return quantities.find("gateway", path.substr(8));
  if (const Quantity* own = quantities.find("site", path)) return own;
  for (const std::string& owner : fault.applies)
    if (const Quantity* found = quantities.find(owner == "meter" ? "meter" : owner + "_pcs", path)) return found;
  return nullptr;
}

TEST(FaultCatalogue, EveryCauseIsAQuantityThatMayBePinnedToItsValue) {
  const QuantityCatalogue quantities = QuantityCatalogue::load();
  for (const Fault& fault : catalogue().all()) {
    EXPECT_FALSE(fault.inject.empty()) << fault.code;
    for (const auto& [path, text] : fault.inject) {
      const Quantity* cause = find_cause(quantities, fault, path);
      ASSERT_NE(cause, nullptr) << fault.code << " " << path;
      EXPECT_EQ(cause->access, QuantityAccess::pin) << fault.code << " " << path;
      if (cause->text || !cause->words.empty()) continue;
      const auto value = parse_measure(text);
      ASSERT_TRUE(value.has_value()) << fault.code << " " << path;
      EXPECT_EQ(value->unit, cause->unit) << fault.code << " " << path;
    }
  }
}

TEST(FaultCatalogue, RefusesBadEntriesAtTheirPlace) {
  const std::string head = "- {code: ";
  const std::string tail =
      ", title_ja: あ, title_en: a, class: grid, applies: [pv], detected_by: pcs, condition: c, effect: trip, "
      "recovery: {kind: auto}, severity: error}\n";
  EXPECT_EQ(refusal_of(head + "E1-1" + tail), "accepted");
  EXPECT_THAT(refusal_of(head + "E1-16" + tail), HasSubstr(".yaml:1:10: 'E1-16' is no code"));
  EXPECT_THAT(refusal_of(head + "E1-1" + tail + head + "E1-1" + tail),
              HasSubstr(".yaml:2:10: code 'E1-1' is here twice"));
  EXPECT_THAT(refusal_of("- {code: E1-1, titel_ja: x}\n"), HasSubstr("nearest: 'title_ja'"));
}

}  // namespace
}  // namespace v2x::contracts
