// The telemetry stores that the contract suite runs over.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/store/telemetry_sqlite.hpp"
#include "tests/backend/scratch.hpp"

namespace v2x::test {

/// A kind of store and how an empty one is made; nullptr when its server is absent.
struct TelemetryAdapter {
  std::string name;
  std::function<std::unique_ptr<service::TelemetryStore>(const Scratch&)> make;
};

inline std::vector<TelemetryAdapter> telemetry_adapters() {
  return {{"sqlite", [](const Scratch& scratch) {
             return std::make_unique<store::TelemetrySqlite>(scratch.path() / "telemetry.db",
                                                             store::Durability::normal);
           }}};
}

/// A test over every adapter, each on an empty store.
class OverAdapters : public ::testing::TestWithParam<TelemetryAdapter> {
 protected:
  void SetUp() override {
    store_ = GetParam().make(scratch_);
    if (!store_) GTEST_SKIP() << GetParam().name << ": its server is absent";
  }

  Scratch scratch_;
  std::unique_ptr<service::TelemetryStore> store_;
};

inline std::string adapter_name(const ::testing::TestParamInfo<TelemetryAdapter>& info) {
  return info.param.name;
}

}  // namespace v2x::test
