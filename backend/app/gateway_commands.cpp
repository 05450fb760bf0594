#include "backend/app/gateway_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "backend/app/offline.hpp"
#include "backend/app/server_keys.hpp"
#include "backend/service/passwords.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/releasing.hpp"
#include "backend/service/secrets.hpp"
#include "common/bad_input.hpp"
#include "common/jst.hpp"

namespace v2x::app {
namespace {

namespace fs = std::filesystem;
using service::Transaction;

constexpr auto kHeading = "gateway_id,password,curve_public_key";
constexpr size_t kGatewayIdLength = 12;        // REG-11
constexpr size_t kFactoryPasswordLength = 13;  // GW-01

bool is_gateway_id(const std::string& text) {
  return text.size() == kGatewayIdLength &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

struct Line {
  int number = 0;
  service::FactoryGateway gateway;  ///< password_hash as it was given
};

std::vector<Line> read_list(const fs::path& list) {
  std::ifstream file(list);
  if (!file) throw BadInput(list.string() + ": cannot be read, expected a list of gateways");
  std::vector<Line> lines;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty() || text == kHeading) continue;
    const auto refuse = [&](const char* what) {
      throw BadInput(fmt::format("{}:{}:1: {}, expected {}", list.string(), number, what, kHeading));
    };
    // A hash holds commas: the first and the last one of the line separate.
    const size_t first = text.find(',');
    const size_t last = text.rfind(',');
    if (first == last) refuse("not three columns");
    Line line{number, {text.substr(0, first), text.substr(first + 1, last - first - 1), text.substr(last + 1)}};
    if (!is_gateway_id(line.gateway.gateway_id)) refuse("the gateway_id is not 12 of 0-9 A-Z");
    if (line.gateway.password_hash.empty()) refuse("the password is empty");
    if (!is_curve_key(line.gateway.public_key)) refuse("the key is not 40 characters of Z85");
    lines.push_back(std::move(line));
  }
  return lines;
}

service::GatewayDevice need_gateway(Transaction& tx, const std::string& gateway_id) {
  auto device = tx.inventory().find(gateway_id);
  if (!device) throw BadInput(fmt::format("no gateway has the ID '{}', expected an imported one", gateway_id));
  return *device;
}

void audit(Transaction& tx, const char* act, const std::string& object) {
  tx.audit().write({"operator", "", act, object, "ok"});
}

void hash_passwords(std::vector<Line>& lines) {
  service::Passwords passwords(service::Passwords::Options{});
  for (auto& line : lines) {
    if (line.gateway.password_hash.starts_with("$argon2id$")) continue;
    const auto hash = passwords.hash(line.gateway.password_hash);
    if (!hash) throw BadInput("gateways import: " + hash.error().message);
    line.gateway.password_hash = *hash;
  }
}

/// `length` of [a-z0-9], from the system's generator.
std::string factory_password() {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string password;
  while (password.size() < kFactoryPasswordLength)
    for (const char c : service::new_token())
      if (kLetters.find(c) != std::string_view::npos && password.size() < kFactoryPasswordLength) password.push_back(c);
  return password;
}

/// Half-hours in which what came in differs from where it went (MON-21): the gateway measures wrongly.
void show_suspects(const Offline& offline, const std::string& gateway_id) {
  const auto half_hours = offline.core.monitoring.energy().half_hours({gateway_id, {}}, {}, offline.clock.now());
  std::optional<Time> newest;
  int count = 0;
  for (const auto& half_hour : half_hours) {
    if (!half_hour.suspect) continue;
    newest = half_hour.start;
    ++count;
  }
  if (newest) fmt::print("suspect half-hours {}, the newest begins {}\n", count, format_time(*newest));
}

}  // namespace

