#include "harness/world/gateway_keys.hpp"

#include <fstream>

#include "common/messaging.hpp"

namespace v2x::world {
namespace fs = std::filesystem;

fs::path make_gateway_keys(const scenario::World& world, const fs::path& directory) {
  fs::create_directories(directory);
  const fs::path list = directory / "gateways.csv";
  std::ofstream csv(list);
  csv << "gateway_id,password,curve_public_key\n";
  for (const scenario::Site& site : world.sites) {
    if (site.gateway_id.empty()) continue;
    const CurveKeyPair keys = make_curve_key_pair();
    const fs::path file = directory / (site.gateway_id + ".key");
    std::ofstream out(file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    out << keys.secret_key << "\n";
    csv << site.gateway_id << "," << site.gateway_password << "," << keys.public_key << "\n";
  }
  return list;
}

}  // namespace v2x::world
