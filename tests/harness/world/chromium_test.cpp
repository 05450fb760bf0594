// Chromium under chromedriver against a small HTTP server: what the browser without a picture does, and pictures.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "common/clock.hpp"
#include "harness/actors/chromium_browser.hpp"
#include "harness/world/chromedriver.hpp"
#include "harness/world/port_block.hpp"
#include "tests/harness/small_site.hpp"

namespace v2x::actors {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{30};

/// Width and height stand in the header chunk of a PNG, most significant byte first.
unsigned number_at(const std::string& png, size_t at) {
  unsigned value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(png.at(i));
  return value;
}

class Chromium : public SmallSite {
 protected:
  Chromium()
      : folder_(fs::path(testing::TempDir()) / ("chromium-" + std::to_string(getpid()))),
        ports_(world::PortBlock::default_locks()),
        driver_((fs::create_directories(folder_), ports_.port(0)), folder_),
        chromiums_(ports_.port(0), folder_ / "profiles") {
    const Status started = driver_.start(kPatience);
    EXPECT_TRUE(started) << started.error().message;
  }
  ~Chromium() override {
    driver_.kill();
    std::error_code still_writing;  // a Chromium that lost its chromedriver is on its way out
    const SteadyTime deadline = steady_now() + kPatience;
    do {
      fs::remove_all(folder_, still_writing);
    } while (fs::exists(folder_) && steady_now() < deadline);
  }

  ChromiumBrowser browser() {
    return ChromiumBrowser(chromiums_, {port_, "192.0.2.7", pictures_of_news_},
                           [this](const View& view) { seen_.push_back(view.path); });
  }

  fs::path folder_;
  world::PortBlock ports_;
  world::Chromedriver driver_;
  ChromiumPool chromiums_;
  std::vector<std::string> seen_;
  bool pictures_of_news_ = false;
};

TEST_F(Chromium, TypesPressesAndPhotographs) {
  ChromiumBrowser hanako = browser();
  hanako.take_pictures(true);
  ASSERT_TRUE(hanako.open("http://kp-net.example/form"));
  const auto shown = hanako.press("#go", {{"name", "花子𠮷"}, {"pref", "26"}, {"agree", "yes"}});
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->page.id(), "S");
  EXPECT_EQ(shown->method, "GET");
  EXPECT_EQ(shown->status, 200);
  EXPECT_EQ(shown->page.text("#v"), "花子𠮷/26/1/");
  EXPECT_EQ(shown->page.text("#c"), "reg_session=abc");
  EXPECT_EQ(shown->page.text("#f"), "192.0.2.7");
  EXPECT_EQ(seen_.size(), 2u);
  ASSERT_EQ(shown->screenshots.size(), 2u);
  for (const Screenshot& picture : shown->screenshots) {
    EXPECT_EQ(picture.png.substr(1, 3), "PNG");
    EXPECT_EQ(number_at(picture.png, 16), static_cast<unsigned>(picture.width_px));
    EXPECT_EQ(number_at(picture.png, 20), 844u);
  }
  EXPECT_EQ(shown->screenshots[0].width_px, 390);
  EXPECT_EQ(shown->screenshots[1].width_px, 1280);
}

TEST_F(Chromium, TellsStatusAndMethodOfARefusal) {
  ChromiumBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("/strict"));
  const auto refused = hanako.press("#go");
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 422);
  EXPECT_EQ(refused->method, "POST");
  EXPECT_EQ(refused->page.text("#errors"), "no");
}

TEST_F(Chromium, ReachesOnlyWhatAPersonCanReach) {
  ChromiumBrowser hanako = browser();
  EXPECT_EQ(hanako.press("#go").error().code, "page");
  ASSERT_TRUE(hanako.open("/form"));
  const std::vector<std::pair<Fields, std::string>> refused{
      {{{"nmae", "x"}}, "name"}, {{{"pref", "99"}}, "no entry 99"}, {{{"_csrf", "y"}}, "cannot be typed into"}};
  for (const auto& [fill, why] : refused) {
    const auto pressed = hanako.press("#go", fill);
    ASSERT_FALSE(pressed) << why;
    EXPECT_EQ(pressed.error().code, "page");
    EXPECT_THAT(pressed.error().message, HasSubstr(why));
  }
  EXPECT_EQ(hanako.press("#hidden").error().code, "page");
  EXPECT_EQ(hanako.press("#nowhere").error().code, "page");
  EXPECT_EQ(hanako.press("#on")->status, 404);
}

TEST_F(Chromium, APageThatMustBeScrolledSidewaysOnAPhoneIsWrong) {
  ChromiumBrowser hanako = browser();
  const auto shown = hanako.open("/wide");
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code, "page");
  EXPECT_THAT(shown.error().message, HasSubstr("px wide on a screen of 390 px"));
}

