// Worlds: people, houses, and what an including world adds.
#include "harness/scenario/world_file.hpp"

#include <gmock/gmock.h>

#include "tests/harness/scenario/temporary_scenarios.hpp"

namespace v2x::scenario {
namespace {

using WorldFile = TemporaryScenarios;
using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal_of_world(const std::string& text) {
  std::ofstream("scenarios/worlds/w.yaml") << text;
  try {
    load_world("scenarios/worlds/w.yaml");
    return "accepted";
  } catch (const BadInput& error) {
    return error.what();
  }
}

TEST_F(WorldFile, AnIncludingWorldOverlaysKeyByKey) {
  const World world = load_world("scenarios/worlds/home_linked.yaml");
  EXPECT_EQ(world.name, "home_linked");
  const Site& home = world.sites.at(0);
  EXPECT_EQ(home.gateway_id, "01AB12345678");
  EXPECT_EQ(home.find_unit("pcs2")->kind, "pv_pcs");
  EXPECT_TRUE(home.has_car);
  const Customer& hanako = *world.find_customer("hanako");
  EXPECT_EQ(hanako.tel, "075-344-7000");
  EXPECT_THAT(hanako.gateways, ElementsAre("home"));
  EXPECT_THAT(world.find_dealer("shop4001")->links, ElementsAre("home"));
  EXPECT_EQ(world.find_dealer("shop4001")->contacts.at(1).notify_offline, false);
  EXPECT_EQ(world.owner_of("home"), &hanako);
}

TEST_F(WorldFile, InHomeNobodyIsRegistered) {
  const World world = load_world("scenarios/worlds/home.yaml");
  EXPECT_EQ(world.owner_of("home"), nullptr);
  EXPECT_TRUE(world.find_dealer("shop4001")->links.empty());
}

TEST_F(WorldFile, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(refusal_of_world("title: a\ninclude: hone.yaml\n"), HasSubstr("w.yaml:2:10: 'hone.yaml' is not there"));
  EXPECT_THAT(refusal_of_world("title: a\ninclude: home.yaml\ncustomers:\n  taro: {mail: a@example.jp}\n"),
              HasSubstr("w.yaml:4:9: key 'name' is missing"));
  EXPECT_THAT(refusal_of_world("title: a\ninclude: home.yaml\ncustomers:\n  hanako: {gateways: [house]}\n"),
              HasSubstr("w.yaml:4:23: 'house' is no site of this world, nearest: 'home'"));
  EXPECT_THAT(refusal_of_world("title: a\ninclude: home.yaml\ndealers:\n  shop4001: {links: [home]}\n"),
              HasSubstr("'home' cannot be linked, expected a site that a customer registered"));
  EXPECT_THAT(refusal_of_world("title: a\n"), HasSubstr("no sites"));
}

}  // namespace
}  // namespace v2x::scenario
