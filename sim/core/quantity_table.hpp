// The quantities that one device (or site, car, gateway) publishes: the only thing that registers, control paths,
// pages of the lab and the invariants see of a model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/quantity_catalogue.hpp"

namespace v2x::core {

/// Index of a quantity in its table; resolved once, used at every change.
using Slot = std::uint32_t;

/// Values by slot: a number in the base unit, the index of a word, a text, or absent. Owned by the model that
/// publishes it and written on the kernel's thread only. All quantities of the catalogue are there from the start,
/// absent until a model feeds them.
class QuantityTable {
 public:
  /// `kind` is one of the catalogue's owners; `catalogue` must outlive the table.
  QuantityTable(const contracts::QuantityCatalogue& catalogue, const std::string& kind);

  const std::string& kind() const { return kind_; }
  size_t size() const { return quantities_->size(); }
  const contracts::Quantity& quantity(Slot slot) const { return (*quantities_)[slot]; }
  std::optional<Slot> find(std::string_view name) const;
  /// For names written in code: an unknown one aborts with a sentence.
  Slot slot(std::string_view name) const;

  void set(Slot slot, double value) {
    Value& v = values_[slot];
    if (v.present && v.number == value) return;
    v = {value, true};
    ++revision_;
  }
  void set_word(Slot slot, std::string_view word);  ///< aborts unless the quantity has that word
  void set_text(Slot slot, std::string_view text);
  void set_absent(Slot slot);

  bool has(Slot slot) const { return values_[slot].present; }
  /// Number or word index; 0 when absent (ask has() first).
  double number(Slot slot) const { return values_[slot].number; }
  /// The word, the text, or the number in shortest form; "" when absent.
  std::string text(Slot slot) const;
  /// Of a quantity that is a text; "" when absent. Valid until it is set again.
  std::string_view plain_text(Slot slot) const { return texts_[slot]; }

  /// Grows with every change of any value: cheap to compare.
  std::uint64_t revision() const { return revision_; }

 private:
  struct Value {
    double number = 0;
    bool present = false;
  };

  std::string kind_;
  const std::vector<contracts::Quantity>* quantities_;
  std::vector<Value> values_;
  std::vector<std::string> texts_;  ///< apart: most quantities are numbers, and they are set at every change
  std::uint64_t revision_ = 0;
};

}  // namespace v2x::core
