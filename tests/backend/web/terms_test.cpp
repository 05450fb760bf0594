// Terms that change while people have accounts (REG-30), over HTTP.
#include <filesystem>
#include <fstream>

#include "backend/service/terms.hpp"
#include "common/bad_input.hpp"
#include "tests/backend/web/app_client.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

/// The operator publishes new terms for customers while the service runs: from 1 March 2020 on.
class ChangedTerms : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    register_customer(hanako_, hanako_form());
    publish("新しい規約です。\n", "2020-03-01");
  }
  void publish(const std::string& text, const std::string& day) {
    const std::filesystem::path file = scratch_.path() / "terms.txt";
    std::ofstream(file) << text;
    service::Terms(std::filesystem::path(resource("web")) / "texts/terms", registry_)
        .publish(model::AccountKind::customer, file, day);
  }
  Browser hanako_ = browser();
};

TEST_F(ChangedTerms, AreShownAtTheNextLogInBeforeAnythingElse_REG30) {
  Browser customer = browser();
  clock_.advance_to(parse_time("2020-02-29T23:59:00").value());
  customer.fill("/reg/login", log_in_form());
  EXPECT_EQ(customer.follow().page_id(), "R20");
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  EXPECT_EQ(customer.get("/reg/menu").status, 200) << "a session that runs goes on";

  customer.post("/reg/logout", {});
  customer.fill("/reg/login?next=/reg/history", log_in_form()).follow();
  EXPECT_EQ(customer.page_id(), "R05");
  EXPECT_TRUE(customer.has("新しい規約です。"));
  EXPECT_EQ(customer.get("/reg/menu").location, "/reg/terms?next=/reg/menu");
  EXPECT_EQ(customer.fill("/reg/terms?next=/reg/history", {}).location, "/reg/history");
  EXPECT_EQ(customer.follow().page_id(), "R64");
  customer.post("/reg/logout", {});
  customer.fill("/reg/login", log_in_form()).follow();
  EXPECT_EQ(customer.page_id(), "R20") << "asked once";
}

TEST_F(ChangedTerms, TheAppGetsNoTokenBeforeTheyAreAgreedTo_API02) {
  AppClient app(server_.port());
  clock_.advance_to(parse_time("2020-02-29T23:59:00").value());
  ASSERT_EQ(app.log_in("hanako@example.jp", "Hanako2026").status, 200);
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  EXPECT_EQ(app.get("/sites").status, 200) << "a session that runs goes on";
  AppClient later(server_.port());
  const AppAnswer refused = later.log_in("hanako@example.jp", "Hanako2026");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["type"], "terms_required");
  EXPECT_EQ(later.token, "");
}

TEST_F(ChangedTerms, WhoDeclinesIsLoggedOut_REG30) {
  Browser customer = browser();
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  customer.fill("/reg/login", log_in_form()).follow();
  EXPECT_TRUE(customer.has("formaction=\"/reg/logout\""));
  EXPECT_EQ(customer.post("/reg/logout", {}).location, "/reg/login");
  EXPECT_EQ(customer.get("/reg/menu").status, 303);
}

TEST_F(ChangedTerms, AreAskedForOnTheMonitoringSiteToo_REG30) {
  Browser customer = browser();
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  customer.fill("/ctrl/login", log_in_form()).follow();
  EXPECT_EQ(customer.page_id(), "R05");
  EXPECT_EQ(customer.post("/ctrl/terms?next=/ctrl/home", {}).follow().page_id(), "M02");
}

TEST_F(ChangedTerms, CanBeReadByEverybodyWithoutAButton) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/reg/terms").status, 200);
  EXPECT_EQ(visitor.text("btn-submit"), "(none)");
}

TEST_F(ChangedTerms, MayBeCorrectedUntilTheyAreInEffect) {
  publish("書き直した規約です。\n", "2020-03-01");
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  Browser customer = browser();
  EXPECT_TRUE(customer.get("/reg/terms").has("書き直した規約です。"));
  EXPECT_FALSE(customer.has("新しい規約です。"));
  EXPECT_THROW(publish("遅すぎた規約です。\n", "2020-03-01"), BadInput);
  EXPECT_FALSE(customer.get("/entry/terms").has("書き直した規約です。")) << "dealers have their own";
}

TEST_F(ChangedTerms, AreRefusedWhenTheyAreNoText) {
  EXPECT_THROW(publish("\xff\xfe", "2020-04-01"), BadInput);
  EXPECT_THROW(publish(" \n\n", "2020-04-01"), BadInput);
  EXPECT_THROW(publish("規約", "2020-13-01"), BadInput);
  EXPECT_THROW(publish("規約", "April"), BadInput);
}

}  // namespace
}  // namespace v2x::test
