#include "sim/core/lockstep_port.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>

#include "common/log.hpp"

namespace v2x::core {

LockstepPort::LockstepPort(Scheduler& scheduler, ModbusResponder& responder, Turnaround turnaround)
    : scheduler_(scheduler),
      responder_(responder),
      turnaround_(std::move(turnaround)),
      self_(std::make_shared<LockstepPort*>(this)) {
  std::array<int, 2> ends{-1, -1};
  static_cast<void>(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()));  // a failure leaves -1
  slave_ = Socket(ends[1]);
  master_ = checked_socket(ends[0], "Modbus socket pair");
  ::fcntl(slave_.fd(), F_SETFL, O_NONBLOCK);  // a master that never reads must not stop the kernel
}

void LockstepPort::request_sent() {
  std::array<std::uint8_t, kLongestAdu> bytes;
  for (;;) {
    const auto received = ::recv(slave_.fd(), bytes.data(), bytes.size(), 0);
    if (received <= 0) break;
    framer_.append(std::span(bytes).first(static_cast<size_t>(received)));
  }
  while (const auto adu = framer_.next()) {
    const std::uint8_t unit_id = (*adu)[kMbapSize - 1];
    const std::weak_ptr<LockstepPort*> port = self_;
    scheduler_.at(scheduler_.now() + turnaround_.next(unit_id), [port, request = *adu] {
      if (const auto alive = port.lock()) (*alive)->answer(request);
    });
  }
  if (!framer_.broken()) return;
  log::warning("a Modbus master sent what is no frame; its connection is closed");
  master_.close();
  slave_.close();
}

void LockstepPort::answer(const Adu& adu) {
  if (!slave_.is_open()) return;
  if (responder_.answer(slave_.fd(), adu) == ModbusResponder::Outcome::replied && handler_) handler_();
}

}  // namespace v2x::core
