// A unit whose SunSpec models are not where its map has them: they are found, read and written where they are.
#include "sim/gateway/chain.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "sim/gateway/unit_reader.hpp"
#include "tests/paths.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

using Progress = UnitReader::Progress;
using Models = std::vector<std::uint16_t>;

std::string shipped(const std::string& name) {
  std::ifstream in(in_sources("sim/pcs/maps/" + name + ".yaml"));
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Change {
  std::string what, by;
};

/// A shipped map with some of its text replaced.
core::RegisterMap changed_map(const std::string& name, const std::vector<Change>& changes) {
  const ScratchDirectory scratch;
  std::string text = shipped(name);
  for (const auto& [what, by] : changes) {
    const size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
  }
  std::ofstream(scratch.path() / "changed.yaml") << text;
  return core::RegisterMap::load(scratch.path() / "changed.yaml", quantities());
}

/// In front of `model` stands one that nobody knows.
Change one_more_before(const std::string& model) {
  const std::string line = "  - model: " + model + "\n";
  return {line, "  - model: 64001\n    length: 20\n    points: [{at: 2, name: X, type: u16, value: 7}]\n" + line};
}
Change renamed(const std::string& model, const std::string& by) {
  return {"  - model: " + model + "\n", "  - model: " + by + "\n"};
}

TEST(ChainWalk, FindsTheModelsUpToTheEndMarker) {
  ChainWalk walk(40'000);
  EXPECT_EQ(walk.next(), (RegisterRead{40'000, 2}));
  EXPECT_TRUE(walk.take(Models{0x5375, 0x6E53}));
  EXPECT_EQ(walk.next(), (RegisterRead{40'002, 2}));
  EXPECT_TRUE(walk.take(Models{1, 66}));
  EXPECT_EQ(walk.next(), (RegisterRead{40'070, 2}));
  EXPECT_TRUE(walk.take(Models{202, 105}));
  EXPECT_EQ(walk.found(), nullptr) << "not at its end";
  EXPECT_FALSE(walk.take(Models{0xFFFF, 0}));
  ASSERT_NE(walk.found(), nullptr);
  ASSERT_EQ(walk.found()->size(), 2u);
  EXPECT_EQ((*walk.found())[1].address, 40'070);
}

TEST(ChainWalk, WithoutSunSThereIsNoChain) {
  ChainWalk walk(40'000);
  EXPECT_FALSE(walk.take(Models{0, 0}));
  EXPECT_EQ(walk.found(), nullptr);
}

TEST(ChainWalk, EndsOnAChainThatDoesNot) {
  ChainWalk walk(0);
  ASSERT_TRUE(walk.take(Models{0x5375, 0x6E53}));
  size_t models = 0;
  while (walk.take(Models{1, 0})) ++models;
  EXPECT_EQ(models, ChainWalk::kMostModels);
  EXPECT_EQ(walk.found(), nullptr);
}

TEST(ChainLayout, TellsWhatLiesElsewhereIsMissingOrHasAnotherLength) {
  const core::RegisterMap& map = map_of(UnitKind::meter);
  EXPECT_EQ(ChainLayout(map, {{1, 40'002, 66}, {202, 40'070, 105}}).differences(), "");
  const ChainLayout moved(map, {{1, 40'002, 66}, {64'001, 40'070, 20}, {202, 40'092, 105}});
  EXPECT_EQ(moved.differences(), "202 at 40092 instead of 40070");
  EXPECT_EQ(moved.in_unit(40'088), 40'110);
  EXPECT_EQ(moved.in_unit(40'010), 40'010);
  EXPECT_FALSE(moved.in_one_piece(40'060, 40'080)) << "over the model between";
  EXPECT_TRUE(moved.in_one_piece(40'072, 40'080));
  EXPECT_EQ(ChainLayout(map, {{1, 40'002, 66}}).differences(), "202 is missing");
  EXPECT_EQ(ChainLayout(map, {{1, 40'002, 66}}).in_unit(40'088), std::nullopt);
  EXPECT_EQ(ChainLayout(map, {{1, 40'002, 66}, {202, 40'070, 107}}).differences(),
            "202 has 107 registers instead of 105");
}

/// A unit with the chain of `theirs`, read with the shipped map.
struct Stranger {
  Stranger(UnitKind kind, const core::RegisterMap& theirs)
      : unit(theirs, 100), reader{{"unit", kind, 4, 100, &map_of(kind)}, unit, {5s, 100ms, 1s, 1}} {
    unit.set("id.serial", "00009005MT1");
    unit.set("ac.power", -1234);
    unit.set("ac.frequency", 60);
  }
  Progress serve() {
    Progress progress = reader.wake(now);
    while (unit.take_request()) {
      unit.send_reply();
      progress = reader.on_reply(now);
    }
    return progress;
  }
  void identify_and_poll() {
    reader.start(now);
    ASSERT_EQ(serve(), Progress::identified);
    ASSERT_EQ(serve(), Progress::polled);
  }
  int requests_of_next_poll() {
    const int before = unit.requests;
    now = *reader.next_wake();
    EXPECT_EQ(serve(), Progress::polled);
    return unit.requests - before;
  }

  Time now = kNoon;
  FakeUnit unit;
  UnitReader reader;
};

TEST(Discovery, AMovedModelIsReadWhereItIs) {
  const core::RegisterMap theirs = changed_map("sunspec-meter", {one_more_before("202")});
  Stranger meter(UnitKind::meter, theirs);
  meter.identify_and_poll();
  EXPECT_EQ(meter.reader.quality(), PollQuality::good);
  EXPECT_EQ(meter.reader.identity()->serial, "00009005MT1");
  EXPECT_EQ(meter.reader.readings()[Reading::ac_w], -1234);
  EXPECT_EQ(meter.reader.readings()[Reading::hertz], 60);
  EXPECT_EQ(meter.requests_of_next_poll(), 1) << "found once, then read as any other";
}

TEST(Discovery, AMissingModelIsAbsentAndTheOthersAreRead) {
  const core::RegisterMap theirs = changed_map("sunspec-pv", {one_more_before("120"), renamed("160", "64002")});
  Stranger pcs(UnitKind::pv_pcs, theirs);
  pcs.unit.set("dc[1].voltage", 180);
  pcs.identify_and_poll();
  EXPECT_EQ(pcs.reader.quality(), PollQuality::good);
  EXPECT_EQ(pcs.reader.readings()[Reading::ac_w], -1234);
  EXPECT_FALSE(pcs.reader.readings()[Reading::string_1_v]);
}

TEST(Discovery, AUnitWithNoneOfItsModelsIsRefusedAndNeverZero) {
  const core::RegisterMap theirs = changed_map("sunspec-meter", {one_more_before("202"), renamed("202", "64003")});
  Stranger meter(UnitKind::meter, theirs);
  meter.identify_and_poll();
  EXPECT_EQ(meter.reader.quality(), PollQuality::exception);
  EXPECT_FALSE(meter.reader.readings()[Reading::ac_w]);
}

TEST(Discovery, AnotherModelOfTheSameLengthInItsPlaceIsNotTakenForIt) {
  const core::RegisterMap other_meter = changed_map("sunspec-meter", {renamed("202", "64003")});
  Stranger meter(UnitKind::meter, other_meter);
  meter.identify_and_poll();
  EXPECT_EQ(meter.reader.quality(), PollQuality::exception);
  EXPECT_FALSE(meter.reader.readings()[Reading::ac_w]);

  const core::RegisterMap other_strings = changed_map("sunspec-pv", {renamed("160", "64003")});
  Stranger pcs(UnitKind::pv_pcs, other_strings);
  pcs.unit.set("dc[1].voltage", 180);
  pcs.identify_and_poll();
  EXPECT_EQ(pcs.reader.quality(), PollQuality::good);
  EXPECT_EQ(pcs.reader.readings()[Reading::ac_w], -1234);
  EXPECT_FALSE(pcs.reader.readings()[Reading::string_1_v]);

  const core::RegisterMap other_vehicle = changed_map("sunspec-ev", {renamed("64901", "64003")});
  Stranger v2h(UnitKind::ev_pcs, other_vehicle);
  v2h.identify_and_poll();
  EXPECT_FALSE(v2h.reader.readings()[Reading::plug]);
  v2h.reader.write(WritePurpose::command, {{map_of(UnitKind::ev_pcs).find("64901.ChaMth")->address, {2}}});
  EXPECT_EQ(v2h.serve(), Progress::written);
  EXPECT_TRUE(v2h.unit.writes.empty());
}

TEST(Discovery, AMovedModelIsWrittenWhereItIs) {
  const core::RegisterMap theirs = changed_map("sunspec-ev", {one_more_before("64901")});
  Stranger v2h(UnitKind::ev_pcs, theirs);
  v2h.identify_and_poll();
  ASSERT_EQ(v2h.reader.quality(), PollQuality::good);
  const std::uint16_t method = map_of(UnitKind::ev_pcs).find("64901.ChaMth")->address;
  v2h.reader.write(WritePurpose::command, {{method, {2}}});
  EXPECT_EQ(v2h.serve(), Progress::written);
  EXPECT_TRUE(v2h.reader.write_answer().accepted());
  ASSERT_EQ(v2h.unit.writes.size(), 1u);
  EXPECT_EQ(v2h.unit.writes[0].address, method + 22);
}

TEST(Discovery, WhatTheUnitDoesNotHaveIsNotWritten) {
  const core::RegisterMap theirs = changed_map("sunspec-ev", {one_more_before("64901"), renamed("64901", "64003")});
  Stranger v2h(UnitKind::ev_pcs, theirs);
  v2h.identify_and_poll();
  v2h.reader.write(WritePurpose::command, {{map_of(UnitKind::ev_pcs).find("64901.ChaMth")->address, {2}}});
  EXPECT_EQ(v2h.serve(), Progress::written);
  EXPECT_FALSE(v2h.reader.write_answer().accepted());
  EXPECT_TRUE(v2h.unit.writes.empty());
}

}  // namespace
}  // namespace v2x::gateway
