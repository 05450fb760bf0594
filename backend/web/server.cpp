#include "backend/web/server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <pthread.h>

#include <thread>

#include "backend/web/api/api_router.hpp"
#include "backend/web/app.hpp"
#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "common/bad_input.hpp"

namespace v2x::web {
namespace {

constexpr size_t kThreads = 160;  // more than wait for passwords at most (SEC-01), so that others get through
constexpr size_t kKeepAliveCount = 100'000;  // requests on one connection
constexpr time_t kKeepAliveS = 2;            // an idle connection gives its thread back
constexpr time_t kReadTimeoutS = 5;          // SEC-11
constexpr int kMostWaiting = 1024;           // connections that are not accepted yet
constexpr size_t kMostBody = 8 * 1024;       // SEC-11

void write_response(const Response& from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  to.set_content(from.body, from.content_type);
}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options_, const Services& services)
      : options(options_), app(services, options_.files), router(app), api(app) {}

  void configure();
  void handle(const httplib::Request& raw, httplib::Response& response);
  Result<Request> parse(const httplib::Request& raw) const;

  const ServerOptions options;
  App app;
  Router router;
  ApiRouter api;
  httplib::Server http;
  socket_t listener = INVALID_SOCKET;
  int port = 0;
  std::thread thread;
};

void Server::Impl::configure() {
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  // A restart must get its port back while old connections are in TIME_WAIT (SO_REUSEADDR), but two servers must not
  // share it unseen (the library's default, SO_REUSEPORT).
  http.set_socket_options([this](socket_t socket) {
    listener = socket;
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(kKeepAliveCount);
  http.set_keep_alive_timeout(kKeepAliveS);
  http.set_read_timeout(kReadTimeoutS);
  http.set_payload_max_length(kMostBody);
  // Every method and path comes to our own route table, which knows 404 from 405.
  const auto all = [this](const httplib::Request& request, httplib::Response& response) { handle(request, response); };
  constexpr const char* kAnything = ".*";
  http.Get(kAnything, all);
  http.Post(kAnything, all);
  http.Put(kAnything, all);
  http.Patch(kAnything, all);
  http.Delete(kAnything, all);
  http.Options(kAnything, all);
  // What the library refuses by itself (413, 400, 414) comes here without a page.
  http.set_error_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty()) return;
    const int status = response.status;
    const int told = status == 413 ? 413 : 400;
    write_response(is_api_path(request.path) ? api.refuse(told, request.path) : router.refuse(told), response);
    response.status = status;
  });
}

Result<Request> Server::Impl::parse(const httplib::Request& raw) const {
  Request request;
  request.method = raw.method == "HEAD" ? "GET" : raw.method;
  request.path = raw.path;
  request.target = raw.target;
  const size_t question = raw.target.find('?');
  if (question != std::string::npos) {
    auto query = parse_form(std::string_view(raw.target).substr(question + 1));
    if (!query) return fail(query.error());
    request.query = std::move(*query);
  }
  const bool for_app = is_api_path(request.path);
  if (for_app) {
    request.authorization = raw.get_header_value("Authorization");
    request.body = raw.body;
  } else if (request.method == "POST") {
    auto form = parse_form(raw.body);
    if (!form) return fail(form.error());
    request.form = std::move(*form);
  }
  request.cookies = parse_cookies(raw.get_header_value("Cookie"));
  request.host = raw.get_header_value("Host");
  request.user_agent = raw.get_header_value("User-Agent");
  request.csrf_header = raw.get_header_value("X-CSRF-Token");
  request.client_address =
      client_address(raw.remote_addr, raw.get_header_value("X-Forwarded-For"), options.trusted_proxies);
  return request;
}

void Server::Impl::handle(const httplib::Request& raw, httplib::Response& response) {
  const auto request = parse(raw);
  if (is_api_path(raw.path))
    write_response(request ? api.answer(*request) : api.refuse(400, raw.path), response);
  else
    write_response(request ? router.answer(*request) : router.refuse(400), response);
}

Server::Server(const ServerOptions& options, const Services& services)
    : impl_(std::make_unique<Impl>(options, services)) {
  impl_->configure();
  const bool any = options.port == 0;
  const int bound = any ? impl_->http.bind_to_any_port(options.address)
                        : (impl_->http.bind_to_port(options.address, options.port) ? options.port : -1);
  if (bound < 0)
    throw BadInput(fmt::format("http {}:{} cannot be opened, expected a free port", options.address, options.port));
  impl_->port = bound;
  // The library lets 5 connections wait to be accepted and the system drops the rest, which a flood of log-ins would
  // let other visitors feel.
  ::listen(impl_->listener, kMostWaiting);
}

Server::~Server() {
  stop();
}

int Server::port() const {
  return impl_->port;
}

void Server::start() {
  impl_->thread = std::thread([this] { impl_->http.listen_after_bind(); });
  pthread_setname_np(impl_->thread.native_handle(), "http");
  while (!impl_->http.is_running()) std::this_thread::yield();
}

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->http.stop();
  impl_->thread.join();
}

void fill_missing_bases(service::PublicBases& bases, int port) {
  const std::string own = fmt::format("http://127.0.0.1:{}", port);
  for (std::string* base : {&bases.multi, &bases.regist, &bases.entry, &bases.ctrl})
    if (base->empty()) *base = own;
}

}  // namespace v2x::web
