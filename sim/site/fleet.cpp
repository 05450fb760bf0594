#include "sim/site/fleet.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

#include "common/bad_input.hpp"
#include "common/control.hpp"
#include "common/jst.hpp"
#include "common/random.hpp"
#include "common/scratch_directory.hpp"
#include "sim/core/act_queue_module.hpp"
#include "sim/site/site_module.hpp"

namespace v2x::site {
namespace {

namespace fs = std::filesystem;

constexpr int kPeriodMs = 60'000;
/// The last sample waits for answers of its period's last polls (RunningGateway::kSettle).
constexpr Duration kUntilClosed = std::chrono::seconds(10);
constexpr int kSpoolDaysBeyond = 1;  // nothing may be dropped

/// Of one house.
class Draw {
 public:
  Draw(std::uint64_t seed, const std::string& house) : stream_{seed, house, "fleet"} {}
  double between(double low, double high) { return low + (high - low) * random_uniform(stream_, next_++); }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

fs::path spool_of(const fs::path& directory, const SiteConfig& config) {
  return directory / (config.name + ".spool");
}

void simulate(const std::vector<SiteConfig>& configs, const FleetOptions& options, const fs::path& spools,
              const contracts::QuantityCatalogue& quantities) {
  const MessagingContext messaging;
  core::Kernel kernel(options.start);
  core::ActQueueModule acts("acts", kernel);
  const auto faults = contracts::FaultCatalogue::load();
  const Shared shared{quantities, faults, acts, messaging, {}, spools, options.seed, [&] { return kernel.now(); }};
  std::vector<std::unique_ptr<Site>> sites;
  std::vector<std::unique_ptr<SiteModule>> modules;
  for (const SiteConfig& config : configs) {
    sites.push_back(std::make_unique<Site>(config, shared));
    sites.back()->boot_gateway(telemetry::BOOT_REASON_POWER_ON);
    modules.push_back(std::make_unique<SiteModule>(config.name.c_str(), kernel, *sites.back()));
  }
  kernel.run_to(options.start + options.days * std::chrono::hours(24) + kUntilClosed);
  for (const auto& site : sites)
    if (const auto breach = site->house().breach()) throw BadInput(*breach);
}

void write_varint(std::ostream& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.put(static_cast<char>(value | 0x80));
  out.put(static_cast<char>(value));
}

/// The samples of one spool, numbered anew: events are left out.
void write_house(std::ostream& out, gateway::Spool& spool, size_t wanted) {
  std::vector<std::string> records;
  spool.read(1, [&](std::uint64_t, std::string_view bytes) {
    telemetry::Record record;
    if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !record.has_sample()) return true;
    record.set_seq(records.size() + 1);
    records.push_back(record.SerializeAsString());
    return records.size() < wanted;
  });
  write_varint(out, records.size());
  for (const std::string& record : records) {
    write_varint(out, record.size());
    out << record;
  }
}

}  // namespace

SiteConfig vary(const SiteConfig& pattern, int number, std::uint64_t seed) {
  SiteConfig site = pattern;
  site.name = fmt::format("house{:02}", number);
  site.gateway.id = fmt::format("FLEET{:07}", number);
  site.house.site = site.name;
  Draw draw(seed, site.name);
  site.house.persons = static_cast<int>(draw.between(1, 7));
  site.house.all_electric = draw.between(0, 1) < 0.4;
  site.house.weather.clear();  // drawn by the month
  const double size = draw.between(0.6, 1.4);
  const double turn = draw.between(-60, 60);
  for (house::UnitConfig& unit : site.house.units)
    for (plant::PvStringConfig& string : unit.strings) {
      string.peak_w *= size;
      string.azimuth_deg += turn;
    }
  if (site.house.car) {
    site.house.car->soc_percent = std::floor(draw.between(20, 95));
    site.house.car->plugged = draw.between(0, 1) < 0.7;
  }
  return site;
}

void write_fleet(const FleetOptions& options) {
  const auto quantities = contracts::QuantityCatalogue::load();
  RegisterMaps maps;
  const SiteConfig pattern = read_sites(options.world, quantities, maps).front();
  std::vector<SiteConfig> configs;
  for (int number = 1; number <= options.houses; ++number) {
    configs.push_back(vary(pattern, number, options.seed));
    configs.back().gateway.spool_days = options.days + kSpoolDaysBeyond;
  }
  const std::string unwritable = options.out.string() + ": cannot be written, expected a place for the sample file";
  std::ofstream out(options.out, std::ios::binary);
  if (!out) throw BadInput(unwritable);  // known before the simulation, not after
  const ScratchDirectory spools;
  simulate(configs, options, spools.path(), quantities);

  const Json header{{"houses", options.houses},
                    {"days", options.days},
                    {"seed", options.seed},
                    {"start", format_time(options.start)},
                    {"period_ms", kPeriodMs}};
  out << "v2x-fleet 1\n" << header.dump() << "\n";
  const auto wanted = static_cast<size_t>(options.days) * gateway::Spool::kRecordsPerDay;
  for (const SiteConfig& config : configs) {
    gateway::Spool spool({spool_of(spools.path(), config),
                          gateway::Spool::Durability::process,
                          config.gateway.spool_days,
                          {options.seed, config.gateway.id, 0}});
    write_house(out, spool, wanted);
  }
  out.flush();
  if (!out) throw BadInput(unwritable);
}

}  // namespace v2x::site
