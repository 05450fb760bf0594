// A line with weaknesses: what is lost, doubled, delayed and overtaken, the same for the same seed.
#include "sim/site/unsteady_line.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class FakeService final : public gateway::Uplink {
 public:
  bool send(std::string_view frame) override {
    frames.emplace_back(frame);
    return open;
  }
  std::vector<std::string> frames;
  bool open = true;
};

class UnsteadyLineTest : public testing::Test {
 protected:
  core::TestScheduler scheduler_;
  FakeService service_;
  std::vector<std::string> received_;
  UnsteadyLine line_{scheduler_,
                     {service_, [this](std::string_view frame) { received_.emplace_back(frame); }},
                     1,
                     "01AB12345678"};
};

TEST_F(UnsteadyLineTest, PassesEverythingOnAtOnceWithoutFaults) {
  EXPECT_TRUE(line_.send("a"));
  service_.open = false;
  EXPECT_FALSE(line_.send("b")) << "a full queue is told";
  line_.receive("c");
  EXPECT_THAT(service_.frames, ElementsAre("a", "b"));
  EXPECT_THAT(received_, ElementsAre("c"));
}

TEST_F(UnsteadyLineTest, LosesItsShareUnseen) {
  line_.faults().loss = 0.3;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(line_.send("x"));
  EXPECT_GT(service_.frames.size(), 640u);
  EXPECT_LT(service_.frames.size(), 760u);
}

TEST_F(UnsteadyLineTest, DoublesWhatItIsToldTo) {
  line_.faults().duplicate = 1;
  line_.send("a");
  line_.receive("b");
  EXPECT_THAT(service_.frames, ElementsAre("a", "a"));
  EXPECT_THAT(received_, ElementsAre("b", "b"));
}

TEST_F(UnsteadyLineTest, DelaysInOrder) {
  line_.faults().latency = std::pair<Duration, Duration>{100ms, 3s};
  for (const char* frame : {"a", "b", "c", "d", "e"}) line_.send(frame);
  EXPECT_TRUE(service_.frames.empty());
  scheduler_.run_to(Time(3s));
  EXPECT_THAT(service_.frames, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(UnsteadyLineTest, LetsOthersOvertake) {
  line_.faults().reorder = 1;
  line_.faults().overtaken = {10s, 10s};
  line_.send("late");
  line_.faults().reorder = 0;
  line_.send("early");
  EXPECT_THAT(service_.frames, ElementsAre("early"));
  scheduler_.run_to(Time(10s));
  EXPECT_THAT(service_.frames, ElementsAre("early", "late"));
}

TEST_F(UnsteadyLineTest, A_CutLosesWhatIsOnItsWay) {
  line_.faults().latency = std::pair<Duration, Duration>{1s, 1s};
  line_.send("a");
  line_.cut();
  scheduler_.run_to(Time(2s));
  EXPECT_TRUE(service_.frames.empty());
}

}  // namespace
}  // namespace v2x::site
