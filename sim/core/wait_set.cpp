#include "sim/core/wait_set.hpp"

#include <sys/epoll.h>

#include <array>
#include <utility>

namespace v2x::core {
namespace {

constexpr size_t kMostAtOnce = 64;  // the others are ready in the next wait

timespec to_timespec(Duration d) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d);
  return {seconds.count(), std::chrono::nanoseconds(d - seconds).count()};
}

}  // namespace

WaitSet::WaitSet() : epoll_(checked_socket(::epoll_create1(EPOLL_CLOEXEC), "Modbus wait set")) {}

void WaitSet::add(int fd, std::function<void()> on_ready) {
  const auto index = static_cast<size_t>(fd);
  if (index >= acts_.size()) acts_.resize(index + 1);
  acts_[index] = std::make_unique<std::function<void()>>(std::move(on_ready));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event);
}

void WaitSet::remove(int fd) {
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr);
  removed_.push_back(std::move(acts_[static_cast<size_t>(fd)]));
}

void WaitSet::wait(Duration longest) {
  std::array<epoll_event, kMostAtOnce> ready;
  const timespec left = to_timespec(longest);
  const int count = ::epoll_pwait2(epoll_.fd(), ready.data(), static_cast<int>(ready.size()), &left, nullptr);
  for (int i = 0; i < count; ++i)
    if (const Act& act = acts_[static_cast<size_t>(ready[static_cast<size_t>(i)].data.fd)]) (*act)();
  removed_.clear();
}

}  // namespace v2x::core
