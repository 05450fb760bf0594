#include "sim/site/site.hpp"

#include <fmt/format.h>

#include "common/bad_input.hpp"
#include "common/curve_key_file.hpp"
#include "common/nearest.hpp"

namespace v2x::site {
namespace {

constexpr std::string_view kGateway = "gateway.";  // begins the paths of its quantities

gateway::Spool::Options spool_options(const SiteConfig& config, const Shared& shared, std::uint64_t creation = 0) {
  std::filesystem::create_directories(shared.data);
  // Lockstep needs no fsync: the spool survives kill -9, and nobody pulls the plug of the test machine.
  return {shared.data / (config.name + ".spool"),
          gateway::Spool::Durability::process,
          config.gateway.spool_days,
          {shared.seed, config.gateway.id, creation}};
}

CurveDealer::Options line_options(const SiteConfig& config, const TelemetryEndpoint& telemetry) {
  const auto secret = read_curve_key(telemetry.keys / (config.gateway.id + ".key"));
  if (!secret) throw BadInput(secret.error().message);
  return {telemetry.endpoint, telemetry.server_public_key, {curve_public_key(*secret), *secret}};
}

}  // namespace

class Site::FreshDevice final : public core::Device {
 public:
  FreshDevice(Site& site, core::Device& device) : site_(site), device_(device) {}
  const core::QuantityTable& quantities() const override {
    site_.house_.refresh(device_, site_.shared_.scheduler.now());
    return device_.quantities();
  }
  const core::QuantityTable& states() const override {
    site_.house_.make_changes(site_.shared_.scheduler.now());
    return device_.quantities();
  }
  core::ModbusException write(std::span<const core::QuantityWrite> writes) override {
    site_.house();
    const core::ModbusException result = device_.write(writes);
    site_.changed_();
    return result;
  }

