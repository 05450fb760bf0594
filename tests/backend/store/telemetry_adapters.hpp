// The telemetry store that the contract suite runs over: SQLite, or the server beside which it runs.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "backend/store/open.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {

/// A kind of store; an empty one is made for each test.
struct TelemetryAdapter {
  std::string name;
};

inline std::vector<TelemetryAdapter> telemetry_adapters() {
  const std::string server = server_of_tests();
  return {{server.empty() ? "sqlite" : server.substr(0, server.find(':'))}};
}

class OverAdapters : public ::testing::TestWithParam<TelemetryAdapter> {
 protected:
  ScratchDirectory scratch_;
  std::unique_ptr<service::TelemetryStore> store_ =
      store::open_telemetry(store::parse_store_url(telemetry_url(scratch_)), store::Durability::normal);
};

inline std::string adapter_name(const ::testing::TestParamInfo<TelemetryAdapter>& tested) {
  return tested.param.name;
}

}  // namespace v2x::test
