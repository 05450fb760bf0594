// Where the packed unit values of each record lie in a frame: they are stored as they came.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace v2x::ingest {

/// Of each record of the batch in `up` (an Up that protobuf has parsed), in order: its sample's units, which are
/// themselves a Sample with nothing else. nullopt when they do not lie together, or when `up` is not written as usual.
/// The views point into `up`.
std::optional<std::vector<std::string_view>> unit_slices(std::string_view up);

}  // namespace v2x::ingest
