// Terms that change while people have accounts (REG-30), over HTTP.
#include <filesystem>
#include <fstream>

#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

namespace fs = std::filesystem;

/// A server of its own, whose customers' terms change on 1 March 2020.
class ChangedTerms : public SiteFixture {
 protected:
  static fs::path files_with_new_terms(const Scratch& scratch) {
    const fs::path files = scratch.path() / "web";
    fs::create_directories(files);
    for (const auto& part : {"templates", "static", "texts"})
      fs::copy(fs::canonical(fs::path(resource("web")) / part), files / part, fs::copy_options::recursive);
    std::ofstream(files / "texts/terms/customer/2020-03-01.txt") << "新しい規約です。\n";
    return files;
  }
  void SetUp() override {
    SiteFixture::SetUp();
    changed_.start();
    register_customer(hanako_, hanako_form());
  }
  Browser hanako_ = browser();
  web::Server changed_{{"127.0.0.1", 0, {"127.0.0.1"}, files_with_new_terms(scratch_)},
                       settings_,
                       registry_,
                       monitoring_,
                       alarms_,
                       clock_};
};

TEST_F(ChangedTerms, AreShownAtTheNextLogInBeforeAnythingElse_REG30) {
  Browser customer = Browser(changed_.port());
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

TEST_F(ChangedTerms, WhoDeclinesIsLoggedOut_REG30) {
  Browser customer = Browser(changed_.port());
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  customer.fill("/reg/login", log_in_form()).follow();
  EXPECT_TRUE(customer.has("formaction=\"/reg/logout\""));
  EXPECT_EQ(customer.post("/reg/logout", {}).location, "/reg/login");
  EXPECT_EQ(customer.get("/reg/menu").status, 303);
}

TEST_F(ChangedTerms, AreAskedForOnTheMonitoringSiteToo_REG30) {
  Browser customer = Browser(changed_.port());
  clock_.advance_to(parse_time("2020-03-01T00:00:00").value());
  customer.fill("/ctrl/login", log_in_form()).follow();
  EXPECT_EQ(customer.page_id(), "R05");
  EXPECT_EQ(customer.post("/ctrl/terms?next=/ctrl/home", {}).follow().page_id(), "M02");
}

TEST_F(ChangedTerms, CanBeReadByEverybodyWithoutAButton) {
  Browser visitor = Browser(changed_.port());
  EXPECT_EQ(visitor.get("/reg/terms").status, 200);
  EXPECT_EQ(visitor.text("btn-submit"), "(none)");
}

}  // namespace
}  // namespace v2x::test
