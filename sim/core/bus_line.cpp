#include "sim/core/bus_line.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "common/bad_input.hpp"
#include "common/log.hpp"

namespace v2x::core {
namespace {

using contracts::BusFault;
using Kind = contracts::BusFaultKind;
using Fate = ReplyPlan::Fate;

constexpr std::uint8_t kBroadcast = 0;  // Modbus over Serial Line V1.02 §2.2
constexpr int kFixedGapAbove = 19200;   // baud; §2.5.1.1
constexpr Duration kFixedGap(1750);     // t3.5 above it
constexpr double kGapCharacters = 3.5;
constexpr double kMicroseconds = 1e6;

const BusFault* find(const ReplyPlan& plan, Kind kind) {
  for (const BusFault& fault : plan.damage)
    if (fault.kind == kind) return &fault;
  return nullptr;
}

}  // namespace

Duration SerialFormat::wire_time(size_t bytes) const {
  const double bits = static_cast<double>(bytes) * bits_per_character();
  return Duration(static_cast<Duration::rep>(bits * kMicroseconds / baud));
}

Duration SerialFormat::frame_gap() const {
  if (baud > kFixedGapAbove) return kFixedGap;
  return Duration(static_cast<Duration::rep>(kGapCharacters * bits_per_character() * kMicroseconds / baud));
}

BusLine::BusLine(Scheduler& scheduler, BusOptions options)
    : scheduler_(scheduler),
      options_(std::move(options)),
      responder_(options_.framing),
      turnaround_(options_.seed, options_.owner, options_.turnaround_least, options_.turnaround_most),
      self_(std::make_shared<BusLine*>(this)) {
  if (options_.framing == Framing::rtu) open_tray();
}

void BusLine::open_tray() {
  std::array<int, 2> ends{-1, -1};
  static_cast<void>(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()));
  tray_out_ = Socket(ends[1]);
  tray_in_ = checked_socket(ends[0], "Modbus reply tray");
}

bool BusLine::has_tray() {
  if (tray_in_.is_open()) return true;
  try {
    open_tray();
  } catch (const BadInput& problem) {
    log::error("{}: a reply is lost: {}", options_.owner, problem.what());
    return false;
  }
  return true;
}

BusLine::~BusLine() = default;

void BusLine::add(std::uint8_t unit_id, ModbusUnit& unit, UnitConduct& conduct) {
  units_[unit_id] = std::make_unique<ConductedUnit>(unit, conduct);
}

bool BusLine::refuses_connections() {
  return !units_.empty() && std::all_of(units_.begin(), units_.end(), [](const auto& entry) {
    return entry.second->conduct().refuses_connections();
  });
}

std::shared_ptr<BusLine::Peer> BusLine::connect(int fd) {
  const auto peer = std::make_shared<Peer>(options_.framing);
  peer->fd = fd;
  peer->quiet_until = scheduler_.now() + options_.silent_after_connect;
  return peer;
}

void BusLine::receive(const std::shared_ptr<Peer>& peer, std::span<const std::uint8_t> bytes) {
  if (options_.framing == Framing::rtu)
    peer->framer.append(lose_some(bytes));
  else
    peer->framer.append(bytes);
  while (peer->fd >= 0) {
    auto adu = peer->framer.next();
    if (!adu) break;
    take(peer, std::move(*adu));
  }
  if (options_.framing != Framing::tcp || !peer->framer.broken() || peer->fd < 0) return;
  log::warning("{}: a Modbus master sent what is no frame; its connection is closed", options_.owner);
  close(peer, false);
}

void BusLine::silence(const std::shared_ptr<Peer>& peer) {
  if (auto adu = peer->framer.silence()) take(peer, std::move(*adu));
}

Adu BusLine::lose_some(std::span<const std::uint8_t> bytes) {
  double rate = 0;
  for (const auto& [id, unit] : units_) rate = std::max(rate, unit->conduct().drop_rate());
  Adu left(bytes.begin(), bytes.end());
  if (rate > 0)
    std::erase_if(left, [&](std::uint8_t) {
      return random_uniform({options_.seed, options_.owner, "lost bytes"}, bytes_drawn_++) < rate;
    });
  return left;
}

void BusLine::take(const std::shared_ptr<Peer>& peer, Adu adu) {
  if (peer->dead || scheduler_.now() < peer->quiet_until) return;
  const std::uint8_t unit_id = adu[pdu_begin(options_.framing) - 1];
  if (options_.framing == Framing::rtu) {
    ++requests_;
    line_free_ = std::max(line_free_, scheduler_.now());
    if (options_.charge_wire) line_free_ += options_.serial.wire_time(adu.size());
    if (unit_id == kBroadcast) return broadcast(adu);
  }
  Exchange exchange;
  exchange.peer = peer;
  exchange.adu = std::move(adu);
  exchange.number = options_.framing == Framing::rtu ? requests_ : ++requests_;
  begin(std::move(exchange), unit_id);
}

/// Executed by all, answered by none.
void BusLine::broadcast(const Adu& adu) {
  for (const auto& [id, unit] : units_) {
    if (!unit->answers()) continue;
    (void)responder_.answer(tray_in_.fd(), adu, *unit);  // libmodbus sends no reply to a broadcast but exceptions
    Adu swallowed(kLongestAdu);
    while (::recv(tray_out_.fd(), swallowed.data(), swallowed.size(), 0) > 0) {
    }
  }
}

std::optional<ModbusException> BusLine::unreachable(std::uint8_t unit_id) const {
  const auto found = units_.find(unit_id);
  if (found == units_.end()) return ModbusException::gateway_path_unavailable;
  if (!found->second->answers()) return ModbusException::gateway_no_response;
  return std::nullopt;
}

