// Samples in the SQLite telemetry store: each stream is a chain of rows in the order of time, found by walking back.
//
// Rows are appended, and a row names the one before it in its stream's chain. A commit of a live fleet thus writes the
// table's end and the streams' narrow rows in `progress`, where an index by stream and time would have a page of its
// own written for nearly every record. Every 64th row of a chain is a waypoint, found by time. Samples that are not
// newer than their stream's newest, or skewed, stay apart: they are in no chain, and have an index.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "backend/service/telemetry.hpp"
#include "backend/store/half_hours_sqlite.hpp"
#include "backend/store/sqlite.hpp"

namespace v2x::store {

/// Works inside of its owner's transaction, under its owner's lock.
class SampleWriter {
 public:
  SampleWriter(sqlite::Connection& connection, HalfHourWriter& half_hours);

  /// Throws service::StoreError when a number would be lost.
  void store(const service::TelemetryBatch& batch);
  /// Deletes up to `most` samples that ended before `before`, and says how many.
  int forget(Time before, int most);
  /// What is believed of the streams may not be what the file holds: their rows are read again.
  void doubt() { streams_.clear(); }

 private:
  struct Stream {
    std::int64_t id = 0;  ///< SQLite gives none below 1
    std::uint64_t mark = 0;
    std::int64_t newest_row = 0;  ///< of the chain; 0: it has none
    Time newest_end = Time::min();
    Time touched = Time::min();  ///< half-hour in `progress`; kept meanwhile or not
    std::uint64_t touched_version = 0;
    int until_waypoint = 0;
  };

  Stream& stream_of(const service::StreamKey& key);
  void store_sample(const std::string& gateway_id, Stream& stream, const service::TelemetryEntry& entry);
  void extend(Stream& stream, Time end);
  void touch(const std::string& gateway_id, Stream& stream, Time start);
  void write_progress(const Stream& stream);

  sqlite::Connection& connection_;
  HalfHourWriter& half_hours_;
  sqlite::Statement find_stream_;
  sqlite::Statement make_stream_;
  sqlite::Statement make_progress_;
  sqlite::Statement progress_;
  sqlite::Statement progress_and_touch_;
  sqlite::Statement insert_sample_;
  sqlite::Statement insert_waypoint_;
  sqlite::Statement insert_number_;
  std::unordered_map<std::string, Stream> streams_;  ///< by gateway and stream; nobody else writes them
};

}  // namespace v2x::store
