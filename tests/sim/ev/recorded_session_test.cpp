// A recorded V2H session of a 24 kWh Leaf against ours: same events, same order, within 0.3 s.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/sim/ev/chademo_session.hpp"

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

constexpr double kTolerance = 0.3;

/// Every value that byte `byte` of frame `id` took, with its time.
std::vector<std::pair<double, int>> changes(const std::vector<Heard>& trace, int id, int byte) {
  std::vector<std::pair<double, int>> out;
  for (const Heard& heard : trace)
    if (heard.frame.id == id && (out.empty() || out.back().second != heard.frame.data[byte]))
      out.emplace_back(heard.t, heard.frame.data[byte]);
  return out;
}

/// The first instant from `from` on at which a 16-bit value satisfies `holds`.
template <class Holds>
double when(const std::vector<Heard>& trace, int id, int byte, double from, Holds holds) {
  for (const Heard& heard : trace)
    if (heard.frame.id == id && heard.t >= from &&
        holds(heard.frame.data[byte] + 256 * (byte < 7 ? heard.frame.data[byte + 1] : 0)))
      return heard.t;
  return -1;
}

double when_byte(const std::vector<Heard>& trace, int id, int byte, double from, int value) {
  for (const Heard& heard : trace)
    if (heard.frame.id == id && heard.t >= from && heard.frame.data[byte] == value) return heard.t;
  return -1;
}

/// The charger of the recording: 15 A, charges from 24.3 s on, is stopped at 46.76 s.
struct RecordedSession : ChademoSession {
  RecordedSession() {
    converter.largest_a = 15;
    follow = [](ChademoSession& session) {
      const double t = session.seconds(session.now);
      const Stage stage = session.charger.stage();
      session.converter.charge_a = stage == Stage::power_flow && t >= 24.2 ? 15 : 0;
      if (stage == Stage::power_flow) session.converter.current_a = -session.vehicle.says().request_a;
      if (stage == Stage::stopping && t >= 46.85) session.converter.current_a = t < 46.93 ? -9 : 0;
      if (t >= 46.7) session.charger.stop(StopReason::user, session.now);
    };
    charger.start(now);
    run_for(55s);
  }
};

TEST(RecordedSession, DEV_15_each_event_of_the_recorded_run_within_0_3_s) {
  const RecordedSession session;
  const auto& trace = session.trace;
  const struct {
    const char* what;
    double recorded;
    double ours;
  } events[] = {
      {"first frame of the car", 0.0, trace.front().t},
      {"109.5 = 20, stop", 0.0, when_byte(trace, 0x109, 5, 0, 0x20)},
      {"208.3 = F0, 15 A", 0.1, when_byte(trace, 0x208, 3, 0, 0xF0)},
      {"100.6 = 64, SOC in percent", 0.1, when_byte(trace, 0x100, 6, 0, 0x64)},
      {"101 capacity 22.2 kWh", 0.1, when(trace, 0x101, 5, 0, [](int v) { return v == 222; })},
      {"102.6 SOC 73 %", 2.1, when_byte(trace, 0x102, 6, 0, 73)},
      {"101.2 longest time 60 min", 2.9, when_byte(trace, 0x101, 2, 0, 60)},
      {"102.5 = C9, enabled", 3.9, when_byte(trace, 0x102, 5, 0, 0xC9)},
      {"109.5 = 24, locked", 12.7, when_byte(trace, 0x109, 5, 0, 0x24)},
      {"insulation test begins", 15.0, when(trace, 0x109, 1, 12, [](int v) { return v > 100; })},
      {"insulation test at 490 V", 15.3, when(trace, 0x109, 1, 12, [](int v) { return v >= 485; })},
      {"output falls", 15.7, when(trace, 0x109, 1, 15.4, [](int v) { return v < 400; })},
      {"output below 20 V", 16.0, when(trace, 0x109, 1, 15.6, [](int v) { return v < 20; })},
      {"102.5 = C1, contactor closed", 17.3, when_byte(trace, 0x102, 5, 0, 0xC1)},
      {"precharge begins", 17.5, when(trace, 0x109, 1, 17, [](int v) { return v > 50; })},
      {"precharged to the battery", 18.1, when(trace, 0x109, 1, 17, [](int v) { return v >= 371; })},
      {"102.3 asks", 19.0, when(trace, 0x102, 3, 10, [](int v) { return (v & 0xFF) > 0; })},
      {"200.0 offers", 19.45, when(trace, 0x200, 0, 10, [](int v) { return (v & 0xFF) < 0xFF; })},
      {"109.5 = 05, power flow", 19.56, when_byte(trace, 0x109, 5, 0, 0x05)},
      {"209 time 5", 19.56, when(trace, 0x209, 1, 0, [](int v) { return v == 5; })},
      {"109.7 = 60 min", 19.56, when_byte(trace, 0x109, 7, 0, 60)},
      {"108.3 = 0", 19.56, when_byte(trace, 0x108, 3, 0, 0)},
      {"102.3 back to 0", 19.7, when_byte(trace, 0x102, 3, 19.5, 0)},
      {"108.3 = 15 A", 24.3, when_byte(trace, 0x108, 3, 20, 15)},
      {"102.3 = 14 A", 25.1, when_byte(trace, 0x102, 3, 20, 14)},
      {"109.3 follows", 25.2, when_byte(trace, 0x109, 3, 20, 14)},
      {"109.5 = 25, stopping", 46.76, when_byte(trace, 0x109, 5, 0, 0x25)},
      {"109.3 = 0", 46.96, when_byte(trace, 0x109, 3, 46, 0)},
      {"109.5 = 24, power flow ends", 46.96, when_byte(trace, 0x109, 5, 40, 0x24)},
      {"102.5 = C0", 46.96, when_byte(trace, 0x102, 5, 40, 0xC0)},
      {"200.0 = FF", 46.96, when_byte(trace, 0x200, 0, 40, 0xFF)},
      {"output bleeds", 49.0, when(trace, 0x109, 1, 47, [](int v) { return v < 365; })},
      {"102.5 = C8, contactor open", 49.87, when_byte(trace, 0x102, 5, 40, 0xC8)},
      {"output at 8 V", 49.9, when(trace, 0x109, 1, 47, [](int v) { return v <= 8; })},
      {"109.5 = 20, unlocked", 50.56, when_byte(trace, 0x109, 5, 40, 0x20)},
  };
  for (const auto& event : events) EXPECT_NEAR(event.ours, event.recorded, kTolerance) << event.what;
  EXPECT_EQ(session.charger.stage(), Stage::plugged);
}

