#include "contracts/fault_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/resources.hpp"
#include "common/units.hpp"
#include "common/yaml.hpp"

namespace v2x::contracts {
namespace {

using namespace std::chrono_literals;

// The words stand in the order of the enumerators.
const std::vector<std::string> kClasses{"grid", "dc", "thermal", "hardware", "comms", "vehicle", "island"};
const std::vector<std::string> kSeverities{"notice", "error"};
const std::vector<std::string> kEffects{"none", "warn", "derate", "stop", "trip"};
const std::vector<std::string> kRecoveries{"auto", "manual", "replug", "service"};
const std::vector<std::string> kOwners{"pv", "ev", "gateway", "meter"};
const std::vector<std::string> kDetectors{"pcs", "gateway", "backend"};

constexpr size_t kLongestTitle = 50;  // default: fits 701.MnAlrmInfo beside the code
constexpr int kHighestMinor = 15;     // a major number has 16 vendor bits
constexpr int kHighestBit = 31;

struct CodeNumbers {
  int major = 0;
  int minor = 0;
};

/// "E1-2" → {1, 2}; {0, 0} for anything else.
CodeNumbers parse_code(const std::string& code) {
  const char* const end = code.data() + code.size();
  if (code.size() < 4 || code[0] != 'E') return {};
  CodeNumbers numbers;
  const auto major = std::from_chars(code.data() + 1, end, numbers.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '-') return {};
  const auto minor = std::from_chars(major.ptr + 1, end, numbers.minor);
  if (minor.ec != std::errc() || minor.ptr != end) return {};
  return numbers;
}

template <class Enum>
Enum read_word(const yaml::Node& node, const std::vector<std::string>& words, const std::string& is_no) {
  const std::string word = node.word(words, is_no);
  return static_cast<Enum>(std::find(words.begin(), words.end(), word) - words.begin());
}

/// Hardware tells at once, a grid event is given time to pass.
Duration default_hold(FaultClass fault_class) {
  switch (fault_class) {
    case FaultClass::hardware:
      return 0s;
    case FaultClass::grid:
      return 600s;
    default:
      return 60s;
  }
}

std::vector<int> read_bits(const yaml::Node& list) {
  std::vector<int> bits;
  for (const auto& item : list.items()) {
    const auto bit = item.integer();
    if (bit < 0 || bit > kHighestBit) item.refuse(fmt::format("found bit {}, expected 0 to {}", bit, kHighestBit));
    bits.push_back(static_cast<int>(bit));
  }
  return bits;
}

void read_registers(Fault& fault, const yaml::Node& node) {
  node.allow_only({"evt1", "dc_alarm"});
  if (node.has("evt1")) fault.evt1_bits = read_bits(node.at("evt1"));
  if (node.has("dc_alarm")) fault.dc_alarm_bits = read_bits(node.at("dc_alarm"));
}

void read_recovery(Fault& fault, const yaml::Node& node) {
  node.allow_only({"kind", "wait_s", "then", "manual_after"});
  fault.recovery = read_word<Recovery>(node.at("kind"), kRecoveries, "kind of recovery");
  if (node.has("wait_s")) fault.recovery_wait = from_seconds(node.at("wait_s").number());
  if (node.has("manual_after")) fault.manual_after = static_cast<int>(node.at("manual_after").integer());
  if (node.has("then")) fault.reconnect_wait = node.at("then").word({"reconnect_wait"}) == "reconnect_wait";
}

void read_code(Fault& fault, const yaml::Node& node) {
  fault.code = node.text();
  const CodeNumbers numbers = parse_code(fault.code);
  const bool word = std::all_of(fault.code.begin(), fault.code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!word && (numbers.major < 1 || numbers.minor < 0 || numbers.minor > kHighestMinor))
    node.refuse(
        fmt::format("'{}' is no code, expected E<major>-<0…{}> or a word in capitals", fault.code, kHighestMinor));
}

void read_titles(Fault& fault, const yaml::Node& entry) {
  fault.title_ja = entry.at("title_ja").text();
  fault.title_en = entry.at("title_en").text();
  const bool ascii =
      std::all_of(fault.title_en.begin(), fault.title_en.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!ascii || fault.title_en.size() > kLongestTitle)
    entry.at("title_en").refuse(fmt::format("expected at most {} ASCII characters", kLongestTitle));
}

Fault read_fault(const yaml::Node& entry) {
  entry.allow_only({"code", "title_ja", "title_en", "class", "applies", "detected_by", "condition", "inject",
                    "registers", "effect", "recovery", "severity", "mail", "hold_s"});
  Fault fault;
  read_code(fault, entry.at("code"));
  read_titles(fault, entry);
  fault.fault_class = read_word<FaultClass>(entry.at("class"), kClasses, "class");
  for (const auto& owner : entry.at("applies").items()) fault.applies.push_back(owner.word(kOwners));
  fault.detected_by = entry.at("detected_by").word(kDetectors);
  fault.condition = entry.at("condition").text();
  if (entry.has("inject"))
    for (const auto& [path, value] : entry.at("inject").entries()) fault.inject.emplace_back(path, value.text());
  if (entry.has("registers")) read_registers(fault, entry.at("registers"));
  fault.effect = read_word<Effect>(entry.at("effect"), kEffects, "effect");
  read_recovery(fault, entry.at("recovery"));
  fault.severity = read_word<Severity>(entry.at("severity"), kSeverities, "severity");
  fault.mail = entry.has("mail") ? entry.at("mail").boolean() : fault.severity == Severity::error;
  fault.hold = entry.has("hold_s") ? from_seconds(entry.at("hold_s").number()) : default_hold(fault.fault_class);
  return fault;
}

}  // namespace

int Fault::major() const {
  return parse_code(code).major;
}
int Fault::minor() const {
  return parse_code(code).minor;
}
int Fault::vendor_register() const {
  return (major() + 1) / 2;
}
int Fault::vendor_bit() const {
  return minor() + (major() > 0 && major() % 2 == 0 ? 16 : 0);
}

std::string to_string(FaultClass fault_class) {
  return kClasses[static_cast<size_t>(fault_class)];
}

FaultCatalogue FaultCatalogue::load() {
  return load(resource("contracts") / "faults.yaml");
}

FaultCatalogue FaultCatalogue::load(const std::filesystem::path& file) {
  FaultCatalogue catalogue;
  for (const auto& entry : yaml::load_file(file).items()) {
    Fault fault = read_fault(entry);
    if (catalogue.find(fault.code)) entry.at("code").refuse(fmt::format("code '{}' is here twice", fault.code));
    catalogue.faults_.push_back(std::move(fault));
  }
  return catalogue;
}

const Fault* FaultCatalogue::find(const std::string& code) const {
  const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& f) { return f.code == code; });
  return found == faults_.end() ? nullptr : &*found;
}

const Fault* FaultCatalogue::by_vendor_bit(int vendor_register, int bit) const {
  if (vendor_register < 1) return nullptr;
  const auto carries = [&](const Fault& f) { return f.vendor_register() == vendor_register && f.vendor_bit() == bit; };
  const auto found = std::find_if(faults_.begin(), faults_.end(), carries);
  return found == faults_.end() ? nullptr : &*found;
}

}  // namespace v2x::contracts
