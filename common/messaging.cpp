#include "common/messaging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <span>
#include <thread>
#include <zmq.hpp>

#include "common/bad_input.hpp"
#include "common/clock.hpp"
#include "common/messaging_sockets.hpp"

namespace v2x {

MessagingContext::MessagingContext() : impl_(std::make_shared<Impl>()) {}
MessagingContext::~MessagingContext() = default;

CurveKeyPair make_curve_key_pair() {
  std::array<char, 41> public_key{};
  std::array<char, 41> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
    throw BadInput("CURVE keys cannot be made: ZeroMQ was built without CURVE");
  return {public_key.data(), secret_key.data()};
}

bool is_curve_key(std::string_view text) {
  std::array<uint8_t, 32> raw{};
  return text.size() == 40 && zmq_z85_decode(raw.data(), std::string(text).c_str()) != nullptr;
}

std::string curve_public_key(const std::string& secret_key) {
  std::array<char, 41> public_key{};
  if (!is_curve_key(secret_key) || zmq_curve_public(public_key.data(), secret_key.c_str()) != 0)
    throw BadInput("not a CURVE secret key, expected 40 characters of Z85");
  return public_key.data();
}

using sockets::kQueueFrames;
using sockets::monitor;
using sockets::readable;
using sockets::set_up_dealer;
using sockets::wait_readable;

namespace {

// Connections that wait to be accepted: after a restart a whole fleet comes at once, and who finds the queue full tries
// again seconds later. The kernel allows net.core.somaxconn at most.
constexpr int kBacklog = 4096;

// Each connection of a context belongs to one of its I/O threads, and handshakes are the cost of a fleet that comes
// back: a core of work for some 1,000 of them in a second.
constexpr unsigned kFewestIoThreads = 2, kMostIoThreads = 8;

std::shared_ptr<MessagingContext::Impl> with_io_threads(std::shared_ptr<MessagingContext::Impl> impl) {
  const unsigned cores = std::thread::hardware_concurrency();
  sockets::use_io_threads(impl->context, static_cast<int>(std::clamp(cores / 2, kFewestIoThreads, kMostIoThreads)));
  return impl;
}

// A peer whose line is dead is noticed by the kernel. ZeroMQ's own PING would do so, too, but it sets and cancels a
// timer for each answer, and cancelling looks through all timers of the I/O thread: with 10,000 connections that alone
// is more than a core. The gateways do PING; they are answered.
constexpr int kKeepAliveIdleS = 10, kKeepAliveEachS = 5, kKeepAliveMisses = 3;  // default
constexpr int kUnansweredMs = 25'000;                                           // default: the same for data on its way

void notice_gone_peers(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, kKeepAliveIdleS);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, kKeepAliveEachS);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, kKeepAliveMisses);
  socket.set(zmq::sockopt::tcp_maxrt, kUnansweredMs);
}

void bind(zmq::socket_t& socket, const std::string& endpoint) {
  try {
    socket.bind(endpoint);
  } catch (const zmq::error_t& error) {
    throw BadInput(fmt::format("{}: cannot be opened ({}), expected a free address", endpoint, error.what()));
  }
}

std::optional<std::string> receive_one(zmq::socket_t& socket, std::chrono::milliseconds timeout) {
  using std::chrono::milliseconds;
  const SteadyTime until = steady_now() + timeout;
  zmq::message_t message;
  // Readable isn't received: a REQ socket drops the late answer to a question that was given up.
  while (!socket.recv(message, zmq::recv_flags::dontwait)) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_now());
    std::array item{readable(socket)};
    if (!wait_readable(item, timeout.count() < 0 ? timeout : std::max(left, milliseconds(0)))) return std::nullopt;
  }
  return message.to_string();
}

