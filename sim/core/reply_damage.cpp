#include "sim/core/reply_damage.hpp"

#include <algorithm>

namespace v2x::core {
namespace {

using contracts::BusFault;
using Kind = contracts::BusFaultKind;

constexpr size_t kLengthAt = 4;  // in the MBAP header
constexpr std::uint8_t kExceptionBit = 0x80;

void put_word(Adu& adu, size_t at, std::uint16_t value) {
  adu[at] = static_cast<std::uint8_t>(value >> 8);
  adu[at + 1] = static_cast<std::uint8_t>(value);
}

/// A frame that is whole again after its content changed.
void close_frame(Framing framing, Adu& adu) {
  if (framing == Framing::rtu)
    renew_crc(adu);
  else
    put_word(adu, kLengthAt, static_cast<std::uint16_t>(adu.size() - kMbapSize + 1));
}

void corrupt(Framing framing, const BusFault& fault, const RandomStream& stream, std::uint64_t k, Adu& adu) {
  const auto count = std::min<size_t>(static_cast<size_t>(fault.value), adu.size() - 1);
  if (fault.how == "truncate") {
    adu.resize(adu.size() - count);
  } else if (fault.how == "garbage") {
    const size_t begin = pdu_begin(framing);
    for (size_t i = 0; i < count && begin + i < adu.size(); ++i)
      adu[begin + i] = static_cast<std::uint8_t>(random_bits(stream, k * kLongestAdu + i));
  } else if (framing == Framing::rtu) {
    adu.back() = static_cast<std::uint8_t>(adu.back() ^ 0xFF);
  } else {
    put_word(adu, kLengthAt, static_cast<std::uint16_t>(big_endian(adu, kLengthAt) + count));
  }
}

void shorten(Framing framing, const BusFault& fault, Adu& adu) {
  const size_t function_at = pdu_begin(framing);
  const bool is_read = adu[function_at] == 3 || adu[function_at] == 4;  // an exception carries no registers
  if (!is_read) return;
  const size_t behind = framing == Framing::rtu ? kCrcSize : 0;
  const size_t registers = (adu.size() - behind - function_at - 2) / 2;
  const size_t fewer = std::min(registers, static_cast<size_t>(fault.value));
  adu[function_at + 1] = static_cast<std::uint8_t>((registers - fewer) * 2);
  const auto end = adu.end() - static_cast<std::ptrdiff_t>(behind);
  adu.erase(end - static_cast<std::ptrdiff_t>(fewer * 2), end);
  close_frame(framing, adu);
}

void change(Framing framing, const BusFault& fault, const RandomStream& stream, std::uint64_t k, Adu& adu) {
  const size_t function_at = pdu_begin(framing);
  if (adu.size() < function_at + 2 + kCrcSize) return;  // cut by another fault
  switch (fault.kind) {
    case Kind::wrong_unit:
      adu[function_at - 1] = static_cast<std::uint8_t>(fault.value);
      return close_frame(framing, adu);
    case Kind::wrong_function:
      adu[function_at] = static_cast<std::uint8_t>((adu[function_at] & kExceptionBit) | fault.value);
      return close_frame(framing, adu);
    case Kind::wrong_tid:  // a serial line has no transactions
      if (framing == Framing::tcp) put_word(adu, 0, static_cast<std::uint16_t>(big_endian(adu, 0) + fault.value));
      return;
    case Kind::short_count:
      return shorten(framing, fault, adu);
    case Kind::corrupt:
      return corrupt(framing, fault, stream, k, adu);
    default:
      return;
  }
}

std::vector<ReplyPiece> in_fragments(const BusFault& fault, const std::vector<ReplyPiece>& whole) {
  std::vector<ReplyPiece> pieces;
  for (const ReplyPiece& piece : whole) {
    Duration after = piece.after;
    const auto size = static_cast<size_t>(fault.value);
    for (size_t at = 0; at < piece.bytes.size(); at += size, after += fault.least) {
      const auto begin = piece.bytes.begin() + static_cast<std::ptrdiff_t>(at);
      pieces.push_back(
          {after, Adu(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, piece.bytes.size() - at)))});
    }
  }
  return pieces;
}

}  // namespace

std::vector<ReplyPiece> damage_reply(Framing framing, Adu reply, std::span<const BusFault> faults,
                                     const RandomStream& stream, std::uint64_t k) {
  for (const BusFault& fault : faults) change(framing, fault, stream, k, reply);
  std::vector<ReplyPiece> pieces{{Duration(0), std::move(reply)}};
  for (const BusFault& fault : faults) {
    if (fault.kind == Kind::duplicate) pieces.push_back({pieces.back().after + fault.least, pieces.front().bytes});
    if (fault.kind == Kind::fragment) pieces = in_fragments(fault, pieces);
  }
  return pieces;
}

}  // namespace v2x::core
