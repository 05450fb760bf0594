#include "harness/bench/wrong_logins.hpp"

#include <fmt/format.h>

#include "harness/actors/api_client.hpp"

namespace v2x::bench {
namespace {

constexpr int kUnavailable = 503;
constexpr std::chrono::milliseconds kAfterTurnedAway{20};  // else the refusals would be the load

}  // namespace

WrongLogins::WrongLogins(int http_port, int clients) {
  for (int client = 0; client < clients; ++client)
    threads_.emplace_back([=, this](const std::stop_token& stop) { try_on(http_port, client, stop); });
}

/// All at once: each may be waiting for seconds of answers.
WrongLogins::~WrongLogins() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void WrongLogins::try_on(int http_port, int client, const std::stop_token& stop) {
  for (int n = 0; !stop.stop_requested(); ++n) {
    actors::ApiClient app(http_port, fmt::format("10.{}.{}.{}", client % 256, n / 250 % 256, n % 250 + 1));
    const auto answer = app.call("POST", "/login",
                                 {{"user_id", fmt::format("nobody{}-{}@example.jp", client, n)},
                                  {"password", "Wrong12345"},
                                  {"device", "v2x-bench"}});
    if (answer && answer->status == kUnavailable) {
      ++turned_away_;
      Alarm().wait(steady_now() + kAfterTurnedAway);
    } else if (answer) {
      ++refused_;
    }
  }
}

}  // namespace v2x::bench