/// RFC 27 (ZAP) server: asks `authenticate` for every CURVE handshake. Owns its thread.
class ZapServer {
 public:
  ZapServer(zmq::context_t& context, CurveRouter::Authenticate authenticate)
      : authenticate_(std::move(authenticate)), socket_(context, ZMQ_REP) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, kPollMs);
    socket_.bind("inproc://zeromq.zap.01");
    thread_ = std::thread([this] { run(); });
  }
  ~ZapServer() {
    stopping_ = true;
    thread_.join();
  }

 private:
  static constexpr int kPollMs = 50;  // how late a stop may be noticed; handshakes themselves never wait

  void run() {
    while (!stopping_) {
      std::vector<std::string> request;
      zmq::message_t part;
      do {
        if (!socket_.recv(part)) break;
        request.push_back(part.to_string());
      } while (part.more());
      if (!request.empty()) answer(request);
    }
  }

  // Request: version, request id, domain, address, identity, mechanism, credentials (32 bytes for CURVE).
  void answer(const std::vector<std::string>& request) {
    std::optional<std::string> user;
    if (request.size() == 7 && request[5] == "CURVE" && request[6].size() == 32) {
      std::array<char, 41> z85{};
      zmq_z85_encode(z85.data(), reinterpret_cast<const uint8_t*>(request[6].data()), 32);
      user = authenticate_(z85.data());
    }
    const std::string id = request.size() > 1 ? request[1] : "";
    const std::array<std::string, 6> reply{
        "1.0", id, user ? "200" : "400", user ? "OK" : "unknown key", user.value_or(""), ""};
    for (size_t i = 0; i < reply.size(); ++i)
      socket_.send(zmq::buffer(reply[i]), i + 1 < reply.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }

  CurveRouter::Authenticate authenticate_;
  zmq::socket_t socket_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace

struct CurveRouter::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  ZapServer zap;
  zmq::socket_t socket;
  zmq::socket_t wake_receiver;
  std::string wake_endpoint;

  Impl(const MessagingContext& owner, Authenticate authenticate)
      : context(with_io_threads(owner.impl())),
        zap(context->context, std::move(authenticate)),
        socket(context->context, ZMQ_ROUTER),
        wake_receiver(context->context, ZMQ_PULL),
        wake_endpoint(fmt::format("inproc://wake-{}", static_cast<const void*>(this))) {
    wake_receiver.set(zmq::sockopt::linger, 0);
    wake_receiver.bind(wake_endpoint);
  }

  std::optional<PeerFrame> take() {
    zmq::message_t id;
    if (!socket.recv(id, zmq::recv_flags::dontwait)) return std::nullopt;
    zmq::message_t body;
    if (!id.more() || !socket.recv(body, zmq::recv_flags::none)) return PeerFrame{id.to_string(), "", ""};
    PeerFrame frame{id.to_string(), body.gets("User-Id"), body.to_string()};
    bool whole = frame.data.size() <= kMaxFrame;
    while (body.more() && socket.recv(body, zmq::recv_flags::none)) whole = false;
    if (!whole) frame.data.clear();
    return frame;
  }
};

CurveRouter::CurveRouter(const MessagingContext& context, const std::string& endpoint, const CurveKeyPair& keys,
                         Authenticate authenticate)
    : impl_(std::make_unique<Impl>(context, std::move(authenticate))) {
  zmq::socket_t& socket = impl_->socket;
  notice_gone_peers(socket);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  socket.set(zmq::sockopt::zap_domain, "v2x");
  socket.set(zmq::sockopt::router_mandatory, true);  // a send to a peer that is gone says so
  socket.set(zmq::sockopt::sndhwm, kQueueFrames);
  socket.set(zmq::sockopt::rcvhwm, kQueueFrames);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<int64_t>(2 * kMaxFrame));
  socket.set(zmq::sockopt::backlog, kBacklog);
  socket.set(zmq::sockopt::handshake_ivl, sockets::kHandshakeMs);
  bind(socket, endpoint);
}

CurveRouter::~CurveRouter() = default;

std::string CurveRouter::endpoint() const {
  return impl_->socket.get(zmq::sockopt::last_endpoint);
}

std::optional<PeerFrame> CurveRouter::receive(std::chrono::milliseconds timeout) {
  if (auto frame = impl_->take()) return frame;
  std::array items{readable(impl_->socket), readable(impl_->wake_receiver)};
  wait_readable(items, timeout);
  zmq::message_t signal;
  while (impl_->wake_receiver.recv(signal, zmq::recv_flags::dontwait)) {
  }
  return impl_->take();
}

