#include "backend/service/passwords.hpp"

#include <pthread.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>

#include "backend/service/secrets.hpp"
#include "common/log.hpp"

namespace v2x::service {
namespace {

constexpr unsigned kMostThreads = 4;  // SEC-01
// Above the process' own: a full queue is seconds of work that never sleeps, and who has milliseconds (an
// acknowledgement, a page) must not stand behind it. A tenth of a contended core is left to it, so that a log-in is
// answered on a machine that is full, too; lower ranks (19, SCHED_IDLE) would stop log-ins there.
constexpr int kNiceness = 10;
constexpr int kLowestPriority = 19;

unsigned thread_count(unsigned wanted) {
  if (wanted != 0) return wanted;
  return std::clamp(std::thread::hardware_concurrency() / 2, 1u, kMostThreads);
}

int niceness() {
  return std::min(getpriority(PRIO_PROCESS, 0) + kNiceness, kLowestPriority);
}

}  // namespace

Passwords::Passwords(const Options& options) : options_(options) {
  nobody_ = make_hash(new_token());
  for (unsigned i = 0; i < thread_count(options.threads); ++i) {
    threads_.emplace_back([this] { serve(); });
    pthread_setname_np(threads_.back().native_handle(), "password");
  }
}

Passwords::~Passwords() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Passwords::serve() {
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness()) != 0)  // on Linux: of this thread alone
    log::warning("the password pool keeps the process' priority: {}", std::strerror(errno));
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

bool Passwords::is_full() {
  const std::lock_guard lock(mutex_);
  return queue_.size() >= options_.queue;
}

Status Passwords::run(std::function<void()> work) {
  const auto finished = std::make_shared<std::promise<void>>();
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= options_.queue) return fail("busy", "too many passwords are being checked");
    queue_.emplace_back([work = std::move(work), finished] {
      work();
      finished->set_value();
    });
  }
  changed_.notify_one();
  finished->get_future().wait();
  return done();
}

std::string Passwords::make_hash(const std::string& password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), options_.passes, options_.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    log::error("no memory for a password hash of {} bytes", options_.memory_bytes);
    std::abort();
  }
  return text.data();
}

Result<std::string> Passwords::hash(const std::string& password) {
  std::string result;
  if (const auto ran = run([&] { result = make_hash(password); }); !ran) return fail(ran.error());
  return result;
}

Result<bool> Passwords::matches(const std::string& hash, const std::string& password) {
  bool same = false;
  const auto check = [&] { same = crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0; };
  if (const auto ran = run(check); !ran) return fail(ran.error());
  return same;
}

bool Passwords::is_outdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), options_.passes, options_.memory_bytes) != 0;
}

Result<bool> Passwords::matches_nobody(const std::string& password) {
  const auto checked = matches(nobody_, password);
  if (!checked) return fail(checked.error());
  return false;
}

}  // namespace v2x::service
