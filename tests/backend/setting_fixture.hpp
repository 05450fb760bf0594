// The service with Hanako's gateway connected: commands are taken out as the ingest would, and answered as a gateway
// would.
#pragma once

#include <string>
#include <vector>

#include "backend/service/ai_settings.hpp"
#include "backend/service/device_settings.hpp"
#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/alarms.hpp"
#include "tests/backend/factory_settings.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::test {

class SettingFixture : public ServiceFixture {
 protected:
  using Status = service::CommandAnswer::Status;

  void SetUp() override {
    ServiceFixture::SetUp();
    set_up_linked_home();
    core_.registry.transact([&](service::Transaction& tx) { tx.inventory().seen({{kGateway, tx.now()}}); });
  }

  model::Account hanako() {
    return core_.registry.read([&](service::Transaction& tx) {
      return tx.accounts().find(tx.gateways().owned(kGateway)->account_id).value();
    });
  }
  model::Account dealer(int dealer_id) {
    return core_.registry.read([&](service::Transaction& tx) { return tx.accounts().dealer(dealer_id).value(); });
  }

  /// What leaves now.
  std::vector<service::GatewayCommand> hand_over() {
    return core_.registry.transact([&](service::Transaction& tx) {
      return core_.setting_exchange.hand_over(tx, [this](const std::string&) { return connected_; });
    });
  }
  void answer(std::uint64_t id, Status status = Status::done, const std::string& reason = "") {
    core_.registry.transact([&](service::Transaction& tx) {
      core_.setting_exchange.answer(tx, {.status = status,
                                         .gateway_id = kGateway,
                                         .correlation_id = id,
                                         .values = status == Status::done ? device_ : service::Form{},
                                         .revision = revision_,
                                         .reason = reason});
    });
  }
  /// The gateway executes whatever leaves now, and says so.
  std::vector<service::GatewayCommand> execute() {
    const auto commands = hand_over();
    for (const auto& command : commands) {
      for (const auto& [name, value] : command.values) device_[name] = value;
      if (command.kind == service::GatewayCommand::Kind::write) ++revision_;
      answer(command.correlation_id);
    }
    return commands;
  }
  /// Somebody turns a knob at the device.
  void change_at_device(const std::string& name, const std::string& value) {
    device_[name] = value;
    ++revision_;
  }

  std::int64_t ask_read(const model::Account& account) { return settings_.read(account, kGateway).value(); }
  void read_now() {
    ask_read(hanako());
    execute();
  }
  Result<service::Asked> ask(const model::Account& account, const service::Form& values) {
    const auto shown = settings_.show(account, kGateway);
    const auto revision = shown && shown->known ? shown->known->revision : 0;
    return settings_.write(account, kGateway, {revision, values}, {});
  }
  service::SettingRequest request(std::int64_t id) {
    return core_.registry.read([&](service::Transaction& tx) { return tx.setting_requests().find(id).value(); });
  }
  std::string state(std::int64_t id) { return to_string(request(id).state); }
  /// "お客様: 運転モード グリーンモード → 待機, 完了", newest first.
  std::vector<std::string> history(const model::Account& viewer) {
    std::vector<std::string> lines;
    for (const auto& line : settings_.history(viewer, kGateway, 100, 0))
      lines.push_back(line.author + ": " + line.item + " " + line.old_value + " → " + line.new_value + ", " +
                      line.result);
    return lines;
  }
  void fall_silent() {
    core_.registry.transact([&](service::Transaction& tx) {
      core_.alarms.raise(tx, {kGateway, 0, service::kOfflineCode, "", tx.now()});
    });
  }

  bool connected_ = true;
  service::Form device_ = factory_settings();
  std::uint64_t revision_ = 1;
  service::DeviceSettings settings_{core_.registry, core_.setting_exchange, core_.settings};
  app::DutyRoster setting_duties_{{&core_.setting_deadline_duty}};
};

}  // namespace v2x::test
