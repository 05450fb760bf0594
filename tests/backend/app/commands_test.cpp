// The operator's commands, on the stores of a service that runs.
#include <stdio.h>

#include <array>
#include <fstream>

#include "backend/app/gateway_commands.hpp"
#include "backend/app/operator_commands.hpp"
#include "backend/service/access.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/terms.hpp"
#include "common/bad_input.hpp"
#include "common/resources.hpp"
#include "tests/backend/service_fixture.hpp"
#include "tests/paths.hpp"

namespace v2x::test {
namespace {

class Commands : public ServiceFixture {
 protected:
  template <class Command>
  static std::string output_of(Command command) {
    ::testing::internal::CaptureStdout();
    command();
    fflush(stdout);
    return ::testing::internal::GetCapturedStdout();
  }
  template <class Command>
  static std::string complaint_of(Command command) {
    try {
      output_of(command);
    } catch (const BadInput& error) {
      ::testing::internal::GetCapturedStdout();
      return error.what();
    }
    return "(none)";
  }
  std::optional<std::string> gateway_of(const std::string& key) {
    return core_.registry.read([&](service::Transaction& tx) { return tx.inventory().gateway_of_key(key); });
  }
  app::BackendOptions options_ = options(scratch_);
};

TEST_F(Commands, ImportAListAndNameTheLineThatIsWrong) {
  const auto file = scratch_.path() / "list.csv";
  const auto import = [&](const std::string& text) {
    std::ofstream(file) << text;
    return complaint_of([&] { app::import_gateways(options_, file); });
  };
  const std::string key = make_curve_key_pair().public_key;
  EXPECT_EQ(import("gateway_id,password,curve_public_key\n01AB12345678,abcedfghijk12," + key + "\n"), "(none)");
  EXPECT_EQ(gateway_of(key), "01AB12345678");
  EXPECT_NE(import("01AB12345679,x," + make_curve_key_pair().public_key + "\n01AB12345678,x,short\n").find(":2:1: "),
            std::string::npos);
  EXPECT_NE(import("01AB12345678,x," + make_curve_key_pair().public_key + "\n").find("known already"),
            std::string::npos);
}

TEST_F(Commands, AddAndRevokeKeys) {
  import_gateway();
  const std::string second = make_curve_key_pair().public_key;
  output_of([&] { app::add_gateway_key(options_, kGateway, second); });
  EXPECT_EQ(gateway_of(second), kGateway);
  output_of([&] { app::revoke_gateway_key(options_, keys_.public_key); });
  EXPECT_EQ(gateway_of(keys_.public_key), std::nullopt);
  EXPECT_EQ(gateway_of(second), kGateway) << "the other key still lets it in";
  const std::string shown = output_of([&] { app::show_gateway(options_, kGateway); });
  EXPECT_NE(shown.find("key " + keys_.public_key + " revoked "), std::string::npos) << shown;
  EXPECT_NE(shown.find("key " + second + " in use"), std::string::npos) << shown;
  EXPECT_NE(complaint_of([&] { app::add_gateway_key(options_, kGateway, second); }).find("known already"),
            std::string::npos);
  EXPECT_NE(complaint_of([&] { app::add_gateway_key(options_, "ZZZZZZZZZZZZ", second); }).find("no gateway"),
            std::string::npos);
  EXPECT_NE(complaint_of([&] { app::revoke_gateway_key(options_, keys_.public_key); }).find("not in use"),
            std::string::npos);
}

TEST_F(Commands, ReleaseAGateway) {
  import_gateway();
  claim();
  output_of([&] { app::release_gateway(options_, kGateway); });
  EXPECT_NE(output_of([&] { app::show_gateway(options_, kGateway); }).find("nobody owns it"), std::string::npos);
  EXPECT_NE(complaint_of([&] { app::release_gateway(options_, kGateway); }).find("nobody owns"), std::string::npos);
}

TEST_F(Commands, LockAnAccountUntilItIsUnlocked) {
  import_gateway();
  claim();
  service::Passwords passwords({});
  const service::Terms terms(resource("web") / "texts/terms", core_.registry);
  service::Access access(core_.registry, passwords, terms, core_.settings);
  const auto hash = passwords.hash("Hanako2026").value();
  core_.registry.transact([&](service::Transaction& tx) {
    tx.accounts().set_password_hash(tx.accounts().of_mail(model::AccountKind::customer, "hanako@example.jp")->id, hash);
  });
  const auto log_in = [&] {
    return access.log_in(service::SiteId::reg, {"hanako@example.jp", "Hanako2026"}, {"192.0.2.1", ""}, "");
  };
  const auto session = log_in();
  ASSERT_EQ(session.state, service::LogInState::accepted);
  output_of([&] { app::lock_account(options_, "hanako@example.jp", true); });
  EXPECT_FALSE(access.visit(service::SiteId::reg, session.session_token, false)) << "its sessions end";
  EXPECT_EQ(log_in().state, service::LogInState::refused);
  EXPECT_NE(output_of([&] { app::show_account(options_, "hanako@example.jp"); }).find("state locked"),
            std::string::npos);
  output_of([&] { app::lock_account(options_, "hanako@example.jp", false); });
  EXPECT_EQ(log_in().state, service::LogInState::accepted);
  EXPECT_NE(complaint_of([&] { app::lock_account(options_, "nobody@example.jp", true); }).find("no account"),
            std::string::npos);
}

TEST_F(Commands, ResendOnlyMailsThatFailed) {
  const auto id = core_.registry.transact([](service::Transaction& tx) {
    return *tx.outbox().enqueue(
        {"M-22", "test", "shop@example.jp", {{"dealer", "販売店"}, {"dealer_id", "4001"}}, {}, {}, {}, {}});
  });
  const auto resend = [&] { app::resend_mail(options_, id); };
  EXPECT_NE(complaint_of(resend).find("is queued, expected one that failed"), std::string::npos);
  core_.registry.transact([](service::Transaction& tx) {
    for (const auto& mail : tx.outbox().due(tx.now(), 1))
      tx.outbox().finish(mail, service::MailDecision::failed, "550");
  });
  resend();
  core_.registry.read([&](service::Transaction& tx) {
    const auto due = tx.outbox().due(tx.now(), 1);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].id, id);
    EXPECT_NE(due[0].body.find("4001"), std::string::npos);
  });
  EXPECT_NE(complaint_of([&] { app::resend_mail(options_, 999); }).find("not there"), std::string::npos);
}