TEST_F(Chromium, PicturesWhatItIsAskedFor) {
  ChromiumBrowser hanako = browser();
  hanako.take_picture();
  EXPECT_TRUE(seen_.empty()) << "nothing is shown yet";
  EXPECT_EQ(hanako.open("/form")->screenshots.size(), 0u);
  hanako.take_picture();
  EXPECT_EQ(hanako.shown()->screenshots.size(), 2u);
  EXPECT_EQ(seen_.size(), 2u) << "told again, with its pictures";
  EXPECT_EQ(hanako.open("/form")->screenshots.size(), 0u);
}

TEST_F(Chromium, PicturesEachPageOnceWhereAllAreWanted) {
  pictures_of_news_ = true;
  ChromiumBrowser hanako = browser();
  EXPECT_EQ(hanako.open("/form")->screenshots.size(), 2u);
  EXPECT_EQ(hanako.open("/form")->screenshots.size(), 0u);
  EXPECT_EQ(hanako.open("/shown")->screenshots.size(), 2u);
}

TEST_F(Chromium, GoesBack) {
  ChromiumBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("/form"));
  ASSERT_TRUE(hanako.press("#go"));
  const auto before = hanako.back();
  ASSERT_TRUE(before) << before.error().message;
  EXPECT_EQ(before->page.id(), "F");
}

TEST_F(Chromium, PeopleShareNoCookies) {
  ChromiumBrowser hanako = browser();
  ChromiumBrowser taro = browser();
  ASSERT_TRUE(hanako.open("/form"));
  EXPECT_EQ(hanako.open("/shown")->page.text("#c"), "reg_session=abc");
  EXPECT_EQ(taro.open("/shown")->page.text("#c"), "");
}

TEST_F(Chromium, WhoeverComesNextFindsNothingOfTheLastOne) {
  {
    ChromiumBrowser hanako = browser();
    ASSERT_TRUE(hanako.open("/form"));
    ASSERT_TRUE(hanako.open("/keeps"));
    EXPECT_EQ(hanako.open("/keeps")->page.text("#t"), "kept");
  }
  ChromiumBrowser taro = browser();
  EXPECT_EQ(taro.open("/shown")->page.text("#c"), "");
  EXPECT_EQ(taro.open("/keeps")->page.text("#t"), "nothing");
  ASSERT_TRUE(taro.back());
  EXPECT_FALSE(taro.back()) << "no way back to the last one's pages";
}

TEST_F(Chromium, TimersOfPagesStandStill) {
  ChromiumBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("/ticking"));
  const auto shown = hanako.press("#look");  // many milliseconds and two pictures later
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->page.text("#t"), "still");
}

TEST_F(Chromium, APageRenewsItselfInPlaceWithoutTimePassing) {
  ChromiumBrowser hanako = browser();
  ASSERT_EQ(hanako.open("/renews")->page.text("#t"), "old");
  const auto shown = hanako.wait_for_renewal();  // half a minute of the page's time
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->renewal, Renewal::in_place);
  EXPECT_EQ(shown->page.text("#t"), "new");
  EXPECT_EQ(hanako.open("/renews")->renewal, Renewal::none);
}

TEST_F(Chromium, APageThatLoadsAnotherInsteadIsToldApart) {
  ChromiumBrowser hanako = browser();
  ASSERT_TRUE(hanako.open("/leaves"));
  const auto shown = hanako.wait_for_renewal();
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->renewal, Renewal::reloaded);
  EXPECT_EQ(shown->page.text("#v"), "gone");
}

TEST_F(Chromium, APageThatAsksForNothingDoesNotRenewItself) {
  ChromiumBrowser hanako = browser();
  EXPECT_EQ(hanako.wait_for_renewal().error().code, "page");
  for (const char* path : {"/form", "/ticking", "/again"}) {  // without script or with one that only moves
    ASSERT_TRUE(hanako.open(path));
    EXPECT_THAT(hanako.wait_for_renewal().error().message, HasSubstr("asks for nothing by itself")) << path;
  }
}

TEST_F(Chromium, GivesUpOnEndlessRedirectsAndDeadServers) {
  ChromiumBrowser hanako = browser();
  EXPECT_EQ(hanako.open("/loop").error().code, "http");
  port_ = 1;
  ChromiumBrowser lost = browser();
  EXPECT_EQ(lost.open("/").error().code, "http");
  driver_.kill();
  EXPECT_EQ(hanako.open("/form").error().code, "bench");
}

}  // namespace
}  // namespace v2x::actors
