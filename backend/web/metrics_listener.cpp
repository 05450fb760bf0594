#include "backend/web/metrics_listener.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <pthread.h>

#include <thread>
#include <utility>

#include "common/bad_input.hpp"

namespace v2x::web {
namespace {

constexpr auto kAddress = "127.0.0.1";
constexpr auto kContentType = "text/plain; version=0.0.4; charset=utf-8";  // Prometheus, exposition formats
constexpr time_t kReadTimeoutS = 5;

}  // namespace

struct MetricsListener::Impl {
  httplib::Server http;
  int port = 0;
  std::thread thread;
};

MetricsListener::MetricsListener(int port, std::function<std::string()> text) : impl_(std::make_unique<Impl>()) {
  auto& http = impl_->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(1); };
  // As the sites' listener: a restart gets its port back, two servers never share one.
  http.set_socket_options([](socket_t socket) {
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  http.set_read_timeout(kReadTimeoutS);
  http.set_keep_alive_max_count(1);  // one thread: who keeps a connection open must not keep others out
  http.Get("/metrics", [text = std::move(text)](const httplib::Request&, httplib::Response& response) {
    response.set_content(text(), kContentType);
  });
  const bool any = port == 0;
  impl_->port = any ? http.bind_to_any_port(kAddress) : (http.bind_to_port(kAddress, port) ? port : -1);
  if (impl_->port < 0)
    throw BadInput(fmt::format("metrics http {}:{} cannot be opened, expected a free port", kAddress, port));
  impl_->thread = std::thread([this] { impl_->http.listen_after_bind(); });
  pthread_setname_np(impl_->thread.native_handle(), "metrics");
  while (!http.is_running()) std::this_thread::yield();
}

MetricsListener::~MetricsListener() {
  impl_->http.stop();
  impl_->thread.join();
}

int MetricsListener::port() const {
  return impl_->port;
}

}  // namespace v2x::web
