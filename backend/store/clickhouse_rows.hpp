// What a commit writes into the telemetry tables of ClickHouse.
#pragma once

#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/clickhouse.hpp"

namespace v2x::store {

/// The statements of each layout; a server's layout is how many of them it has seen.
extern const std::vector<std::vector<const char*>> kClickhouseLayouts;

// Tables with their columns in the order of the rows below.
extern const char* const kSampleColumns;
extern const char* const kNumberColumns;
extern const char* const kTouchColumns;
extern const char* const kMarkColumns;

/// The rows of one commit, by table.
struct ClickhouseRows {
  clickhouse::RowBinary samples, numbers, touches, marks;

  explicit ClickhouseRows(const std::vector<const service::TelemetryBatch*>& batches);
};

}  // namespace v2x::store
