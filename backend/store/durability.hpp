// How much a commit survives, where the store can be told.
#pragma once

namespace v2x::store {

/// `full`: a power cut, `normal`: a killed process.
enum class Durability { normal, full };

}  // namespace v2x::store
