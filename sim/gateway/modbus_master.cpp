#include "sim/gateway/modbus_master.hpp"

#include <sys/socket.h>

#include <algorithm>

namespace v2x::gateway {
namespace {

constexpr std::uint8_t kWriteMultiple = 16;
constexpr std::uint8_t kExceptionBit = 0x80;
constexpr size_t kHeader = 6;       // transaction, protocol, length
constexpr size_t kMaxLength = 254;  // of unit id and PDU

std::uint16_t word_at(std::span<const std::uint8_t> bytes, size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

size_t put_word(std::span<std::uint8_t> bytes, size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
  return at + 2;
}

void discard(int fd, size_t count) {
  std::array<std::uint8_t, 512> bin;
  while (count > 0) {
    const ssize_t got = ::recv(fd, bin.data(), std::min(count, bin.size()), MSG_DONTWAIT);
    if (got <= 0) return;
    count -= static_cast<size_t>(got);
  }
}

}  // namespace

ModbusMaster::ModbusMaster(core::ModbusPort& port, std::uint8_t unit_id, std::uint8_t read_function)
    : port_(port), unit_id_(unit_id), read_function_(read_function) {}

bool ModbusMaster::request_read(std::uint16_t address, std::uint16_t count) {
  return send(read_function_, address, count, {});
}

bool ModbusMaster::request_write(std::uint16_t address, std::span<const std::uint16_t> values) {
  return send(kWriteMultiple, address, static_cast<std::uint16_t>(values.size()), values);
}

// libmodbus 3.1.6 gives every raw request the transaction 0, with which a late reply could not be told from the
// awaited one, and takes in a reply in three pieces with a select() before each: so both are framed here.
bool ModbusMaster::send(std::uint8_t function, std::uint16_t address, std::uint16_t count,
                        std::span<const std::uint16_t> values) {
  std::array<std::uint8_t, kMaxFrame> frame;
  put_word(frame, 0, ++transaction_);
  put_word(frame, 2, 0);
  frame[6] = unit_id_;
  frame[7] = function;
  size_t end = put_word(frame, put_word(frame, 8, address), count);
  if (!values.empty()) {
    frame[end++] = static_cast<std::uint8_t>(values.size() * 2);
    for (const std::uint16_t value : values) end = put_word(frame, end, value);
  }
  put_word(frame, 4, static_cast<std::uint16_t>(end - kHeader));
  function_ = function;
  address_ = address;
  count_ = count;
  pending_ = true;  // the reply may come at once
  if (port_.send(std::span(frame).first(end))) return true;
  pending_ = false;
  return false;
}

std::optional<ModbusMaster::Reply> ModbusMaster::take_reply() {
  const int fd = port_.fd();
  if (fd < 0) return std::nullopt;
  std::array<std::uint8_t, kMaxFrame> seen;
  for (;;) {
    const ssize_t got = ::recv(fd, seen.data(), seen.size(), MSG_PEEK | MSG_DONTWAIT);
    if (got < static_cast<ssize_t>(kHeader)) return std::nullopt;
    const size_t length = word_at(seen, 4);
    if (word_at(seen, 2) != 0 || length < 3 || length > kMaxLength) {
      discard(fd, SIZE_MAX);  // the framing is lost: nothing that is pending can be trusted
      return std::nullopt;
    }
    const size_t whole = kHeader + length;
    if (static_cast<size_t>(got) < whole) return std::nullopt;
    discard(fd, whole);
    const auto frame = std::span(seen).first(whole);
    if (pending_ && answers_request(frame)) return parse(frame);
  }
}

bool ModbusMaster::answers_request(std::span<const std::uint8_t> frame) const {
  if (word_at(frame, 0) != transaction_ || frame[6] != unit_id_) return false;
  if (frame[7] == (function_ | kExceptionBit)) return frame.size() == 9;
  if (frame[7] != function_) return false;
  if (function_ == read_function_) return frame[8] == count_ * 2 && frame.size() == 9u + frame[8];
  return frame.size() == 12 && word_at(frame, 8) == address_ && word_at(frame, 10) == count_;
}

ModbusMaster::Reply ModbusMaster::parse(std::span<const std::uint8_t> frame) {
  pending_ = false;
  if (frame[7] & kExceptionBit) return Reply{frame[8], {}};
  if (function_ != read_function_) return Reply{};
  for (size_t i = 0; i < count_; ++i) registers_[i] = word_at(frame, 9 + 2 * i);
  return Reply{0, std::span(registers_).first(count_)};
}

}  // namespace v2x::gateway
