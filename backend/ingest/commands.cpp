#include "backend/ingest/commands.hpp"

#include "backend/ingest/records.hpp"
#include "backend/service/ports/setting_requests.hpp"

namespace v2x::ingest {
namespace {

using service::CommandAnswer;
using service::GatewayCommand;
using service::Transaction;

constexpr int kMostSettings = 64;                      // telemetry.proto
constexpr size_t kMostNameBytes = 32;                  // telemetry.proto
constexpr std::string_view kByCommand = "by command";  // how a gateway's detail begins when we asked for the change
constexpr size_t kMostReasonBytes = 120;               // telemetry.proto

std::uint32_t ms_of_span(Duration span) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
}

telemetry::Down down_of(const GatewayCommand& from) {
  telemetry::Down down;
  telemetry::Command& command = *down.mutable_command();
  command.set_correlation_id(from.correlation_id);
  command.set_expires_ms(ms_of(from.expires));
  switch (from.kind) {
    case GatewayCommand::Kind::read:
      command.mutable_read_settings();
      break;
    case GatewayCommand::Kind::write:
      for (const auto& [name, value] : from.values) {
        auto& setting = *command.mutable_write_settings()->add_values();
        setting.set_name(name);
        setting.set_value(value);
      }
      if (from.if_revision) command.mutable_write_settings()->set_if_revision(*from.if_revision);
      break;
    case GatewayCommand::Kind::live:
      command.mutable_live()->set_period_ms(ms_of_span(from.period));
      command.mutable_live()->set_duration_ms(ms_of_span(from.lasts));
      break;
  }
  return down;
}

CommandAnswer answer_of(const std::string& gateway_id, const telemetry::CommandResult& from) {
  CommandAnswer answer{.gateway_id = gateway_id, .correlation_id = from.correlation_id()};
  switch (from.status()) {
    case telemetry::CommandResult::DONE:
      answer.status = CommandAnswer::Status::done;
      break;
    case telemetry::CommandResult::TIMED_OUT:
      answer.status = CommandAnswer::Status::timed_out;
      break;
    default:
      answer.status = CommandAnswer::Status::refused;
  }
  answer.revision = from.settings_revision();
  answer.reason = from.reason().substr(0, kMostReasonBytes);
  for (const auto& setting : from.values()) {
    if (answer.values.size() == kMostSettings) break;
    if (setting.name().size() <= kMostNameBytes && setting.value().size() <= kMostNameBytes)
      answer.values[setting.name()] = setting.value();
  }
  return answer;
}

}  // namespace

std::vector<CommandFrame> Commands::take(const std::function<bool(const std::string&)>& connected) {
  std::vector<CommandFrame> frames;
  if (!wanted_.exchange(false)) return frames;
  const auto add = [&](const std::vector<GatewayCommand>& commands) {
    for (const auto& command : commands) frames.push_back({command.gateway_id, down_of(command)});
  };
  add(live_.take_commands(connected));
  const bool open = registry_.read([](Transaction& tx) { return !tx.setting_requests().open().empty(); });
  if (open) add(registry_.transact([&](Transaction& tx) { return exchange_.hand_over(tx, connected); }));
  return frames;
}

void Commands::hello(Transaction& tx, const std::string& gateway_id, const telemetry::Hello& hello) {
  exchange_.reconnected(tx, gateway_id);
  if (hello.settings_revision() > 0) exchange_.changed_at_device(tx, gateway_id, hello.settings_revision());
  wanted();
}

void Commands::result(Transaction& tx, const std::string& gateway_id, const telemetry::CommandResult& result) {
  if (result.correlation_id() >= service::LiveSamples::kFirstId) return;  // live samples say more than their answer
  exchange_.answer(tx, answer_of(gateway_id, result));
}

void Commands::settings_changed(Transaction& tx, const std::string& gateway_id, const telemetry::Event& event) {
  if (event.detail().starts_with(kByCommand)) return;  // its result tells
  exchange_.changed_at_device(tx, gateway_id, 0);
}

Status Commands::live(const std::string& gateway_id, const telemetry::Live& live, Time now) {
  auto sample = sample_of(live.sample(), now);
  if (!sample) return fail(sample.error());
  live_.put(gateway_id, std::move(*sample));
  return done();
}

}  // namespace v2x::ingest
