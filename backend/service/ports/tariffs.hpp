// The tariffs of ownership periods: past days keep theirs.
#pragma once

#include <cstdint>
#include <vector>

#include "backend/model/tariff.hpp"

namespace v2x::service {

class Tariffs {
 public:
  virtual ~Tariffs() = default;
  /// By valid_from.
  virtual std::vector<model::Tariff> of_ownership(std::int64_t ownership_id) = 0;
  /// One that is valid from the same day is replaced.
  virtual void put(std::int64_t ownership_id, const model::Tariff& tariff) = 0;
};

}  // namespace v2x::service
