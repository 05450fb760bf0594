#include "sim/gateway/unit_reader.hpp"

#include <algorithm>

#include "common/log.hpp"
#include "common/planted.hpp"

namespace v2x::gateway {
namespace {

constexpr const char* kIdentity[] = {"id.manufacturer", "id.model", "id.serial", "id.version"};

constexpr std::uint8_t kIllegalAddress = 2;  // Modbus exception

std::vector<RegisterRead> plan_identity(const core::RegisterMap& map, const ChainLayout& layout = {}) {
  std::vector<const core::Point*> points;
  for (const char* quantity : kIdentity)
    if (const core::Point* point = map.find_quantity(quantity)) points.push_back(point);
  return merge_reads(map, points, ModbusMaster::kMaxRead, layout);
}

/// Where "SunS" is in a map that has a chain.
std::optional<std::uint16_t> chain_of(const core::RegisterMap& map) {
  const bool has_models = std::any_of(map.blocks().begin(), map.blocks().end(), [](auto& b) { return b.model != 0; });
  return has_models ? std::optional(map.first_address()) : std::nullopt;
}

void decode_identity(const core::RegisterMap& map, const RegisterRead& read, std::span<const std::uint16_t> registers,
                     UnitIdentity& identity) {
  std::string* const texts[] = {&identity.manufacturer, &identity.model, &identity.serial, &identity.version};
  for (size_t i = 0; i < std::size(kIdentity); ++i) {
    const core::Point* point = map.find_quantity(kIdentity[i]);
    if (point == nullptr || point->address < read.address || point->address >= read.address + read.count) continue;
    const auto value = core::RegisterMap::decode(*point, registers.subspan(point->address - read.address, point->size));
    if (const auto* text = std::get_if<std::string>(&value)) *texts[i] = *text;
  }
}

/// Exceptions by which a bridge says that the unit behind it was not reached (V1.1b3 §7): the unit was silent.
bool is_silence(std::uint8_t exception) {
  return exception == 0x0A || exception == 0x0B;
}

/// The first instant after `now` that lies on the grid.
Time next_on_grid(Time now, Duration period, Duration offset) {
  const Duration since = now.time_since_epoch() - offset;
  return Time((since / period + 1) * period + offset);
}

}  // namespace

UnitReader::UnitReader(const GatewayUnit& unit, core::ModbusPort& port, const Timing& timing)
    : unit_(unit),
      timing_(timing),
      plan_(*unit.map, unit.kind, ModbusMaster::kMaxRead),
      identity_reads_(plan_identity(*unit.map)),
      master_(port, unit.unit_id, unit.map->allows(3) ? 3 : 4) {}

void UnitReader::start(Time now) {
  identify_due_ = true;
  next_poll_ = now;
}

std::uint64_t UnitReader::write(WritePurpose purpose, std::vector<RegisterWrite> writes) {
  std::erase_if(writes_, [&](const Write& write) { return write.purpose == purpose; });
  writes_.push_back({purpose, ++writes_made_, std::move(writes)});
  return writes_made_;
}

std::optional<Time> UnitReader::next_wake() const {
  if (job_ != Job::none) return deadline_;
  return writes_.empty() ? next_poll_ : Time{};
}

UnitReader::Progress UnitReader::wake(Time now) {
  if (job_ == Job::none) return start_due_job(now);
  if (!deadline_ || now < *deadline_) return Progress::nothing;
  master_.forget();
  if (attempts_ <= timing_.retries) return send(now);
  return request_failed();
}

UnitReader::Progress UnitReader::on_reply(Time now) {
  const auto reply = master_.take_reply();
  if (!reply || job_ == Job::none) return Progress::nothing;
  return request_answered(*reply, now);
}

UnitReader::Progress UnitReader::start_due_job(Time now) {
  if (!writes_.empty()) {
    writing_ = std::move(writes_.front());
    writes_.pop_front();
    return start_job(Job::write, now);
  }
  if (!next_poll_ || now < *next_poll_) return Progress::nothing;
  if (identify_due_) {
    identify_due_ = false;
    walk_.reset();
    identity_.reset();
    return start_job(Job::identify, now);
  }
  poll_due_ = *next_poll_;
  schedule_next_poll(now);
  readings_.clear();
  return start_job(Job::poll, now);
}

UnitReader::Progress UnitReader::start_job(Job job, Time now) {
  job_ = job;
  step_ = 0;
  attempts_ = 0;
  answer_ = {true, 0};
  if (requests_of_job() == 0) return finish_job();
  return send(now);
}

size_t UnitReader::requests_of_job() const {
  switch (job_) {
    case Job::none:
      return 0;
    case Job::identify:
      return identity_reads_.size();
    case Job::walk:
      return 1;  // and one more for each model that is found
    case Job::poll:
      return plan_.reads().size();
    case Job::write:
      return writing_.parts.size();
  }
  return 0;
}

/// With the map's address, but in a walk, which knows the unit's alone.
RegisterRead UnitReader::read_of_step() const {
  if (job_ == Job::walk) return walk_->next();
  RegisterRead read = (job_ == Job::identify ? identity_reads_ : plan_.reads())[step_];
  read.address = layout_.in_unit(read.address).value_or(read.address);  // only what the unit has is planned
  return read;
}

UnitReader::Progress UnitReader::send(Time now) {
  ++attempts_;
  bool sent = false;
  if (job_ == Job::write) {
    const auto address = layout_.in_unit(writing_.parts[step_].address);
    if (!address) {
      answer_.exception = kIllegalAddress;
      return finish_job();
    }
    sent = master_.request_write(*address, writing_.parts[step_].values);
  } else {
    const RegisterRead read = read_of_step();
    sent = master_.request_read(read.address, read.count);
  }
  if (!sent) return request_failed();
  deadline_ = now + timing_.request_timeout;
  return Progress::nothing;
}

UnitReader::Progress UnitReader::request_answered(const ModbusMaster::Reply& reply, Time now) {
  deadline_.reset();
  if (is_silence(reply.exception)) return attempts_ <= timing_.retries ? send(now) : request_failed();
  if (job_ == Job::walk) {
    attempts_ = 0;
    return reply.exception == 0 && walk_->take(reply.registers) ? send(now) : walked(now);
  }
  if (reply.exception == 0 && job_ == Job::poll && !plan_.plausible(step_, reply.registers)) return read_less(now);
  if (reply.exception == kIllegalAddress && job_ == Job::poll && may_walk()) return walk_chain(now);
  if (reply.exception == 0) {
    if (job_ != Job::write) take_registers(reply.registers);
  } else {
    answer_.exception = reply.exception;
    log::debug("{}: Modbus exception {}", unit_.name, reply.exception);
    if (planted("exception_as_zero") && job_ == Job::poll) {
      take_registers(std::vector<std::uint16_t>(plan_.reads()[step_].count, 0));
      answer_.exception = 0;
    }
  }
  attempts_ = 0;
  if (++step_ < requests_of_job()) return send(now);
  return finish_job();
}

bool UnitReader::may_walk() const {
  return !walk_ && chain_of(*unit_.map);
}

UnitReader::Progress UnitReader::walk_chain(Time now) {
  walk_.emplace(*chain_of(*unit_.map));
  job_ = Job::walk;
  attempts_ = 0;
  return send(now);
}

/// The poll that did not fit begins again, with the models where they were found.
UnitReader::Progress UnitReader::walked(Time now) {
  if (const auto* found = walk_->found()) {
    const ChainLayout layout(*unit_.map, *found);
    if (layout.differences() != layout_.differences()) {
      layout_ = layout;
      log::warning("{}: its SunSpec chain against the map {}: {}", unit_.name, unit_.map->name(),
                   layout_.differences().empty() ? "the same" : layout_.differences());
      plan_ = PollPlan(*unit_.map, unit_.kind, longest_read_, layout_);
      identity_reads_ = plan_identity(*unit_.map, layout_);
    }
  }
  return poll_again(now);
}

UnitReader::Progress UnitReader::poll_again(Time now) {
  job_ = Job::poll;
  answer_ = {true, 0};
  readings_.clear();
  attempts_ = 0;
  step_ = 0;
  return plan_.reads().empty() ? finish_job() : send(now);
}

/// There are units that garble long reads and serve short ones well: the poll begins again with shorter ones.
UnitReader::Progress UnitReader::read_less(Time now) {
  if (attempts_ <= timing_.retries) return send(now);  // once is no habit
  if (may_walk()) return walk_chain(now);
  if (longest_read_ == 1) return request_failed();
  longest_read_ /= 2;
  log::warning("{}: what it answers is not what was asked for, reading {} registers at once from now on", unit_.name,
               longest_read_);
  plan_ = PollPlan(*unit_.map, unit_.kind, longest_read_, layout_);
  return poll_again(now);
}

/// The rest of the job would meet the same silence.
UnitReader::Progress UnitReader::request_failed() {
  deadline_.reset();
  answer_.answered = false;
  return finish_job();
}

void UnitReader::take_registers(std::span<const std::uint16_t> registers) {
  if (job_ == Job::poll) {
    plan_.decode(step_, registers, readings_);
    return;
  }
  if (!identity_) identity_.emplace();
  decode_identity(*unit_.map, identity_reads_[step_], registers, *identity_);
}

UnitReader::Progress UnitReader::finish_job() {
  const Job finished = job_;
  job_ = Job::none;
  if (finished == Job::write) {
    write_answer_ = answer_;
    return Progress::written;
  }
  if (finished == Job::identify) {
    if (!answer_.accepted()) identity_.reset();
    return Progress::identified;
  }
  if (plan_.reads().empty()) answer_.exception = kIllegalAddress;  // the unit has none of the models
  poll_answer_ = answer_;
  quality_ = !answer_.answered        ? PollQuality::no_answer
             : answer_.exception != 0 ? PollQuality::exception
                                      : PollQuality::good;
  silent_polls_ = answer_.answered ? 0 : silent_polls_ + 1;
  if (!answer_.answered) readings_.clear();
  polled_for_ = poll_due_;
  return Progress::polled;
}

void UnitReader::set_period(Duration period, Time now) {
  timing_.period = period;
  const Time next = next_on_grid(now, period, timing_.offset);
  if (!next_poll_ || next < *next_poll_) next_poll_ = next;
}

void UnitReader::schedule_next_poll(Time now) {
  next_poll_ = next_on_grid(now, period_now(), timing_.offset);
}

Duration UnitReader::period_now() const {
  Duration period = timing_.period;
  for (int polls = kPatientPolls; polls <= silent_polls_ && period * 2 <= kLongestBackOff; ++polls) period *= 2;
  return period;
}

}  // namespace v2x::gateway
