// Half-hours in the SQLite telemetry store: what was computed, and what samples have touched since.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/sqlite.hpp"

namespace v2x::store {

extern const char* const kHalfHourSchema;

/// Works inside of its owner's transaction, under its owner's lock.
class HalfHourWriter {
 public:
  explicit HalfHourWriter(sqlite::Connection& connection);

  /// What is touched from now on is newer than what was handed out before.
  void begin_commit() { ++version_; }
  /// Of the commit under way.
  std::uint64_t version() const { return version_; }
  /// A sample of this commit lies in the half-hour from `start` on. Each stream's latest is part of its progress.
  void touch(const std::string& gateway_id, Time start);
  /// The half-hour in the stream's progress makes room for another.
  void set_aside(std::int64_t stream);
  void keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
            const std::vector<service::TouchedHalfHour>& touched);

 private:
  sqlite::Statement touch_;
  sqlite::Statement set_aside_;
  sqlite::Statement keep_;
  sqlite::Statement settle_;
  sqlite::Statement settle_latest_;
  std::uint64_t version_ = 0;
};

/// Under its owner's lock.
class HalfHourReader {
 public:
  explicit HalfHourReader(sqlite::Connection& connection);

  std::vector<service::HalfHour> half_hours(const std::string& gateway_id, Time from, Time until);
  std::vector<service::TouchedHalfHour> touched(const std::string& gateway_id);
  std::vector<std::string> touched_gateways(Time before, size_t most);

 private:
  sqlite::Statement half_hours_;
  sqlite::Statement touched_;
  sqlite::Statement touched_gateways_;
};

}  // namespace v2x::store