void import_gateways(const BackendOptions& options, const fs::path& list) {
  std::vector<Line> lines = read_list(list);
  hash_passwords(lines);
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& transaction) {
    for (const auto& line : lines)
      if (!transaction.inventory().import(line.gateway))
        throw BadInput(fmt::format("{}:{}:1: {} or its key is known already, expected a new gateway", list.string(),
                                   line.number, line.gateway.gateway_id));
    audit(transaction, "import", fmt::format("{} gateways", lines.size()));
  });
  fmt::print("imported {} gateways\n", lines.size());
}

void make_gateways(int count, const fs::path& directory) {
  fs::create_directories(directory);
  const fs::path list = directory / "gateways.csv";
  std::ofstream csv(list);
  csv << kHeading << "\n";
  for (int number = 1; number <= count; ++number) {
    const std::string gateway_id = fmt::format("SIM{:09}", number);
    const CurveKeyPair keys = make_curve_key_pair();
    write_secret(directory / (gateway_id + ".key"), keys.secret_key + "\n");
    csv << gateway_id << "," << factory_password() << "," << keys.public_key << "\n";
  }
  csv.flush();
  if (!csv) throw BadInput(list.string() + ": cannot be written");
  fmt::print("{}\n", list.string());
}

void add_gateway_key(const BackendOptions& options, const std::string& gateway_id, const std::string& public_key) {
  if (!is_curve_key(public_key))
    throw BadInput(fmt::format("'{}' is no key, expected 40 characters of Z85", public_key));
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& tx) {
    need_gateway(tx, gateway_id);
    if (!tx.inventory().add_key(gateway_id, public_key))
      throw BadInput(fmt::format("the key {} is known already, expected a new one", public_key));
    audit(tx, "add key", gateway_id + " " + public_key);
  });
  fmt::print("added a key of {}\n", gateway_id);
}

void revoke_gateway_key(const BackendOptions& options, const std::string& public_key) {
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& tx) {
    const auto gateway_id = tx.inventory().gateway_of_key(public_key);
    if (!gateway_id) throw BadInput(fmt::format("the key {} is not in use, expected one that is", public_key));
    tx.inventory().revoke_key(public_key, tx.now());
    audit(tx, "revoke key", *gateway_id + " " + public_key);
    fmt::print("revoked a key of {}\n", *gateway_id);
  });
}

void release_gateway(const BackendOptions& options, const std::string& gateway_id) {
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& tx) {
    need_gateway(tx, gateway_id);
    const auto owned = tx.gateways().owned(gateway_id);
    if (!owned) throw BadInput(fmt::format("nobody owns {}, expected a gateway with an owner", gateway_id));
    service::end_ownership(tx, offline.core.alarms, *owned, {"operator", ""});
  });
  fmt::print("released {}\n", gateway_id);
}

void show_gateway(const BackendOptions& options, const std::string& gateway_id) {
  Offline offline(options);
  offline.core.registry.read([&](Transaction& tx) {
    const auto device = need_gateway(tx, gateway_id);
    const auto time = [](const std::optional<Time>& t) { return t ? format_time(*t) : "never"; };
    fmt::print("gateway {} model '{}' serial '{}' firmware '{}'\n", gateway_id, device.report.model,
               device.report.serial, device.report.firmware);
    fmt::print("first seen {}, last seen {}\n", time(device.first_seen), time(device.last_seen));
    for (const auto& key : tx.inventory().keys_of(gateway_id))
      fmt::print("key {} {}\n", key.public_key, key.revoked ? "revoked " + format_time(*key.revoked) : "in use");
    const auto owned = tx.gateways().owned(gateway_id);
    if (!owned) return fmt::print("nobody owns it\n");
    fmt::print("owned by account {} at {}\n", owned->account_id, owned->site.name);
    for (const auto& link : tx.links().of_ownership(owned->ownership_id))
      fmt::print("looked after by {} since {}\n", link.dealer_id, format_time(link.linked));
  });
  show_suspects(offline, gateway_id);
}

}  // namespace v2x::app