 private:
  Site& site_;
  core::Device& device_;
};

Site::Site(SiteConfig config, const Shared& shared)
    : config_(std::move(config)),
      shared_(shared),
      house_(config_.house, shared.quantities, shared.faults, shared.seed, shared.scheduler.now()),
      uplink_(shared.messaging),
      line_(shared.scheduler,
            {uplink_,
             [this](std::string_view frame) {
               gateway_.on_downlink(shared_.scheduler.now(), frame);
               changed_();
             }},
            shared.seed, config_.gateway.id),
      spool_(std::in_place, spool_options(config_, shared)),
      gateway_(config_.gateway, ports(), shared.quantities, shared.faults, shared.seed) {}

Site::~Site() = default;

gateway::GatewayPorts Site::ports() {
  connect_bus();
  gateway::GatewayPorts all{{}, *spool_, line_};
  for (const auto& unit : bus_) all.buses.push_back(unit->port.get());
  return all;
}

void Site::connect_bus() {
  for (size_t i = 0; i < config_.gateway.units.size(); ++i) {
    const gateway::GatewayUnit& on_bus = config_.gateway.units[i];
    auto unit = std::make_unique<BusUnit>();
    unit->device = std::make_unique<FreshDevice>(*this, house_.unit(on_bus.name));
    unit->image = std::make_unique<core::RegisterImage>(*on_bus.map, *unit->device);
    const std::string path = config_.name + "." + on_bus.name;
    unit->conduct = std::make_unique<core::UnitConduct>(
        *on_bus.map, core::UnitConduct::Options{config_.bus.habits, shared_.seed, path, shared_.present});
    core::BusOptions bus = config_.bus.tcp;
    bus.seed = shared_.seed;
    bus.owner = path;
    unit->line = std::make_unique<core::BusLine>(shared_.scheduler, bus);
    unit->line->add(on_bus.unit_id, *unit->image, *unit->conduct);
    unit->port = std::make_unique<core::LockstepPort>(*unit->line);
    if (!config_.gateway.external) (void)unit->port->fd();  // too many sockets are a bad start, not a surprise later
    unit->port->on_reply_pending([this, i] {
      gateway_.on_reply(i, shared_.scheduler.now());
      changed_();
    });
    bus_.push_back(std::move(unit));
  }
}

house::House& Site::house() {
  house_.advance_to(shared_.scheduler.now());
  return house_;
}

Result<size_t> Site::unit_index(const std::string& name) const {
  std::vector<std::string> known;
  for (size_t i = 0; i < config_.gateway.units.size(); ++i) {
    if (config_.gateway.units[i].name == name) return i;
    known.push_back(config_.gateway.units[i].name);
  }
  return fail("unknown_unit", unknown_word(name, "unit of " + config_.name, known));
}

core::Device& Site::device(size_t unit) {
  return *bus_[unit]->device;
}

Status Site::after(Status status) {
  changed_();
  return status;
}

Status Site::set(const std::string& path, const house::PinValue& value) {
  if (!path.starts_with(kGateway)) return after(house().set(path, value));
  if (const double* number = std::get_if<double>(&value))
    return after(pin_gateway(path.substr(kGateway.size()), *number));
  return fail("bad_argument", fmt::format("{} takes a number", path));
}
Status Site::clear(const std::string& path) {
  if (!path.starts_with(kGateway)) return after(house().clear(path));
  const std::string pin = path.substr(kGateway.size());
  return after(pin_gateway(pin, pin == "wan" ? 1 : 0));
}

/// The catalogue's pins of a gateway.
Status Site::pin_gateway(const std::string& pin, double value) {
  if (pin == "wan") {
    set_wan(value != 0);
  } else if (pin == "contact_input") {
    gateway_.set_contact_input(shared_.scheduler.now(), value != 0);
  } else {
    return fail("unknown_path", unknown_word(pin, "pin of a gateway", {"wan", "contact_input"}));
  }
  return done();
}
Status Site::inject(const std::string& unit, const std::string& code) {
  return after(house().inject(unit, code));
}
Status Site::repair(const std::string& unit, const std::string& code) {
  return after(house().repair(unit, code));
}
Status Site::plug() {
  return after(house().plug());
}
Status Site::unplug(bool forced) {
  return after(house().unplug(forced));
}

Status Site::depart() {
  return after(house().depart());
}
Status Site::come_back(double trip_wh) {
  return after(house().come_back(trip_wh));
}
void Site::listen_can(ev::CanBus::Listener listener) {
  house().listen_can(std::move(listener));
  changed_();
}
void Site::send_can(const ev::CanFrame& frame) {
  house().send_can(frame);
  changed_();
}

void Site::boot_gateway(telemetry::BootReason reason) {
  gateway_.boot(shared_.scheduler.now(), reason);
  if (line_up_) gateway_.on_connected(shared_.scheduler.now());
  changed_();
}

void Site::power_off_gateway() {
  gateway_.power_off(shared_.scheduler.now());
  changed_();
}

void Site::lose_spool() {
  gateway_.power_off(shared_.scheduler.now());
  lost_streams_.push_back(spool_->ledger());
  const std::uint64_t creation = spool_->creation() + 1;
  spool_.reset();
  const auto file = spool_options(config_, shared_).file;
  for (const char* part : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file.string() + part);
  spool_.emplace(spool_options(config_, shared_, creation));
  boot_gateway(telemetry::BOOT_REASON_POWER_ON);
}

void Site::set_gateway_clock(Duration ahead) {
  gateway_.set_clock(shared_.scheduler.now(), ahead);
  changed_();
}

void Site::confirm_units() {
  gateway_.confirm_units(shared_.scheduler.now());
  changed_();
}

std::vector<gateway::StreamLedger> Site::ledgers() const {
  auto all = lost_streams_;
  all.push_back(spool_->ledger());
  return all;
}

void Site::set_wan(bool up) {
  wan_up_ = up;
  line_.faults() = {};
  update_line();
}

void Site::open_uplink() {
  backend_there_ = true;
  frames_before_ = uplink_.frames_sent();
  update_line();
}

void Site::close_uplink() {
  backend_there_ = false;
  update_line();
}

/// A cut line is silent both ways, but the service doesn't see it end, as little as it would outside: what it sends
/// is still taken in, and lost.
void Site::update_line() {
  const bool there = backend_there_ && !config_.gateway.external;
  if (there && !uplink_.is_open()) uplink_.connect(line_options(config_, shared_.telemetry));
  const bool up = there && wan_up_;
  if (up != line_up_) {
    line_up_ = up;
    if (up) {
      gateway_.on_connected(shared_.scheduler.now());
    } else {
      gateway_.on_disconnected(shared_.scheduler.now());
      line_.cut();
    }
    changed_();
  }
  if (!there) uplink_.close();
}

void Site::deliver(std::string_view frame) {
  if (line_up_) line_.receive(frame);
}

void Site::run_gateway() {
  gateway_.wake(shared_.scheduler.now());
}

}  // namespace v2x::site
