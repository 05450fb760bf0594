// A CAN data frame as CHAdeMO uses it: 11-bit id, always 8 bytes.
#pragma once

#include <array>
#include <cstdint>

namespace v2x::ev {

struct CanFrame {
  std::uint16_t id = 0;
  std::array<std::uint8_t, 8> data{};

  bool operator==(const CanFrame&) const = default;
};

}  // namespace v2x::ev
