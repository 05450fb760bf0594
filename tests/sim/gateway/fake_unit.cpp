#include "tests/sim/gateway/fake_unit.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <span>

namespace v2x::gateway {
namespace {

std::uint16_t word_at(std::string_view bytes, size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

void put_word(std::string& bytes, std::uint16_t value) {
  bytes += static_cast<char>(value >> 8);
  bytes += static_cast<char>(value);
}

}  // namespace

FakeUnit::FakeUnit(const core::RegisterMap& map, std::uint8_t unit_id)
    : map_(map), unit_id_(unit_id), registers_(0x10000) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
  gateway_end_ = ends[0];
  unit_end_ = ends[1];
  for (const core::Point& point : map_.points())
    core::RegisterMap::encode(point, point.constant.value_or(core::PointValue{}),
                              std::span(registers_).subspan(point.address, point.size));
}

FakeUnit::~FakeUnit() {
  ::close(gateway_end_);
  ::close(unit_end_);
}

void FakeUnit::set(std::string_view quantity, double value) {
  for (const core::Point& point : map_.points())
    if (point.quantity == quantity)
      core::RegisterMap::encode(point, value, std::span(registers_).subspan(point.address, point.size));
}

void FakeUnit::set(std::string_view quantity, std::string_view text) {
  for (const core::Point& point : map_.points()) {
    if (point.quantity != quantity) continue;
    core::PointValue value = std::string(text);
    for (const auto& [raw, word] : point.words)
      if (word == text) value = static_cast<double>(raw);
    core::RegisterMap::encode(point, value, std::span(registers_).subspan(point.address, point.size));
  }
}

void FakeUnit::set_absent(std::string_view quantity) {
  for (const core::Point& point : map_.points())
    if (point.quantity == quantity)
      core::RegisterMap::encode(point, {}, std::span(registers_).subspan(point.address, point.size));
}

bool FakeUnit::take_request() {
  char bytes[300];
  const ssize_t got = ::recv(unit_end_, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got <= 0) return false;
  const std::string request(bytes, static_cast<size_t>(got));
  EXPECT_EQ(request.size(), 6u + word_at(request, 4)) << "one whole request at a time";
  reply_ = silent ? "" : answer(request);
  return true;
}

std::string FakeUnit::answer(std::string_view request) {
  const std::uint8_t function = static_cast<std::uint8_t>(request[7]);
  const std::uint16_t address = word_at(request, 8);
  const std::uint16_t count = word_at(request, 10);
  std::string pdu;
  if (const auto refusal = exception || function == 3 ? exception : write_exception) {
    pdu += static_cast<char>(function | 0x80);
    pdu += static_cast<char>(*refusal);
  } else if (function == 3) {
    pdu += static_cast<char>(function);
    pdu += static_cast<char>(count * 2);
    const int first = address + (count > shifts_beyond ? 1 : 0);
    for (int i = 0; i < count; ++i) put_word(pdu, registers_[static_cast<size_t>(first + i)]);
  } else {
    writes.push_back({address, {}});
    for (int i = 0; i < count; ++i) {
      registers_[static_cast<size_t>(address + i)] = word_at(request, 13 + 2 * static_cast<size_t>(i));
      writes.back().values.push_back(registers_[static_cast<size_t>(address + i)]);
    }
    pdu = request.substr(7, 5);
  }
  std::string frame(request.substr(0, 4));
  put_word(frame, static_cast<std::uint16_t>(pdu.size() + 1));
  frame += static_cast<char>(unit_id_);
  return frame + pdu;
}

void FakeUnit::send_reply() {
  last_reply = std::exchange(reply_, {});
  send_raw(last_reply);
}

void FakeUnit::send_raw(std::string_view bytes) {
  ASSERT_EQ(::send(unit_end_, bytes.data(), bytes.size(), MSG_DONTWAIT), static_cast<ssize_t>(bytes.size()));
}

}  // namespace v2x::gateway