bool CurveRouter::send(const std::string& routing_id, std::string_view data) {
  try {
    if (!impl_->socket.send(zmq::buffer(routing_id), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
      return false;
    return impl_->socket.send(zmq::buffer(data), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return false;
    throw;
  }
}

void CurveRouter::wake() {
  zmq::socket_t sender(impl_->context->context, ZMQ_PUSH);
  sender.set(zmq::sockopt::linger, 0);
  sender.connect(impl_->wake_endpoint);
  sender.send(zmq::message_t(), zmq::send_flags::dontwait);
}

struct CurveDealer::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  zmq::socket_t socket;
};

CurveDealer::CurveDealer(const MessagingContext& context, const Options& options)
    : impl_(std::make_unique<Impl>(Impl{context.impl(), zmq::socket_t(context.impl()->context, ZMQ_DEALER)})) {
  set_up_dealer(impl_->socket, options);
  impl_->socket.connect(options.endpoint);
}

CurveDealer::~CurveDealer() = default;

bool CurveDealer::send(std::string_view data) {
  return impl_->socket.send(zmq::buffer(data), zmq::send_flags::dontwait).has_value();
}

std::optional<std::string> CurveDealer::receive(std::chrono::milliseconds timeout) {
  return receive_one(impl_->socket, timeout);
}

bool CurveDealer::wait_any(const std::vector<CurveDealer*>& dealers, std::chrono::milliseconds timeout) {
  std::vector<zmq::pollitem_t> items;
  for (CurveDealer* dealer : dealers) items.push_back(readable(dealer->impl_->socket));
  wait_readable(items, timeout);
  return std::any_of(items.begin(), items.end(), [](const auto& item) { return (item.revents & ZMQ_POLLIN) != 0; });
}

struct ReplySocket::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  zmq::socket_t socket;
};

ReplySocket::ReplySocket(const MessagingContext& context, const std::string& endpoint)
    : impl_(std::make_unique<Impl>(Impl{context.impl(), zmq::socket_t(context.impl()->context, ZMQ_REP)})) {
  impl_->socket.set(zmq::sockopt::linger, 0);
  bind(impl_->socket, endpoint);
}

ReplySocket::~ReplySocket() = default;

std::optional<std::string> ReplySocket::receive(std::chrono::milliseconds timeout) {
  return receive_one(impl_->socket, timeout);
}

void ReplySocket::reply(std::string_view data) {
  impl_->socket.send(zmq::buffer(data), zmq::send_flags::none);
}

struct RequestSocket::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  zmq::socket_t socket;
  zmq::socket_t disconnects;  ///< gets a message whenever a connection ends

  Impl(const MessagingContext& owner, const std::string& endpoint);
  ~Impl();
  /// Whether a connection ended since it was asked last.
  bool lost();
};

RequestSocket::Impl::Impl(const MessagingContext& owner, const std::string& endpoint)
    : context(owner.impl()),
      socket(context->context, ZMQ_REQ),
      disconnects(monitor(context->context, socket, ZMQ_EVENT_DISCONNECTED)) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::req_relaxed, 1);
  socket.set(zmq::sockopt::req_correlate, 1);
  socket.set(zmq::sockopt::reconnect_ivl, 5);        // milliseconds
  socket.set(zmq::sockopt::reconnect_ivl_max, 100);  // milliseconds
  socket.connect(endpoint);
}

/// The monitor goes first: ZeroMQ's thread would wait for ever to tell its last event to a closed `disconnects`.
RequestSocket::Impl::~Impl() {
  zmq_socket_monitor(socket.handle(), nullptr, 0);
}

bool RequestSocket::Impl::lost() {
  zmq::message_t event;
  bool any = false;
  while (disconnects.recv(event, zmq::recv_flags::dontwait)) any = true;
  return any;
}

RequestSocket::RequestSocket(const MessagingContext& context, const std::string& endpoint)
    : impl_(std::make_unique<Impl>(context, endpoint)) {}

RequestSocket::~RequestSocket() = default;

Result<std::string> RequestSocket::request(std::string_view data, std::chrono::milliseconds timeout,
                                           const std::function<bool()>& give_up) {
  using std::chrono::milliseconds;
  constexpr milliseconds kSlice{50};
  const SteadyTime until = steady_now() + timeout;
  impl_->socket.send(zmq::buffer(data), zmq::send_flags::none);
  for (;;) {
    const bool lost = impl_->lost();  // asked first: what the peer said before it went is not lost
    if (auto reply = receive_one(impl_->socket, milliseconds(0))) return *reply;
    if (lost) return fail("gone", "the other side went away without an answer");
    const auto left = std::chrono::ceil<milliseconds>(until - steady_now());
    if (left.count() <= 0 || (give_up && give_up())) return fail("deadline", "no answer came");
    std::array items{readable(impl_->socket), readable(impl_->disconnects)};
    wait_readable(items, give_up ? std::min(left, kSlice) : left);
  }
}

}  // namespace v2x
