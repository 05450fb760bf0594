// What injected faults do to the bytes of a reply on their way to the master.
#pragma once

#include <span>
#include <vector>

#include "common/clock.hpp"
#include "common/random.hpp"
#include "contracts/bus_fault.hpp"
#include "sim/core/modbus_frame.hpp"

namespace v2x::core {

/// Bytes that leave in one piece, so long after the reply began to leave.
struct ReplyPiece {
  Duration after{};
  Adu bytes;
};

/// `reply` is a whole ADU. Noise of `garbage` is the `k`-th of `stream`.
std::vector<ReplyPiece> damage_reply(Framing framing, Adu reply, std::span<const contracts::BusFault> faults,
                                     const RandomStream& stream, std::uint64_t k);

}  // namespace v2x::core
