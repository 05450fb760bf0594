#include "harness/bench/onlooker.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include "common/bad_input.hpp"
#include "common/curve_key_file.hpp"
#include "common/jst.hpp"
#include "harness/actors/http_browser.hpp"
#include "harness/bench/frames.hpp"

namespace v2x::bench {
namespace {

using std::chrono::milliseconds;

constexpr auto kEach = std::chrono::seconds(1);
constexpr auto kGivenUp = std::chrono::seconds(10);
constexpr milliseconds kAskAgain{5};
constexpr int kHomePagesEach = 4;             // beside each sample
constexpr auto kStream = "onlooker-stream-";  // 16 bytes

Duration since(SteadyTime t) {
  return std::chrono::duration_cast<Duration>(steady_now() - t);
}

CurveKeyPair keys_from(const std::filesystem::path& file) {
  const auto secret = read_curve_key(file);
  if (!secret) throw BadInput(secret.error().message);
  return {curve_public_key(*secret), *secret};
}

}  // namespace

Onlooker::Onlooker(const BenchBackend& backend)
    : backend_(backend),
      person_(backend.world().customers.front().name),
      gateway_id_(backend.world().sites.front().gateway_id),
      thread_([this](const std::stop_token& stop) {
        pthread_setname_np(pthread_self(), "onlooker");
        watch(stop);
      }) {}

Onlooker::~Onlooker() = default;

Onlooker::Seen Onlooker::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void Onlooker::note_error(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (seen_.error.empty()) seen_.error = error.message;
}

void Onlooker::watch(const std::stop_token& stop) {
  const MessagingContext messaging;
  const TelemetryTarget target = backend_.target();
  CurveDealer dealer(messaging, {target.endpoint, target.server_public_key, keys_from(backend_.key_file())});
  actors::People people(backend_.world(), backend_.http_port(), [&](const std::string&, const std::string& address) {
    return std::make_unique<actors::HttpBrowser>(backend_.http_port(), address, [](const actors::View&) {});
  });
  people.load(backend_.people());
  dealer.send(hello_frame(kStream, gateway_id_, 0, 0));
  // Log-ins are not what is measured.
  if (const auto page = people.open(person_, home_page()); !page) note_error(page.error());
  if (const auto app = people.api(person_, "GET", "/sites", nullptr); !app) note_error(app.error());
  SteadyTime next = steady_now();
  for (std::uint64_t seq = 1; !stop.stop_requested(); ++seq, next += kEach) {
    Alarm().wait(next);
    send_and_look(people, dealer, seq, stop);
    for (int page = 0; page < kHomePagesEach && !stop.stop_requested(); ++page) open_home(people);
  }
}

void Onlooker::send_and_look(actors::People& people, CurveDealer& dealer, std::uint64_t seq,
                             const std::stop_token& stop) {
  while (dealer.receive(milliseconds(0))) {  // acknowledgements; a backlog of one record needs none
  }
  telemetry::Sample sample;
  sample.set_load_w(static_cast<std::uint32_t>(400 + seq % 100));
  const Time end = std::chrono::floor<milliseconds>(backend_.service_time());
  const auto length = std::chrono::duration_cast<milliseconds>(kEach);
  BatchFrame frame;
  frame.begin(kStream, seq);
  frame.add(seq, end.time_since_epoch() / milliseconds(1) - length.count(), static_cast<std::uint32_t>(length.count()),
            sample.SerializeAsString());
  const SteadyTime sent = steady_now();
  dealer.send(frame.end());
  while (!stop.stop_requested() && since(sent) < kGivenUp) {
    const auto answer = people.api(person_, "GET", "/sites/" + gateway_id_ + "/now", nullptr);
    if (!answer) return note_error(answer.error());
    const auto at = parse_time(answer->body.is_object() && answer->body.value("at", nlohmann::json()).is_string()
                                   ? answer->body["at"].get<std::string>()
                                   : "");
    if (at && *at >= end) {
      const std::lock_guard lock(mutex_);
      return seen_.visible.record(since(sent));
    }
    Alarm().wait(steady_now() + kAskAgain);
  }
  if (stop.stop_requested()) return;
  const std::lock_guard lock(mutex_);
  ++seen_.unseen;
}

void Onlooker::open_home(actors::People& people) {
  const SteadyTime asked = steady_now();
  const auto page = people.open(person_, home_page());
  if (!page) return note_error(page.error());
  const Duration took = since(asked);
  const std::lock_guard lock(mutex_);
  if (page->page.id() == "M02")
    seen_.home.record(took);
  else if (seen_.error.empty())
    seen_.error = fmt::format("the home page is {}, expected M02", page->page.id());
}

}  // namespace v2x::bench
