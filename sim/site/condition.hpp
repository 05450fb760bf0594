// Conditions of `advance_to`: what stops a run (`until`), what must not happen in it (`never`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/control.hpp"
#include "sim/core/quantity_table.hpp"

namespace v2x::site {

/// Where a path leads: a slot of a table that somebody else owns.
struct PathTarget {
  const core::QuantityTable* table = nullptr;
  core::Slot slot = 0;
};

/// Finds quantities by path ("home.pcs1.ac.power"); errors name the nearest path.
class PathIndex {
 public:
  void add(const std::string& prefix, const core::QuantityTable& table);
  Result<PathTarget> find(const std::string& path) const;
  std::vector<std::string> paths() const;

 private:
  struct Owner {
    std::string prefix;
    const core::QuantityTable* table;
  };
  std::vector<Owner> owners_;
};

/// The value as control shows it: a number, a word, a text, or null when absent.
Json show(const PathTarget& target);

/// One condition on a quantity, or on what the backend reports. Keeps since when it has held.
class Condition {
 public:
  /// Shapes: contracts/control.md.
  static Result<Condition> parse(const Json& json, const PathIndex& paths);

  /// Looks at the quantity at `now`; true when it holds, and has held for its `for`. Always false for happenings.
  bool holds(Time now);
  /// The instant at which a `for` will be over if nothing changes; nullopt when it isn't running.
  std::optional<Time> due() const;
  /// Whether this entry of `happened` is the one waited for.
  bool matches(const Json& happening) const;
  const Json& json() const { return json_; }

 private:
  enum class Kind { is, below, above, near, happened };
  bool true_now() const;

  Json json_;
  Kind kind_ = Kind::is;
  PathTarget target_;
  std::string word_;  // of `is` on words and text; numbers use bound_
  bool absent_ = false;
  double bound_ = 0;
  double by_ = 0;
  Duration hold_{};
  std::optional<Time> since_;
};

}  // namespace v2x::site
