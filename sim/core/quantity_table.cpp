#include "sim/core/quantity_table.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace v2x::core {
namespace {

[[noreturn]] void die(const std::string& sentence) {
  std::fputs((sentence + "\n").c_str(), stderr);
  std::abort();
}

}  // namespace

QuantityTable::QuantityTable(const contracts::QuantityCatalogue& catalogue, const std::string& kind)
    : kind_(kind), quantities_(&catalogue.of(kind)), values_(quantities_->size()), texts_(quantities_->size()) {}

std::optional<Slot> QuantityTable::find(std::string_view name) const {
  for (Slot slot = 0; slot < quantities_->size(); ++slot)
    if ((*quantities_)[slot].name == name) return slot;
  return std::nullopt;
}

Slot QuantityTable::slot(std::string_view name) const {
  const auto found = find(name);
  if (!found) die(fmt::format("contracts/quantities.yaml has no '{}' for {}", name, kind_));
  return *found;
}

void QuantityTable::set_word(Slot slot, std::string_view word) {
  const auto& words = quantity(slot).words;
  for (size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return set(slot, static_cast<double>(i));
  die(fmt::format("{}.{} has no word '{}'", kind_, quantity(slot).name, word));
}

void QuantityTable::set_text(Slot slot, std::string_view text) {
  Value& v = values_[slot];
  if (v.present && texts_[slot] == text) return;
  v.present = true;
  texts_[slot] = text;
  ++revision_;
}

void QuantityTable::set_absent(Slot slot) {
  Value& v = values_[slot];
  if (!v.present) return;
  v = Value{};
  texts_[slot].clear();
  ++revision_;
}

std::string QuantityTable::text(Slot slot) const {
  const Value& v = values_[slot];
  if (!v.present) return "";
  const auto& q = quantity(slot);
  if (q.text) return texts_[slot];
  if (!q.words.empty()) return q.words[static_cast<size_t>(v.number)];
  return fmt::format("{}", v.number);
}

}  // namespace v2x::core
