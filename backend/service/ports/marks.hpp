// The registry's own high-water marks: up to where a gateway's stream has had its events turned into alarms.
#pragma once

#include <cstdint>
#include <string>

namespace v2x::service {

/// A gateway's stream of records, as made with its spool.
struct StreamKey {
  std::string gateway_id;
  std::string stream;  ///< stream id in hexadecimal, 32 characters
  auto operator<=>(const StreamKey&) const = default;
};

class Marks {
 public:
  virtual ~Marks() = default;
  virtual std::uint64_t get(const StreamKey& key) = 0;  ///< 0 = none
  virtual void set(const StreamKey& key, std::uint64_t mark) = 0;
};

}  // namespace v2x::service
