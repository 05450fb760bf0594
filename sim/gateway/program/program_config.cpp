#include "sim/gateway/program/program_config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"
#include "common/curve_key_file.hpp"
#include "common/resources.hpp"
#include "sim/core/serial_device.hpp"
#include "sim/gateway/gateway_yaml.hpp"
#include "sim/gateway/program/serial_line.hpp"

namespace v2x::gateway::program {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHighestUnitId = 247;  // Modbus over Serial Line V1.02 §2.2; TCP devices keep to it

/// One reading of one file.
class Reader {
 public:
  Reader(const fs::path& file, const contracts::QuantityCatalogue& catalogue) : file_(file), catalogue_(catalogue) {}

  ProgramConfig read() {
    const yaml::Node root = yaml::load_file(file_);
    root.allow_only({"gateway", "service", "spool", "contact_input", "serial", "units"});
    config_.gateway = read_own_gateway(root.at("gateway"));
    read_service(root.at("service"));
    config_.spool = beside(root.at("spool").text());
    if (!fs::is_directory(fs::absolute(config_.spool).parent_path()))
      root.at("spool").refuse(
          fmt::format("there is no folder for '{}', expected one that exists", config_.spool.string()));
    if (root.has("contact_input")) read_contact_input(root.at("contact_input"));
    if (root.has("serial")) read_serial(root.at("serial"));
    for (const auto& [name, node] : root.at("units").entries()) read_unit(name, root.at("units").key(name), node);
    if (config_.gateway.units.empty()) root.at("units").refuse("no units, expected at least one");
    if (root.has("serial")) refuse_unused_lines(root.at("serial"));
    number_units();
    wait_for_neighbours();
    return std::move(config_);
  }

 private:
  fs::path beside(const std::string& path) const { return file_.parent_path() / path; }

  void read_service(const yaml::Node& node) {
    node.allow_only({"endpoint", "server_key", "server_key_file", "keys", "reply_timeout"});
    ServiceAddress& service = config_.service;
    service.endpoint = read_endpoint(node.at("endpoint"));
    service.server_public_key = read_server_key(node);
    if (node.has("reply_timeout")) config_.gateway.reply_timeout = read_reply_timeout(node.at("reply_timeout"));
    for (const yaml::Node& item : node.at("keys").items()) {
      service.key_files.push_back(beside(item.text()));
      const auto pair = read_keys({service.key_files.back()});
      if (!pair) item.refuse(pair.error().message);
      config_.keys.push_back(pair->front());
    }
    if (config_.keys.empty()) node.at("keys").refuse("no key files, expected at least one");
  }

  void read_contact_input(const yaml::Node& node) {
    config_.contact_input = beside(node.text());
    if (::access(config_.contact_input.c_str(), R_OK) != 0)
      node.refuse(fmt::format("'{}': {}, expected a file that says 1 while the contact is closed",
                              config_.contact_input.string(), std::strerror(errno)));
  }

  static Duration read_reply_timeout(const yaml::Node& node) {
    using namespace std::chrono_literals;
    const Duration value = node.duration();
    if (value < 1s || value > 10min)
      node.refuse(fmt::format("'{}' is out of range, expected 1 s to 10 min", node.text()));
    return value;
  }

  static std::string read_endpoint(const yaml::Node& node) {
    const std::string text = node.text();
    const size_t colon = text.rfind(':');
    const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
    const bool is_port = !port.empty() && port.size() <= 5 &&
                         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    constexpr std::string_view kScheme = "tcp://";
    if (!text.starts_with(kScheme) || colon <= kScheme.size() || !is_port)
      node.refuse(fmt::format("'{}' is no endpoint, expected like tcp://192.168.1.2:5570", text));
    return text;
  }

  std::string read_server_key(const yaml::Node& node) const {
    if (node.has("server_key") == node.has("server_key_file"))
      node.refuse("expected either 'server_key' or 'server_key_file'");
    if (node.has("server_key_file")) {
      const auto key = read_curve_key(beside(node.at("server_key_file").text()));
      if (!key) node.at("server_key_file").refuse(key.error().message);
      return *key;
    }
    const std::string key = node.at("server_key").text();
    if (!is_curve_key(key)) node.at("server_key").refuse("no CURVE key, expected 40 characters of Z85 in quotes");
    return key;
  }

  void read_serial(const yaml::Node& node) {
    for (const auto& [device, format] : node.entries()) {
      format.allow_only({"baud", "format"});
      config_.serial[device] = core::read_serial_format(format);
    }
  }

