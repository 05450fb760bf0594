// Records of the wire as the service knows them, and what makes one bad (LAW-7, LAW-8).
#pragma once

#include <string>
#include <vector>

#include "backend/service/ports/inventory.hpp"
#include "backend/service/telemetry.hpp"
#include "common/result.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::ingest {

/// The sample; an error's message is the reason for putting the record aside, its code a word for counting. `now`
/// judges its stamp.
Result<service::TelemetrySample> sample_of(const telemetry::Sample& sample, Time now);
/// The same without `units`, into a sample that is new.
Status read_sample(const telemetry::Sample& sample, Time now, service::TelemetrySample& into);
/// The unit values as they are stored.
std::string pack_units(const telemetry::Sample& sample);
/// Whether the event can be taken in; its stamp is judged as a sample's.
Status check_event(const telemetry::Event& event, Time now);

std::vector<service::InventoryUnit> units_of(const google::protobuf::RepeatedPtrField<telemetry::Unit>& units);
service::InventoryReport inventory_of(const telemetry::Hello& hello);

Time time_of_ms(std::int64_t ms);
std::int64_t ms_of(Time t);
std::string hex(const std::string& bytes);
std::string bytes_of_hex(const std::string& text);

}  // namespace v2x::ingest