TEST_F(Commands, LeaveTheirTraceInTheAuditLog) {
  import_gateway();
  claim();
  output_of([&] { app::release_gateway(options_, kGateway); });
  output_of([&] { app::revoke_gateway_key(options_, keys_.public_key); });
  const auto shown = [&](const std::string& actor, const std::string& act) {
    return output_of([&] { app::show_audit(options_, {10, actor, act}); });
  };
  EXPECT_NE(shown("operator", "").find("operator from - release 01AB12345678 ok"), std::string::npos);
  EXPECT_NE(shown("", "revoke key").find(keys_.public_key), std::string::npos);
  EXPECT_EQ(shown("", "revoke key").find("release"), std::string::npos);
  EXPECT_EQ(shown("account 1", "revoke key"), "");
}

TEST_F(Commands, ShowTheTermsInEffect) {
  EXPECT_NE(output_of([&] { app::show_terms(options_); }).find("customer 2019-01-01 from "), std::string::npos);
}

TEST_F(Commands, PublishTermsFromADayOn) {
  import_gateway();
  const auto file = options_.data / "new_terms.txt";
  std::ofstream(file) << "第1条\n\n第2条\n";
  const auto publish = [&](const std::string& of, const std::string& from) {
    return [this, &file, of, from] { app::publish_terms(options_, {of, file.string(), from}); };
  };
  EXPECT_EQ(output_of(publish("dealers", "2120-05-01")), "the terms for dealers are in effect from 2120-05-01 on\n");
  EXPECT_NE(output_of([&] { app::show_terms(options_); }).find("dealer 2120-05-01 from 2120-05-01"), std::string::npos);
  EXPECT_NE(complaint_of(publish("customers", "2019-05-01")).find("expected a day after"), std::string::npos);
  EXPECT_NE(complaint_of(publish("customers", "soon")).find("'soon' is no day"), std::string::npos);
}

TEST_F(Commands, TakeNoPassword) {
  FILE* help = ::popen(in_programs("v2x-backend --help-all").c_str(), "r");
  ASSERT_NE(help, nullptr);
  std::string text;
  std::array<char, 4096> part{};
  while (const size_t length = ::fread(part.data(), 1, part.size(), help)) text.append(part.data(), length);
  ASSERT_EQ(::pclose(help), 0);
  EXPECT_NE(text.find("revoke-key"), std::string::npos) << text;
  for (size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 2))
    EXPECT_NE(text.compare(at, 10, "--password"), 0);
  EXPECT_EQ(text.find("PASSWORD"), std::string::npos);
}

}  // namespace
}  // namespace v2x::test
