#include "common/watched_dealer.hpp"

#include <poll.h>

#include <cstring>
#include <vector>

#include "common/messaging_sockets.hpp"

namespace v2x {
namespace {

constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                        ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL;

}  // namespace

struct WatchedDealer::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  zmq::socket_t socket;
  zmq::socket_t events;

  explicit Impl(const MessagingContext& owner)
      : context(owner.impl()),
        socket(context->context, ZMQ_DEALER),
        events(sockets::monitor(context->context, socket, kEvents)) {}
  /// The monitor goes first: ZeroMQ's thread would wait for ever to tell its last event to a closed `events`.
  ~Impl() { zmq_socket_monitor(socket.handle(), nullptr, 0); }
};

WatchedDealer::WatchedDealer(const MessagingContext& context, const CurveDealer::Options& options)
    : impl_(std::make_unique<Impl>(context)) {
  sockets::set_up_dealer(impl_->socket, options);
  sockets::reconnect_as_one_of_many(impl_->socket);
  impl_->socket.connect(options.endpoint);
}

WatchedDealer::~WatchedDealer() = default;

bool WatchedDealer::send(std::string_view data) {
  return impl_->socket.send(zmq::buffer(data), zmq::send_flags::dontwait).has_value();
}

std::optional<std::string> WatchedDealer::take_frame() {
  zmq::message_t frame;
  if (!impl_->socket.recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
  return frame.to_string();
}

std::optional<WatchedDealer::Event> WatchedDealer::take_event() {
  zmq::message_t event;
  if (!impl_->events.recv(event, zmq::recv_flags::dontwait)) return std::nullopt;
  std::uint16_t id = 0;  // zmq_socket_monitor(3): the first two bytes, in the machine's order
  std::memcpy(&id, event.data(), sizeof id);
  if (event.more()) static_cast<void>(impl_->events.recv(event, zmq::recv_flags::dontwait));  // the address
  switch (id) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      return Event::up;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return Event::key_refused;
    case ZMQ_EVENT_DISCONNECTED:
      return Event::down;
    default:
      return Event::handshake_failed;
  }
}

void WatchedDealer::wait(WatchedDealer* dealer, std::span<pollfd> others, std::chrono::milliseconds timeout) {
  std::vector<zmq::pollitem_t> items;
  for (const pollfd& other : others) {
    const int wanted = (other.events & POLLIN ? ZMQ_POLLIN : 0) | (other.events & POLLOUT ? ZMQ_POLLOUT : 0);
    items.push_back({nullptr, other.fd, static_cast<short>(wanted), 0});
  }
  if (dealer) items.push_back(sockets::readable(dealer->impl_->socket));
  if (dealer) items.push_back(sockets::readable(dealer->impl_->events));
  sockets::wait_readable(items, timeout);
  for (size_t i = 0; i < others.size(); ++i) others[i].revents = others[i].fd >= 0 ? items[i].revents : short{0};
}

}  // namespace v2x