void BusLine::begin(Exchange exchange, std::uint8_t unit_id) {
  if (const auto exception = unreachable(unit_id)) {
    if (!options_.bridge) return;
    exchange.plan.exception = *exception;
    return after(turnaround_.next(unit_id), std::move(exchange));
  }
  exchange.unit = units_.at(unit_id).get();
  const auto pdu = pdu_of(options_.framing, exchange.adu);
  exchange.plan = exchange.unit->plan(pdu[0], exchange.unit->allows(pdu[0]) ? parse_request(pdu) : std::nullopt);
  const auto peer = exchange.peer.lock();
  switch (exchange.plan.fate) {
    case Fate::close:
      if (options_.framing == Framing::tcp) close(peer, false);
      return;
    case Fate::reset:
      if (options_.framing == Framing::tcp) close(peer, true);
      return;
    case Fate::dead:
      peer->dead = true;
      return;
    case Fate::silence:
      if (!options_.bridge) return;
      exchange.plan.exception = ModbusException::gateway_no_response;
      break;
    case Fate::answer:
      break;
  }
  const auto slower = exchange.plan.slower;
  const Duration turnaround(
      static_cast<Duration::rep>(static_cast<double>(turnaround_.next(unit_id).count()) * slower));
  after(turnaround + exchange.plan.delay, std::move(exchange));
}

void BusLine::after(Duration wait, Exchange exchange) {
  Time due = scheduler_.now() + wait;
  if (options_.framing == Framing::rtu)
    due = std::max(scheduler_.now(), line_free_) + options_.serial.frame_gap() + wait;
  if (due <= scheduler_.now()) return reply(exchange);
  const std::weak_ptr<BusLine*> line = self_;
  scheduler_.at(due, [line, waiting = std::move(exchange)] {
    if (const auto alive = line.lock()) (*alive)->reply(waiting);
  });
}

bool BusLine::write_reply(const Exchange& exchange, int fd) {
  if (exchange.plan.exception != ModbusException::none)
    return responder_.refuse(fd, exchange.adu, exchange.plan.exception);
  return responder_.answer(fd, exchange.adu, *exchange.unit);
}

Adu BusLine::compose(const Exchange& exchange) {
  Adu adu(kLongestAdu);
  if (!has_tray() || !write_reply(exchange, tray_in_.fd())) return {};
  const auto size = ::recv(tray_out_.fd(), adu.data(), adu.size(), 0);
  adu.resize(static_cast<size_t>(std::max<ssize_t>(0, size)));
  return adu;
}

void BusLine::reply(const Exchange& exchange) {
  const auto peer = exchange.peer.lock();
  if (!peer || peer->fd < 0) return;
  if (exchange.unit && !exchange.unit->answers()) return;  // lost its supply meanwhile
  if (options_.framing == Framing::tcp && exchange.plan.damage.empty()) {
    if (!write_reply(exchange, peer->fd)) return close(peer, false);
    if (peer->on_reply) peer->on_reply();
    return;
  }
  // On a serial line a newer request has the wire: a reply to an older one would collide with it.
  if (options_.framing == Framing::rtu && exchange.number != requests_) return;
  const RandomStream noise{options_.seed, options_.owner, "garbage"};
  const Adu whole = compose(exchange);
  if (whole.empty()) return;
  for (ReplyPiece& piece : damage_reply(options_.framing, whole, exchange.plan.damage, noise, exchange.number))
    deliver(exchange, peer, std::move(piece));
}

void BusLine::deliver(const Exchange& exchange, const std::shared_ptr<Peer>& peer, ReplyPiece piece) {
  if (const BusFault* fault = find(exchange.plan, Kind::coalesce)) return hold(peer, piece.bytes, fault->least);
  Time due = scheduler_.now() + piece.after;
  if (options_.framing == Framing::rtu) {
    piece.bytes = lose_some(piece.bytes);
    if (options_.charge_wire) {
      due = std::max(due, line_free_) + options_.serial.wire_time(piece.bytes.size());
      line_free_ = due;
      due += options_.serial.frame_gap();  // the master knows the end by silence
    }
  }
  if (due <= scheduler_.now()) return send(peer, piece.bytes);
  const std::weak_ptr<BusLine*> line = self_;
  scheduler_.at(due, [line, to = std::weak_ptr(peer), bytes = std::move(piece.bytes)] {
    const auto alive = line.lock();
    const auto there = to.lock();
    if (alive && there && there->fd >= 0) (*alive)->send(there, bytes);
  });
}

void BusLine::hold(const std::shared_ptr<Peer>& peer, const Adu& bytes, Duration wait) {
  peer->held.insert(peer->held.end(), bytes.begin(), bytes.end());
  if (peer->held_until) return;
  peer->held_until = scheduler_.now() + wait;
  const std::weak_ptr<BusLine*> line = self_;
  scheduler_.at(*peer->held_until, [line, to = std::weak_ptr(peer)] {
    const auto alive = line.lock();
    const auto there = to.lock();
    if (!alive || !there) return;
    there->held_until.reset();
    const Adu together = std::exchange(there->held, {});
    if (there->fd >= 0) (*alive)->send(there, together);
  });
}

void BusLine::send(const std::shared_ptr<Peer>& peer, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  const bool is_tcp = options_.framing == Framing::tcp;
  const auto sent = is_tcp ? ::send(peer->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
                           : ::write(peer->fd, bytes.data(), bytes.size());
  if (sent != static_cast<ssize_t>(bytes.size()) && is_tcp) return close(peer, false);
  if (peer->on_reply) peer->on_reply();
}

void BusLine::close(const std::shared_ptr<Peer>& peer, bool with_rst) {
  if (peer->fd < 0) return;
  peer->fd = -1;
  if (peer->on_close) peer->on_close(with_rst);
}

}  // namespace v2x::core
