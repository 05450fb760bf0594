// Reads one point of a register map from YAML and checks it against the quantities of the device.
#pragma once

#include <string>

#include "common/yaml.hpp"
#include "sim/core/register_map.hpp"

namespace v2x::core {

/// What a point's surroundings decide.
struct PointContext {
  const contracts::QuantityCatalogue* catalogue = nullptr;
  std::string device;         ///< owner in the catalogue
  bool little_words = false;  ///< unless the point says otherwise
  std::uint32_t base = 0;     ///< address that `at` counts from
  std::string index;          ///< "n": "{n}" in texts becomes `number`; empty outside of a repeat
  int number = 0;
};

/// A point whose references to other points of its block are still names.
struct PointDraft {
  Point point;
  std::string sf;  ///< name of the scale factor point; empty when there is none
  yaml::Node node;
};

PointDraft read_point(const yaml::Node& node, const PointContext& context);

/// A whole number, decimal or 0x…, within [least, most].
std::int64_t read_whole(const yaml::Node& node, std::int64_t least, std::int64_t most);
/// "big" → false, "little" → true.
bool read_word_order(const yaml::Node& node);

}  // namespace v2x::core
