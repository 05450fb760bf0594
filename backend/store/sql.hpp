// SOCI as this store uses it: instants and optional values as columns. Instants are microseconds since 1970 UTC.
#pragma once

#include <soci/soci.h>

#include <optional>

#include "common/clock.hpp"

namespace soci {

template <>
struct type_conversion<v2x::Time> {
  using base_type = long long;
  static void from_base(const base_type& in, indicator ind, v2x::Time& out) {
    if (ind == i_null) throw soci_error("an instant is NULL, expected a value");
    out = v2x::Time(v2x::Duration(in));
  }
  static void to_base(const v2x::Time& in, base_type& out, indicator& ind) {
    out = in.time_since_epoch().count();
    ind = i_ok;
  }
};

template <class T>
struct type_conversion<std::optional<T>> {
  using base_type = typename type_conversion<T>::base_type;
  static void from_base(const base_type& in, indicator ind, std::optional<T>& out) {
    if (ind == i_null) {
      out.reset();
      return;
    }
    T value{};
    type_conversion<T>::from_base(in, ind, value);
    out = std::move(value);
  }
  static void to_base(const std::optional<T>& in, base_type& out, indicator& ind) {
    if (!in) {
      ind = i_null;
      return;
    }
    type_conversion<T>::to_base(*in, out, ind);
    ind = i_ok;
  }
};

}  // namespace soci

namespace v2x::store {

/// A self-numbered key of a row: SQLite declares it INTEGER, which SOCI reads as int, others as BIGINT.
inline long long key_at(const soci::row& row, size_t column) {
  return row.get_properties(column).get_data_type() == soci::dt_integer ? row.get<int>(column)
                                                                        : row.get<long long>(column);
}

/// Runs a statement that changes rows and gives how many it changed.
inline long long changed_rows(soci::statement& statement) {
  statement.execute(true);
  return statement.get_affected_rows();
}

}  // namespace v2x::store
