// The password pool, kept full by wrong log-ins: the excess is told to come back, other pages don't notice.
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

class PasswordPool : public SiteFixture {};

TEST_F(PasswordPool, FullOfWrongLogInsLeavesOtherPagesAnswering) {
  constexpr int kGuessers = 100;  // more than the queue (64) and the threads (at most 4) take
  std::atomic<bool> enough{false};
  std::atomic<int> excess{0}, refused{0};
  std::mutex mutex;
  std::map<int, int> others;  // by status
  std::vector<std::thread> guessers;
  for (int i = 0; i < kGuessers; ++i)
    guessers.emplace_back([&, guesser = browser(), id = "nobody" + std::to_string(i)]() mutable {
      guesser.get("/reg/login");
      for (const std::string csrf = guesser.csrf(); !enough;) {
        guesser.post("/reg/login", {{"loginid", id}, {"loginpassword", "x"}, {"_csrf", csrf}});
        if (guesser.status == 503 && guesser.header("Retry-After") == "5") {
          ++excess;
        } else if (guesser.status == 401 || guesser.status == 429) {
          ++refused;
        } else {
          const std::lock_guard lock(mutex);
          ++others[guesser.status];
        }
      }
    });
  // Each page is asked for while somebody is turned away, that is: while the pool is full.
  constexpr int kPages = 20;
  Browser visitor = browser();
  for (int page = 0; page < kPages; ++page) {
    for (const int before = excess; excess == before;) std::this_thread::yield();
    EXPECT_EQ(visitor.get(page % 2 == 0 ? "/reg/account/regist" : "/entry/").status, 200);
  }
  enough = true;
  for (auto& guesser : guessers) guesser.join();
  EXPECT_GT(refused, 0);
  EXPECT_TRUE(others.empty()) << others.begin()->first << ": " << others.begin()->second << " times";
}

}  // namespace
}  // namespace v2x::test
