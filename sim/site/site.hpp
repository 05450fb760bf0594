// One site of a world at work: the house, its devices' registers on the bus, the gateway and its line to the service.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/messaging.hpp"
#include "contracts/fault_catalogue.hpp"
#include "sim/core/lockstep_port.hpp"
#include "sim/core/register_image.hpp"
#include "sim/core/scheduler.hpp"
#include "sim/gateway/curve_uplink.hpp"
#include "sim/gateway/gateway.hpp"
#include "sim/gateway/spool.hpp"
#include "sim/house/house.hpp"
#include "sim/site/unsteady_line.hpp"
#include "sim/site/world.hpp"

namespace v2x::site {

/// Where the backend takes telemetry, and with which keys.
struct TelemetryEndpoint {
  std::string endpoint;           ///< "tcp://127.0.0.1:5570"; empty = no backend, gateways stay without power
  std::string server_public_key;  ///< Z85
  std::filesystem::path keys;     ///< directory of <gateway id>.key files, each a CURVE secret key in Z85
};

/// What all sites of a simulation share; outlives them.
struct Shared {
  const contracts::QuantityCatalogue& quantities;
  const contracts::FaultCatalogue& faults;
  core::Scheduler& scheduler;
  const MessagingContext& messaging;
  TelemetryEndpoint telemetry;
  std::filesystem::path data;  ///< spools are <data>/<site>.spool
  std::uint64_t seed = 1;
  std::function<Time()> present;  ///< service time, for any thread
};

/// Plain C++: SiteModule is its shell in the kernel. Belongs to the kernel's thread.
class Site {
 public:
  Site(SiteConfig config, const Shared& shared);
  ~Site();

  const std::string& name() const { return config_.name; }
  const SiteConfig& config() const { return config_; }
  const Shared& shared() const { return shared_; }

  /// The house with everything done that is due by now: who looks at a quantity or acts on one goes through here.
  house::House& house();
  /// The first violation of N1–N9, as of the house's last change.
  std::optional<std::string> breach() const { return house_.breach(); }
  /// The index of a unit by name, in the order of the world file.
  Result<size_t> unit_index(const std::string& unit) const;
  core::RegisterImage& registers(size_t unit) { return *bus_[unit]->image; }
  core::UnitConduct& conduct(size_t unit) { return *bus_[unit]->conduct; }
  core::Device& device(size_t unit);

  // What a scenario does to the house; paths without the site's name.
  Status set(const std::string& path, const house::PinValue& value);
  Status clear(const std::string& path);
  Status inject(const std::string& unit, const std::string& code);
  Status repair(const std::string& unit, const std::string& code);
  Status plug();
  Status unplug(bool forced);
  Status depart();
  Status come_back(double trip_wh);
  void listen_can(ev::CanBus::Listener listener);
  void send_can(const ev::CanFrame& frame);

  // The gateway and its line.
  const gateway::Gateway& gateway() const { return gateway_; }
  void boot_gateway(telemetry::BootReason reason);
  void power_off_gateway();  ///< as when the plug is pulled: nothing is flushed
  /// A new memory: a new stream, settings and unit list anew. The gateway starts with it.
  void lose_spool();
  void set_gateway_clock(Duration ahead);
  void confirm_units();
  /// Of every stream so far, the newest last.
  std::vector<gateway::StreamLedger> ledgers() const;
  void set_wan(bool up);  ///< either way the line has no other fault afterwards
  LineFaults& line_faults() { return line_.faults(); }
  void open_uplink();  ///< there is a backend now
  void close_uplink();
  gateway::CurveUplink& uplink() { return uplink_; }
  std::uint64_t frames_sent() const { return uplink_.frames_sent() - frames_before_; }  ///< since open_uplink()
  void deliver(std::string_view frame);
  bool waits_for_welcome() const { return line_up_ && gateway_.powered() && !gateway_.welcomed(); }

  // For the shell.
  Time house_due() const { return house_.next_change(); }
  std::optional<Time> gateway_due() const { return gateway_.next_wake(); }
  void run_gateway();
  /// Called whenever one of the two dues may have moved.
  void on_change(std::function<void()> handler) { changed_ = std::move(handler); }

 private:
  /// A device as the bus sees it: brought up to date before each look.
  class FreshDevice;
  struct BusUnit {
    std::unique_ptr<FreshDevice> device;
    std::unique_ptr<core::RegisterImage> image;
    std::unique_ptr<core::UnitConduct> conduct;
    std::unique_ptr<core::BusLine> line;  ///< of the built-in gateway: one to each unit
    std::unique_ptr<core::LockstepPort> port;
  };

  void connect_bus();
  gateway::GatewayPorts ports();
  void update_line();
  Status after(Status status);
  Status pin_gateway(const std::string& pin, double value);

  SiteConfig config_;
  const Shared& shared_;
  house::House house_;
  std::vector<std::unique_ptr<BusUnit>> bus_;
  gateway::CurveUplink uplink_;
  UnsteadyLine line_;
  std::optional<gateway::Spool> spool_;
  std::vector<gateway::StreamLedger> lost_streams_;
  gateway::Gateway gateway_;
  bool wan_up_ = true;
  bool line_up_ = false;  ///< as the gateway sees it
  bool backend_there_ = false;
  std::uint64_t frames_before_ = 0;
  std::function<void()> changed_ = [] {};
};

}  // namespace v2x::site
