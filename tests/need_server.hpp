// Tests against database servers: skipped where the server is not installed, an error under `make test`.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "harness/world/database_server.hpp"

namespace v2x::test {

/// `make test` sets V2X_SERVERS=required: there, nothing may be left out.
inline bool servers_are_required() {
  const char* word = std::getenv("V2X_SERVERS");
  return word != nullptr && std::string(word) == "required";
}

}  // namespace v2x::test

/// In a test's body or SetUp(): ends the test when `kind` is not installed.
#define V2X_NEED_SERVER(kind)                                                                                \
  if (const auto missing_server = v2x::world::missing_program(kind)) {                                       \
    if (v2x::test::servers_are_required()) FAIL() << *missing_server << " is not installed: make deps-test"; \
    GTEST_SKIP() << *missing_server << " is not installed: make deps-test";                                  \
  }
