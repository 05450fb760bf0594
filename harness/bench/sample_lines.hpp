// A sample in InfluxDB's line protocol, with every value that the service keeps of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "contracts/telemetry.pb.h"

namespace v2x::bench {

/// One line for the site, one for each unit, one for each string of a unit, as somebody would model them there:
///   site,gw=GATEWAY pv_w=1200i,…,ev_state=2i TIME
///   unit,gw=GATEWAY,no=1 state=4i,ac_w=1200i,… TIME
///   string,gw=GATEWAY,no=1,string=1 volts_cv=18300i,amperes_ca=410i TIME
/// What was not read is left out. Immutable.
class SampleLines {
 public:
  explicit SampleLines(const telemetry::Sample& sample);

  /// Appends them as of one gateway and instant (milliseconds since 1970 UTC).
  void append(std::string& out, const std::string& gateway_id, std::int64_t time_ms) const;
  std::size_t lines() const { return lines_.size(); }
  std::size_t values() const { return values_; }

 private:
  struct Line {
    std::string before, after;  ///< of the gateway
  };
  void add(const std::string& measurement, const std::string& tags, const google::protobuf::Message& message);
  void put_fields(std::string& fields, const google::protobuf::Message& message, const std::string& prefix);

  std::vector<Line> lines_;
  std::size_t values_ = 0;
};

}  // namespace v2x::bench
