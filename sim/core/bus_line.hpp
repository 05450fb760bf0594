// One bus: a TCP port or an RTU line with the units behind it, their timing and their conduct. The same on the wall
// clock and in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/modbus_responder.hpp"
#include "sim/core/reply_damage.hpp"
#include "sim/core/scheduler.hpp"
#include "sim/core/socket.hpp"
#include "sim/core/turnaround.hpp"
#include "sim/core/unit_conduct.hpp"

namespace v2x::core {

/// What is on a serial line per character, and how fast.
struct SerialFormat {
  int baud = 9600;    // default, configurable
  int data_bits = 8;  // default, configurable
  char parity = 'N';  // default, configurable: N, E or O
  int stop_bits = 1;  // default, configurable

  int bits_per_character() const { return 1 + data_bits + (parity == 'N' ? 0 : 1) + stop_bits; }
  Duration wire_time(size_t bytes) const;
  /// t3.5, the silence between frames (Modbus over Serial Line V1.02 §2.5.1.1).
  Duration frame_gap() const;
};

struct BusOptions {
  Framing framing = Framing::tcp;
  Duration turnaround_least = Turnaround::kTcpLeast;
  Duration turnaround_most = Turnaround::kTcpMost;
  SerialFormat serial;
  bool charge_wire = true;          ///< false: a real wire takes its time itself
  bool bridge = false;              ///< unknown and silent units get exceptions 0x0A and 0x0B instead of nothing
  Duration silent_after_connect{};  ///< requests inside of it are swallowed; default none
  std::uint64_t seed = 1;
  std::string owner;  ///< names the bus in the run: "home"
};

/// Never blocks: whatever one unit does or doesn't do, the others answer in time. Belongs to one thread, that of its
/// scheduler. Units must outlive it; what is still scheduled when it goes does nothing.
class BusLine {
 public:
  /// One master's connection; on RTU the wire, which has one master.
  class Peer {
   public:
    explicit Peer(Framing framing) : framer(framing) {}

    int fd = -1;                     ///< replies go there
    std::function<void()> on_reply;  ///< bytes of a reply were written; may be empty
    std::function<void(bool with_rst)> on_close;

   private:
    friend class BusLine;
    RequestFramer framer;
    Time quiet_until;
    bool dead = false;
    Adu held;  ///< replies that wait to leave together
    std::optional<Time> held_until;
  };

  /// Throws BadInput when the process has too many sockets.
  BusLine(Scheduler& scheduler, BusOptions options);
  ~BusLine();

  void add(std::uint8_t unit_id, ModbusUnit& unit, UnitConduct& conduct);
  const BusOptions& options() const { return options_; }
  /// True when every unit behind it refuses connections.
  bool refuses_connections();

  std::shared_ptr<Peer> connect(int fd);
  /// Bytes that came from the peer. Replies are written when they are due; the peer may be told to close at once.
  void receive(const std::shared_ptr<Peer>& peer, std::span<const std::uint8_t> bytes);
  /// RTU: nothing came for longer than a frame may pause.
  void silence(const std::shared_ptr<Peer>& peer);
  bool mid_frame(const Peer& peer) const { return peer.framer.pending(); }

 private:
  /// A request on its way through the unit.
  struct Exchange {
    std::weak_ptr<Peer> peer;
    Adu adu;
    ConductedUnit* unit = nullptr;
    ReplyPlan plan;
    std::uint64_t number = 0;
    bool broadcast = false;
  };

  void take(const std::shared_ptr<Peer>& peer, Adu adu);
  void begin(Exchange exchange, std::uint8_t unit_id);
  void broadcast(const Adu& adu);
  std::optional<ModbusException> unreachable(std::uint8_t unit_id) const;
  void after(Duration wait, Exchange exchange);
  void reply(const Exchange& exchange);
  void open_tray();
  bool has_tray();
  bool write_reply(const Exchange& exchange, int fd);
  Adu compose(const Exchange& exchange);
  void deliver(const Exchange& exchange, const std::shared_ptr<Peer>& peer, ReplyPiece piece);
  void hold(const std::shared_ptr<Peer>& peer, const Adu& bytes, Duration wait);
  void send(const std::shared_ptr<Peer>& peer, std::span<const std::uint8_t> bytes);
  void close(const std::shared_ptr<Peer>& peer, bool with_rst);
  Adu lose_some(std::span<const std::uint8_t> bytes);

  Scheduler& scheduler_;
  const BusOptions options_;
  ModbusResponder responder_;
  Turnaround turnaround_;
  std::map<std::uint8_t, std::unique_ptr<ConductedUnit>> units_;
  Socket tray_in_;  ///< replies that are touched before they leave come out of here; TCP: open from the first one on
  Socket tray_out_;
  std::uint64_t requests_ = 0;
  std::uint64_t bytes_drawn_ = 0;
  Time line_free_;  ///< RTU: the wire carries something until then
  std::shared_ptr<BusLine*> self_;
};

}  // namespace v2x::core
