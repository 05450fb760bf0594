// What models, register maps, control paths and scenarios may rely on in contracts/quantities.yaml.
#include "contracts/quantity_catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/bad_input.hpp"

namespace v2x::contracts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const QuantityCatalogue& catalogue() {
  static const QuantityCatalogue loaded = QuantityCatalogue::load();
  return loaded;
}

std::string refusal_of(const std::string& yaml) {
  const auto file = std::filesystem::path(testing::TempDir()) / "quantities_under_test.yaml";
  std::ofstream(file) << yaml;
  try {
    QuantityCatalogue::load(file);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "accepted";
}

TEST(QuantityCatalogue, KnowsTheSixOwners) {
  EXPECT_THAT(catalogue().kinds(), ElementsAre("pv_pcs", "ev_pcs", "meter", "site", "car", "gateway"));
  for (const std::string& kind : catalogue().kinds()) EXPECT_FALSE(catalogue().of(kind).empty()) << kind;
}

TEST(QuantityCatalogue, WritesIndicesOutByKind) {
  EXPECT_NE(catalogue().find("pv_pcs", "dc[4].voltage"), nullptr);
  EXPECT_EQ(catalogue().find("pv_pcs", "dc[5].voltage"), nullptr);
  EXPECT_NE(catalogue().find("ev_pcs", "dc[1].voltage"), nullptr);
  EXPECT_EQ(catalogue().find("ev_pcs", "dc[2].voltage"), nullptr);
  EXPECT_EQ(catalogue().find("pv_pcs", "dc[1].energy_absorbed"), nullptr);
  EXPECT_NE(catalogue().find("ev_pcs", "fault_vendor[4]"), nullptr);
}

TEST(QuantityCatalogue, EnumerationsNumberTheirWordsFromZeroAsInTheRegisters) {
  EXPECT_THAT(catalogue().find("gateway", "mode")->words,
              ElementsAre("standby", "green", "economy", "charge", "safety", "discharge"));
  EXPECT_EQ(catalogue().find("ev_pcs", "vehicle.stage")->words[8], "power_flow");
  EXPECT_EQ(catalogue().find("ev_pcs", "vehicle.stop_reason")->words[19], "idle");
  EXPECT_EQ(catalogue().find("pv_pcs", "state_detail")->words[10], "black_start");
}

TEST(QuantityCatalogue, OnlyCausesMayBePinned) {
  for (const char* name :
       {"grid.voltage_u", "grid.source_v", "grid.frequency", "load_w", "plant.irradiance", "plant.ambient"})
    EXPECT_EQ(catalogue().find("site", name)->access, QuantityAccess::pin) << name;
  EXPECT_EQ(catalogue().find("pv_pcs", "op.run_switch")->access, QuantityAccess::pin);
  EXPECT_EQ(catalogue().find("pv_pcs", "cmd.power_limit")->access, QuantityAccess::rw);
  EXPECT_EQ(catalogue().find("pv_pcs", "ac.power")->access, QuantityAccess::r);
  EXPECT_EQ(catalogue().find("pv_pcs", "fault")->access, QuantityAccess::r);
}

TEST(QuantityCatalogue, RefusesBadEntriesAtTheirPlace) {
  EXPECT_THAT(refusal_of("- kinds: [pv_pc]\n  quantities: {a: {title: x}}\n"),
              HasSubstr(".yaml:1:11: 'pv_pc' is no kind, nearest: 'pv_pcs'"));
  EXPECT_THAT(refusal_of("- kinds: [car]\n  quantities: {a: {title: x, acces: r}}\n"), HasSubstr("nearest: 'access'"));
  EXPECT_THAT(refusal_of("- kinds: [car]\n  quantities: {'a[n]': {title: x}}\n"),
              HasSubstr("expected [n] in the name if"));
  EXPECT_THAT(
      refusal_of("- kinds: [car]\n  quantities: {a: {title: x}}\n- kinds: [car]\n  quantities: {a: {title: x}}\n"),
      HasSubstr(".yaml:4:19: 'a' is here twice"));
  EXPECT_THROW(catalogue().of("boat"), BadInput);
}

}  // namespace
}  // namespace v2x::contracts
