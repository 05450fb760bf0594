// libFuzzer: whatever bytes come, a bus answers with well-formed replies, exceptions or silence, and time goes on.
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

#include "common/log.hpp"
#include "tests/sim/core/bus_fixture.hpp"

namespace {

using namespace v2x;
using namespace v2x::core;

[[noreturn]] void report(const char* sentence) {
  std::fprintf(stderr, "%s\n", sentence);
  std::abort();
}

/// Without damage every reply is whole: a header that fits its length, or an address and a CRC.
void check_replies(Framing framing, const Bytes& bytes) {
  if (framing == Framing::rtu) {
    if (bytes.empty()) return;
    Bytes again = bytes;
    renew_crc(again);
    if (bytes.size() < 5 || again != bytes) report("an RTU reply has a wrong CRC");
    return;
  }
  for (size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < kMbapSize + 2) report("a TCP reply is shorter than its header");
    const std::span rest = std::span(bytes).subspan(at);
    if (big_endian(rest, 2) != 0) report("a TCP reply has another protocol than 0");
    const size_t size = 6 + size_t{big_endian(rest, 4)};
    if (size > rest.size()) report("a TCP reply is shorter than it says");
    at += size;
  }
}

struct Bench {
  FakeDevice device{"ev_pcs"};
  RegisterImage image{shipped_map("sunspec-ev"), device};
  TestScheduler scheduler;
  UnitConduct conduct{shipped_map("sunspec-ev"), {{}, 1, "v2h", [this] { return scheduler.now(); }}};
};

/// Faults by number; 0 and what is beyond them: none.
const char* const kFaults[] = {"",
                               R"({"kind": "corrupt", "how": "truncate", "bytes": 5})",
                               R"({"kind": "short_count", "value": 3})",
                               R"({"kind": "duplicate", "ms": 0.5})",
                               R"({"kind": "word_swap"})",
                               R"({"kind": "counter_jump", "value": 7})",
                               R"({"kind": "corrupt", "how": "garbage", "bytes": 9})",
                               R"({"kind": "bulk_quirk", "registers": 2})",
                               R"({"kind": "drop_bytes", "rate": 0.3})",
                               R"({"kind": "wrong_function", "value": 4})"};

/// First byte: framing and fault. Then pieces: a byte with the length, and the bytes.
void run(std::span<const std::uint8_t> input) {
  Bench bench;
  BusOptions options;
  options.framing = (input[0] & 1) != 0 ? Framing::rtu : Framing::tcp;
  BusLine line(bench.scheduler, options);
  line.add(1, bench.image, bench.conduct);
  const size_t fault = input[0] >> 1;
  const bool damaged = fault > 0 && fault < std::size(kFaults);
  if (damaged)
    (void)bench.conduct.inject(*contracts::BusFault::parse(nlohmann::json::parse(kFaults[fault])), {},
                               bench.image.snapshot());
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) return;
  const Socket near(ends[0]);
  const Socket far(ends[1]);
  const auto peer = line.connect(far.fd());
  input = input.subspan(1);
  while (!input.empty() && peer->fd >= 0) {
    const size_t size = std::min<size_t>(input[0], input.size() - 1);
    line.receive(peer, input.subspan(1, size));
    if (options.framing == Framing::rtu) line.silence(peer);
    input = input.subspan(1 + size);
    bench.scheduler.run();
    Bytes replies(1 << 16);
    const auto received = ::recv(near.fd(), replies.data(), replies.size(), 0);
    replies.resize(received > 0 ? static_cast<size_t>(received) : 0);
    if (!damaged) check_replies(options.framing, replies);
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  static const v2x::SteppedClock clock{v2x::Time()};
  v2x::log::start("modbus_fuzz", clock, v2x::log::Level::error);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size > 1) run(std::span(data, size));
  return 0;
}