  void read_unit(const std::string& name, const yaml::Node& key, const yaml::Node& node) {
    node.allow_only({"kind", "unit_id", "map", "tcp", "rtu"});
    const std::string kind = node.at("kind").word({"pv_pcs", "ev_pcs", "meter"}, "kind of unit");
    const auto unit_id = node.at("unit_id").integer();
    if (unit_id < 1 || unit_id > kHighestUnitId)
      node.at("unit_id").refuse(fmt::format("expected a unit id of 1 to {}", kHighestUnitId));
    if (node.has("tcp") == node.has("rtu")) key.refuse(fmt::format("unit '{}': expected either 'tcp' or 'rtu'", name));
    UnitAddress address;
    address.text = node.at(node.has("tcp") ? "tcp" : "rtu").text();
    if (node.has("tcp")) {
      const auto tcp = parse_tcp_address(address.text);
      if (!tcp) node.at("tcp").refuse(tcp.error().message);
      address.tcp = *tcp;
    } else {
      if (::access(address.text.c_str(), R_OK | W_OK) != 0)
        node.at("rtu").refuse(fmt::format("'{}': {}, expected a serial device that this user may open", address.text,
                                          std::strerror(errno)));
      address.serial_device = address.text;
      config_.serial.try_emplace(address.text);
    }
    refuse_shared_address(node, address.text, unit_id);
    GatewayUnit unit{name, unit_kind(kind), 0, static_cast<std::uint8_t>(unit_id), &map(node.at("map"), kind)};
    config_.gateway.units.push_back(std::move(unit));
    config_.addresses.push_back(std::move(address));
  }

  static UnitKind unit_kind(const std::string& word) {
    return word == "meter" ? UnitKind::meter : word == "ev_pcs" ? UnitKind::ev_pcs : UnitKind::pv_pcs;
  }

  void refuse_shared_address(const yaml::Node& node, const std::string& address, std::int64_t unit_id) const {
    for (size_t i = 0; i < config_.addresses.size(); ++i)
      if (config_.addresses[i].text == address && config_.gateway.units[i].unit_id == unit_id)
        node.at("unit_id").refuse(
            fmt::format("unit id {} at {} is '{}' already", unit_id, address, config_.gateway.units[i].name));
  }

  /// A shipped map by its name, or a file of one's own by its path.
  const core::RegisterMap& map(const yaml::Node& node, const std::string& kind) {
    const std::string word = node.text();
    auto& known = config_.maps[word];
    if (!known) {
      const bool is_file = word.find('/') != std::string::npos || word.ends_with(".yaml");
      const fs::path file = is_file ? beside(word) : resource("maps") / (word + ".yaml");
      if (!fs::is_regular_file(file))
        node.refuse(fmt::format("no register map '{}', expected {} or a file's path", word, shipped_maps()));
      known = std::make_unique<core::RegisterMap>(core::RegisterMap::load(file, catalogue_));
    }
    if (known->device() != kind)
      node.refuse(fmt::format("map '{}' is for {}, expected one for {}", word, known->device(), kind));
    return *known;
  }

  static std::string shipped_maps() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(resource("maps")))
      if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return fmt::format("{}", fmt::join(names, ", "));
  }

  void refuse_unused_lines(const yaml::Node& node) const {
    for (const auto& [device, format] : node.entries()) {
      const bool used = std::any_of(config_.addresses.begin(), config_.addresses.end(),
                                    [&](const UnitAddress& address) { return address.serial_device == device; });
      if (!used) node.key(device).refuse(fmt::format("no unit is on {}, expected one with 'rtu: {}'", device, device));
    }
  }

  /// ユニットNo: conditioners first in the file's order, meters last.
  void number_units() {
    std::uint32_t next = 1;
    for (const bool meters : {false, true})
      for (GatewayUnit& unit : config_.gateway.units)
        if ((unit.kind == UnitKind::meter) == meters) unit.unit_no = next++;
  }

  void wait_for_neighbours() {
    for (size_t i = 0; i < config_.addresses.size(); ++i) {
      const std::string& device = config_.addresses[i].serial_device;
      if (device.empty()) continue;
      const auto on_line = std::count_if(config_.addresses.begin(), config_.addresses.end(),
                                         [&](const UnitAddress& other) { return other.serial_device == device; });
      config_.gateway.units[i].longest_wait = SerialLine::longest_wait(
          static_cast<size_t>(on_line), config_.serial.at(device), config_.gateway.poll.request_timeout);
    }
  }

  fs::path file_;
  const contracts::QuantityCatalogue& catalogue_;
  ProgramConfig config_;
};

}  // namespace

ProgramConfig read_program_config(const fs::path& file, const contracts::QuantityCatalogue& catalogue) {
  return Reader(file, catalogue).read();
}

}  // namespace v2x::gateway::program
