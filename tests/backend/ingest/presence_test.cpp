// Who was heard is told neither too often nor too late.
#include "backend/ingest/presence.hpp"

#include <gmock/gmock.h>

#include "common/jst.hpp"

namespace v2x::ingest {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Time kNoon = parse_time("2026-04-01T12:00:00+09:00").value();

TEST(Presence, WithoutIntervalsEveryContactIsToldAtOnce) {
  Presence presence({});
  EXPECT_FALSE(presence.is_due());
  for (const Time t : {kNoon, kNoon, kNoon + seconds(1)}) {
    presence.heard("A", t);
    EXPECT_TRUE(presence.is_due());
    EXPECT_THAT(presence.to_tell(), ElementsAre(Pair("A", t)));
    presence.told(presence.to_tell());
  }
}

TEST(Presence, WithIntervalsTheFirstContactIsToldAndThenOneInAWhile) {
  Presence presence({seconds(10), milliseconds(0)});
  presence.heard("A", kNoon);
  presence.told(presence.to_tell());
  presence.heard("A", kNoon + seconds(9));
  EXPECT_THAT(presence.to_tell(), IsEmpty());
  EXPECT_FALSE(presence.is_due());
  presence.heard("B", kNoon + seconds(9));
  presence.heard("A", kNoon + seconds(10));
  presence.heard("A", kNoon + seconds(11));
  EXPECT_THAT(presence.to_tell(), ElementsAre(Pair("A", kNoon + seconds(11)), Pair("B", kNoon + seconds(9))));
}

TEST(Presence, CollectsBeforeItTells) {
  Presence presence({seconds(10), minutes(10)});
  presence.heard("A", kNoon);
  EXPECT_FALSE(presence.is_due());
}

TEST(Presence, A_FewAreToldAtATimeAndWhoSpeaksAmongThem) {
  Presence presence({seconds(10), milliseconds(0), 2});
  for (const char* gateway : {"A", "B", "C", "D"}) presence.heard(gateway, kNoon);
  const Presence::Heard first = presence.to_tell({"D", "nobody"});
  EXPECT_THAT(first, ElementsAre(Pair("A", kNoon), Pair("B", kNoon), Pair("D", kNoon)));
  presence.told(first);
  EXPECT_TRUE(presence.is_due());
  EXPECT_THAT(presence.to_tell(), ElementsAre(Pair("C", kNoon)));
  presence.told(presence.to_tell());
  EXPECT_FALSE(presence.is_due());
}

TEST(Presence, PausesBeforeItTellsTheNext) {
  Presence presence({seconds(10), minutes(10), 1});
  presence.heard("A", kNoon);
  presence.heard("B", kNoon);
  presence.told(presence.to_tell());
  EXPECT_FALSE(presence.is_due());
  EXPECT_THAT(presence.to_tell(), ElementsAre(Pair("B", kNoon)));
}

TEST(Presence, WhoComesBackIsToldAtOnce) {
  Presence presence({minutes(10), milliseconds(0)});
  presence.heard("A", kNoon);
  presence.heard("B", kNoon + minutes(4));
  presence.told(presence.to_tell());
  EXPECT_EQ(presence.heard_since(kNoon), 2u);
  EXPECT_EQ(presence.heard_since(kNoon + minutes(1)), 1u);
  presence.heard("A", kNoon + minutes(6));
  EXPECT_THAT(presence.to_tell(), ElementsAre(Pair("A", kNoon + minutes(6))));
}

}  // namespace
}  // namespace v2x::ingest
