#include "sim/gateway/program/serial_line.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"

namespace v2x::gateway::program {
namespace {

constexpr std::chrono::seconds kReopen{2};        // default: a USB adapter comes back within seconds
constexpr std::chrono::milliseconds kDrain{100};  // default: a late reply goes by before the next request
constexpr std::uint8_t kExceptionBit = 0x80;
constexpr std::uint8_t kTargetSilent = 0x0B;  // Modbus Application Protocol V1.1b3 §7: gateway target device failed
constexpr size_t kWordsOfWriteReply = 2;

}  // namespace

/// A unit's end: the master's frames come out of a socket pair, as if the bridge were a box of its own.
class SerialLine::Port final : public core::ModbusPort {
 public:
  Port(SerialLine& line, AnswerWatch watch) : line_(line), watch_(std::move(watch)) {
    std::array<int, 2> ends{-1, -1};
    static_cast<void>(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()));
    master_ = core::checked_socket(ends[0], "Modbus socket pair");
    line_end_ = core::checked_socket(ends[1], "Modbus socket pair");
  }
  int fd() override { return line_.is_up() ? master_.fd() : -1; }
  void on_reply_pending(std::function<void()> handler) override { handler_ = std::move(handler); }

  void request_sent() override {
    core::Adu adu(core::kLongestAdu);
    const auto got = ::recv(line_end_.fd(), adu.data(), adu.size(), 0);
    if (got <= static_cast<ssize_t>(core::kMbapSize)) return;
    adu.resize(static_cast<size_t>(got));
    line_.enqueue(*this, std::move(adu));
  }

  void answer(const core::Adu& adu) {
    if (::send(line_end_.fd(), adu.data(), adu.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(adu.size()) && handler_)
      handler_();
  }
  AnswerWatch& watch() { return watch_; }

 private:
  SerialLine& line_;
  AnswerWatch watch_;
  core::Socket master_;
  core::Socket line_end_;
  std::function<void()> handler_;
};

SerialLine::SerialLine(std::string device, const core::SerialFormat& format, Duration timeout)
    : path_(std::move(device)), format_(format), timeout_(timeout), device_(core::open_serial_device(path_, format_)) {}

SerialLine::~SerialLine() = default;

core::ModbusPort& SerialLine::add_unit(AnswerWatch watch) {
  return *ports_.emplace_back(std::make_unique<Port>(*this, std::move(watch)));
}

Duration SerialLine::longest_wait(size_t units, const core::SerialFormat& format, Duration timeout) {
  const Duration each = timeout + 2 * (format.wire_time(core::kLongestAdu) + format.frame_gap());
  return static_cast<Duration::rep>(units) * each;
}

/// A master has one request at a time: what it asked before is no longer wanted.
void SerialLine::enqueue(Port& port, core::Adu tcp) {
  std::erase_if(queue_, [&](const Request& request) { return request.port == &port; });
  queue_.push_back({&port, std::move(tcp)});
  send_next(steady_now());
}

void SerialLine::send_next(SteadyTime now) {
  if (on_wire_ || queue_.empty() || now < quiet_ || !device_.is_open()) return;
  on_wire_ = std::move(queue_.front());
  queue_.pop_front();
  core::Adu rtu(on_wire_->tcp.begin() + core::kMbapSize - 1, on_wire_->tcp.end());
  rtu.resize(rtu.size() + core::kCrcSize);
  core::renew_crc(rtu);
  received_.clear();
  on_wire_->port->watch().asked(now);
  deadline_ = now + timeout_ + format_.wire_time(rtu.size() + core::kLongestAdu);
  if (::write(device_.fd(), rtu.data(), rtu.size()) != static_cast<ssize_t>(rtu.size()))
    lose_device(now, std::strerror(errno));
}

void SerialLine::add_waits(std::vector<pollfd>& waits) {
  waits.push_back({device_.fd(), POLLIN, 0});
}

void SerialLine::serve(std::span<const pollfd> ready, SteadyTime now) {
  if (!device_.is_open()) {
    if (now >= retry_) reopen(now);
    return;
  }
  if (ready[0].fd >= 0 && ready[0].revents != 0) take_bytes(now);
  if (on_wire_ && now >= deadline_) {
    const std::uint8_t function = on_wire_->tcp[core::kMbapSize];
    quiet_ = now + kDrain;
    finish(now, std::array{static_cast<std::uint8_t>(function | kExceptionBit), kTargetSilent});
  }
  send_next(now);
}

void SerialLine::take_bytes(SteadyTime now) {
  std::array<std::uint8_t, core::kLongestAdu> bytes;
  const auto got = ::read(device_.fd(), bytes.data(), bytes.size());
  if (got == 0 || (got < 0 && errno != EAGAIN)) return lose_device(now, got == 0 ? "hung up" : std::strerror(errno));
  if (got < 0 || !on_wire_) return;  // nobody asked: noise
  received_.insert(received_.end(), bytes.begin(), bytes.begin() + got);
  const auto size = reply_size();
  if (!size || received_.size() < *size) return;
  core::Adu checked(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(*size));
  core::renew_crc(checked);
  const bool whole = std::equal(checked.begin(), checked.end(), received_.begin());
  const bool asked = received_[0] == on_wire_->tcp[core::kMbapSize - 1] &&
                     (received_[1] & ~kExceptionBit) == on_wire_->tcp[core::kMbapSize];
  if (!whole || !asked) return;  // damaged or another unit's: as good as silence, until the time-out
  on_wire_->port->watch().answered();
  finish(now, std::span(checked).subspan(1, checked.size() - 1 - core::kCrcSize));
}

std::optional<size_t> SerialLine::reply_size() const {
  constexpr size_t kExceptionSize = 3 + core::kCrcSize;
  if (received_.size() < 3) return std::nullopt;
  if (received_[1] & kExceptionBit) return kExceptionSize;
  if (received_[1] == 3 || received_[1] == 4) return 3 + received_[2] + core::kCrcSize;
  return 2 + 2 * kWordsOfWriteReply + core::kCrcSize;
}

void SerialLine::finish(SteadyTime now, std::span<const std::uint8_t> pdu) {
  const Request request = std::move(*on_wire_);
  on_wire_.reset();
  quiet_ = std::max(quiet_, now + format_.frame_gap());
  core::Adu tcp(request.tcp.begin(), request.tcp.begin() + core::kMbapSize);
  tcp[4] = static_cast<std::uint8_t>((pdu.size() + 1) >> 8);
  tcp[5] = static_cast<std::uint8_t>(pdu.size() + 1);
  tcp.insert(tcp.end(), pdu.begin(), pdu.end());
  request.port->answer(tcp);
}

void SerialLine::reopen(SteadyTime now) {
  try {
    device_ = core::open_serial_device(path_, format_);
  } catch (const BadInput& error) {
    lose_device(now, error.what());
  }
}

void SerialLine::lose_device(SteadyTime now, const std::string& reason) {
  device_.close();
  on_wire_.reset();
  queue_.clear();
  retry_ = now + kReopen;
  for (const auto& port : ports_) port->watch().unreachable(now, reason);
}

std::optional<SteadyTime> SerialLine::next_deadline() const {
  if (!device_.is_open()) return retry_;
  if (on_wire_) return deadline_;
  if (!queue_.empty()) return quiet_;
  return std::nullopt;
}

}  // namespace v2x::gateway::program
