#include "sim/site/vcd_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/jst.hpp"

namespace v2x::site {
namespace {

constexpr int kFirstIdCharacter = '!';  // identifiers are printable ASCII from ! to ~
constexpr int kIdCharacters = 94;

std::string identifier(size_t number) {
  std::string id;
  do {
    id += static_cast<char>(kFirstIdCharacter + static_cast<int>(number % kIdCharacters));
    number /= kIdCharacters;
  } while (number > 0);
  return id;
}

bool is_real(const PathTarget& target) {
  const contracts::Quantity& quantity = target.table->quantity(target.slot);
  return !quantity.text && quantity.words.empty();
}

/// Values hold no blanks in the format.
std::string value_of(const PathTarget& target, bool real) {
  if (real) return target.table->has(target.slot) ? fmt::format("{:.16g}", target.table->number(target.slot)) : "NaN";
  std::string text = target.table->text(target.slot);
  std::replace(text.begin(), text.end(), ' ', '_');
  return text.empty() ? "-" : text;
}

std::vector<std::string> scopes_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

}  // namespace

Result<VcdTrace> VcdTrace::open(const std::string& file, const std::vector<std::pair<std::string, PathTarget>>& signals,
                                Time start) {
  VcdTrace trace;
  trace.out_.open(file);
  trace.start_ = start;
  if (!trace.out_) return fail("bad_argument", file + ": cannot be written, expected a file in an existing folder");
  for (const auto& [path, target] : signals)
    trace.signals_.push_back({target, identifier(trace.signals_.size()), is_real(target), {}});
  trace.write_head(signals);
  trace.sample(start);
  return trace;
}

void VcdTrace::write_head(const std::vector<std::pair<std::string, PathTarget>>& signals) {
  out_ << "$comment from " << format_time(start_) << " $end\n$timescale 1 us $end\n";
  std::vector<std::string> open;
  for (size_t i = 0; i < signals.size(); ++i) {
    std::vector<std::string> scopes = scopes_of(signals[i].first);
    const std::string name = scopes.back();
    scopes.pop_back();
    size_t common = 0;
    while (common < std::min(open.size(), scopes.size()) && open[common] == scopes[common]) ++common;
    for (size_t k = open.size(); k > common; --k) out_ << "$upscope $end\n";
    for (size_t k = common; k < scopes.size(); ++k) out_ << "$scope module " << scopes[k] << " $end\n";
    open = scopes;
    const Signal& signal = signals_[i];
    out_ << (signal.is_real ? "$var real 64 " : "$var string 1 ") << signal.id << " " << name << " $end\n";
  }
  for (size_t k = open.size(); k > 0; --k) out_ << "$upscope $end\n";
  out_ << "$enddefinitions $end\n";
}

void VcdTrace::sample(Time now) {
  bool stamped = false;
  for (Signal& signal : signals_) {
    std::string value = value_of(signal.target, signal.is_real);
    if (value == signal.last) continue;
    if (!stamped) out_ << "#" << (now - start_).count() << "\n";
    stamped = true;
    out_ << (signal.is_real ? "r" : "s") << value << " " << signal.id << "\n";
    signal.last = std::move(value);
  }
  if (stamped) out_.flush();
}

}  // namespace v2x::site
