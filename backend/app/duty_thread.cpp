#include "backend/app/duty_thread.hpp"

#include <pthread.h>

#include <algorithm>

#include "backend/service/registry.hpp"
#include "common/log.hpp"

namespace v2x::app {
namespace {

constexpr std::chrono::seconds kAfterFailure{1};

}  // namespace

DutyThread::DutyThread(std::string name, std::vector<service::Duty*> duties, const PacedClock& clock,
                       std::optional<std::chrono::milliseconds> look_again)
    : name_(std::move(name)), roster_(std::move(duties)), clock_(clock), look_again_(look_again) {}

DutyThread::~DutyThread() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

void DutyThread::start() {
  thread_ = std::thread([this] { run(); });
}

void DutyThread::wake() {
  roster_.changed();
  alarm_.wake();
}

void DutyThread::run() {
  pthread_setname_np(pthread_self(), name_.c_str());
  while (!stopping_) alarm_.wait(work());
}

// Gives when to look again.
std::optional<SteadyTime> DutyThread::work() {
  try {
    if (look_again_) roster_.changed();
    roster_.run_due(clock_.now());
    const auto due = roster_.next_due();
    std::optional<SteadyTime> next;
    if (due) next = clock_.deadline(*due);
    if (look_again_) next = std::min(next.value_or(SteadyTime::max()), steady_now() + *look_again_);
    return next;
  } catch (const service::StoreError& error) {
    log::error("{}: {}", name_, error.what());
    return steady_now() + kAfterFailure;
  }
}

}  // namespace v2x::app
