// Links: which dealers look after which gateway.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

inline constexpr int kDealersPerGateway = 5;  // LINK-03, a CHECK of the database too

struct Link {
  std::int64_t id = 0;
  std::string gateway_id;
  std::int64_t ownership_id = 0;
  int dealer_id = 0;
  int slot = 0;  ///< 1 … 5
  Time linked{};
};

class Links {
 public:
  virtual ~Links() = default;
  /// By slot.
  virtual std::vector<Link> of_ownership(std::int64_t ownership_id) = 0;
  virtual std::vector<Link> of_dealer(int dealer_id) = 0;
  virtual std::optional<Link> find(std::int64_t ownership_id, int dealer_id) = 0;
  /// Takes the lowest free slot; nullopt when all five are taken.
  virtual std::optional<std::int64_t> add(const Link& link) = 0;
  /// Ends the link now: its place is free again and the dealer's rights are gone at commit.
  virtual void end(std::int64_t id) = 0;
};

}  // namespace v2x::service
