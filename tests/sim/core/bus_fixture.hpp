// Virtual time, frames and a bus with one unit, for the tests of Modbus.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <map>

#include "sim/core/lockstep_port.hpp"
#include "sim/core/register_image.hpp"
#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {

using Bytes = std::vector<std::uint8_t>;

constexpr int kDeadlineMs = 5000;  // only a broken build waits that long

/// Virtual time for one test: runs acts in the order of their instants.
class TestScheduler final : public Scheduler {
 public:
  Time now() const override { return now_; }
  void at(Time t, std::function<void()> act) override { acts_.emplace(std::max(t, now_), std::move(act)); }
  void run() {
    while (!acts_.empty()) {
      auto next = acts_.extract(acts_.begin());
      now_ = next.key();
      next.mapped()();
    }
  }
  void run_to(Time t) {
    while (!acts_.empty() && acts_.begin()->first <= t) {
      auto next = acts_.extract(acts_.begin());
      now_ = next.key();
      next.mapped()();
    }
    now_ = t;
  }

 private:
  Time now_{};
  std::multimap<Time, std::function<void()>> acts_;
};

inline Bytes request(std::uint8_t unit, Bytes pdu) {
  Bytes adu{0x12, 0x34, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), unit};
  adu.insert(adu.end(), pdu.begin(), pdu.end());
  return adu;
}

inline Bytes rtu_request(std::uint8_t unit, Bytes pdu) {
  Bytes adu(1 + pdu.size() + kCrcSize);
  adu[0] = unit;
  std::copy(pdu.begin(), pdu.end(), adu.begin() + 1);
  renew_crc(adu);
  return adu;
}

/// All that comes on `fd` within the deadline in one piece; empty when the peer closed.
inline Bytes receive_bytes(int fd, int deadline_ms = kDeadlineMs) {
  pollfd wait{fd, POLLIN, 0};
  if (::poll(&wait, 1, deadline_ms) != 1) return {0xEE};
  Bytes bytes(2 * kLongestAdu);
  const auto size = ::read(fd, bytes.data(), bytes.size());
  bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return bytes;
}

/// The next reply on `fd` without its MBAP header; empty when the peer closed.
inline Bytes receive_pdu(int fd) {
  const Bytes adu = receive_bytes(fd);
  if (adu.size() <= kMbapSize) return adu.size() == 1 ? adu : Bytes{};
  return {adu.begin() + kMbapSize, adu.end()};
}

/// A device on a bus in virtual time. Bytes that came back are kept with their instants.
class BusFixture : public testing::Test {
 protected:
  explicit BusFixture(BusOptions options = {}) : line(scheduler, owned(std::move(options))) {
    line.add(1, image, conduct);
    port.on_reply_pending([this] { reply_times.push_back(scheduler.now()); });
  }
  static BusOptions owned(BusOptions options) {
    options.owner = "home.gateway";
    return options;
  }

  void send(const Bytes& adu) {
    EXPECT_EQ(::send(port.fd(), adu.data(), adu.size(), 0), static_cast<ssize_t>(adu.size()));
    port.request_sent();
  }
  /// Sends, lets virtual time run, and gives what came back; empty when nothing did.
  Bytes exchange_adu(const Bytes& adu) {
    const size_t before = reply_times.size();
    send(adu);
    scheduler.run();
    return reply_times.size() == before ? Bytes{} : receive_bytes(port.fd());
  }
  /// The same without the MBAP header.
  Bytes exchange(const Bytes& adu) {
    const Bytes reply = exchange_adu(adu);
    return reply.size() < kMbapSize ? reply : Bytes(reply.begin() + kMbapSize, reply.end());
  }

  FakeDevice device{"pv_pcs"};
  RegisterImage image{shipped_map("sunspec-pv"), device};
  TestScheduler scheduler;
  UnitConduct conduct{shipped_map("sunspec-pv"), {{}, 1, "home.pcs1", [this] { return scheduler.now(); }}};
  BusLine line;
  LockstepPort port{line};
  std::vector<Time> reply_times;
};

}  // namespace v2x::core