TEST(RecordedSession, status_bytes_come_in_the_recorded_order) {
  const RecordedSession session;
  const auto values = [&](int id, int byte) {
    std::vector<int> out;
    for (const auto& [t, value] : changes(session.trace, id, byte)) out.push_back(value);
    return out;
  };
  EXPECT_EQ(values(0x102, 5), (std::vector<int>{0xC8, 0xC9, 0xC1, 0xC0, 0xC8}));
  EXPECT_EQ(values(0x109, 5), (std::vector<int>{0x20, 0x24, 0x05, 0x25, 0x24, 0x20}));
  EXPECT_EQ(values(0x200, 0), (std::vector<int>{0xFF, 0xFD, 0xFB, 0xF9, 0xF7, 0xF5, 0xF3, 0xF1, 0xF0, 0xFF}));
}

TEST(RecordedSession, the_first_frames_are_those_of_the_recording) {
  const RecordedSession session;
  const auto first = [&](int id) {
    const auto at = std::find_if(session.trace.begin(), session.trace.end(),
                                 [id](const Heard& heard) { return heard.frame.id == id; });
    return at->frame.data;
  };
  using Bytes = std::array<std::uint8_t, 8>;
  EXPECT_EQ(first(0x102), (Bytes{0x02, 0x9A, 0x01, 0x00, 0x00, 0xC8, 0x03, 0x00}));
  EXPECT_EQ(first(0x108), (Bytes{0x01, 0xF4, 0x01, 0x0F, 0xB3, 0x01, 0x00, 0x00}));
  EXPECT_EQ(first(0x109), (Bytes{0x02, 0x00, 0x00, 0x00, 0x01, 0x20, 0xFF, 0xFF}));
  EXPECT_EQ(first(0x208), (Bytes{0xFF, 0xF4, 0x01, 0xFF, 0x00, 0x00, 0xFA, 0x00}));
  const auto levels = first(0x200);
  EXPECT_EQ(levels[6], 0x43) << "30 % of 22.2 kWh in 0.1 kWh";
  EXPECT_EQ(levels[7], 0xB2) << "80 %";
}

TEST(RecordedSession, every_frame_comes_every_100_ms_cars_10_ms_apart_stands_back_to_back) {
  const RecordedSession session;
  for (const int id : {0x100, 0x101, 0x102, 0x200, 0x108, 0x109, 0x208, 0x209}) {
    double last = -1;
    for (const Heard& heard : session.trace) {
      if (heard.frame.id != id) continue;
      if (last >= 0) {
        EXPECT_NEAR(heard.t - last, 0.1, 0.01) << fmt::format("{:x} at {}", id, heard.t);
      }
      last = heard.t;
    }
    EXPECT_GT(last, 50.0);
  }
  const auto after = [&](int id) {
    for (const Heard& heard : session.trace)
      if (heard.frame.id == id && heard.t > 30.05) return heard.t;
    return 0.0;
  };
  EXPECT_NEAR(after(0x101) - after(0x100), 0.010, 0.001);
  EXPECT_NEAR(after(0x109) - after(0x108), 0.000222, 1e-6);
  EXPECT_LT(after(0x108), after(0x109));
}

}  // namespace
}  // namespace v2x::ev
