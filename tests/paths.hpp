// Where this build's sources and programs lie. Only paths.cpp is compiled with them, so that a second checkout finds
// every other object in the compiler's cache.
#pragma once

#include <string>
#include <string_view>

namespace v2x {

/// Absolute path of BELOW ("scenarios/worlds/home.yaml") in the checkout.
std::string in_sources(std::string_view below = "");

/// Absolute path of the program NAME in build/bin; the folder itself without a name.
std::string in_programs(std::string_view name = "");

}  // namespace v2x
