#include "harness/actors/chromium_browser.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <utility>

#include "common/clock.hpp"
#include "common/nearest.hpp"
#include "harness/actors/file_page.hpp"
#include "harness/actors/page_scripts.hpp"

namespace v2x::actors {
namespace {

using Json = nlohmann::json;

constexpr int kPhoneWidthPx = 390;
constexpr int kDeskWidthPx = 1280;  // people act at this width
constexpr int kHeightPx = 844;
constexpr int kMaxHeightPx = 6000;                            // of a picture: a long table need not be seen whole
constexpr int kRoundMs = 120'000;                             // of a page's time; the slowest asks every minute
constexpr auto kNextPagePatience = std::chrono::seconds(30);  // wall time: argon2id on a busy machine

std::string decode_base64(const std::string& text) {
  gsize size = 0;
  guchar* bytes = g_base64_decode(text.c_str(), &size);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  g_free(bytes);
  return out;
}

/// The page's answers to a script, where it gave a text.
std::string text_of(const Json& json, const char* key) {
  return json.is_object() ? json.value(key, "") : "";
}

/// The file that pressing the element would save, as the page that shows it; nullopt when a page comes.
Result<std::optional<View>> file_behind(WebDriver& driver, const std::string& element) {
  const auto found = driver.script(scripts::kFileBehind, {element});
  if (!found) return fail(found.error());
  const std::string name = attachment_name(text_of(*found, "disposition"));
  if (name.empty()) return std::optional<View>();
  View view;
  view.method = "GET";
  view.path = path_of_url(text_of(*found, "url"));
  view.status = found->value("status", 0);
  view.html = page_of_file({name, text_of(*found, "type"), decode_base64(text_of(*found, "bytes"))});
  view.page = HtmlPage(view.html);
  return std::optional(std::move(view));
}

}  // namespace

ChromiumBrowser::ChromiumBrowser(ChromiumPool& chromiums, Options options, Seen seen)
    : chromiums_(chromiums), options_(std::move(options)), seen_(std::move(seen)) {}

ChromiumBrowser::~ChromiumBrowser() {
  if (driver_) chromiums_.give_back(std::move(driver_), origin());
}

std::string ChromiumBrowser::origin() const {
  return fmt::format("http://127.0.0.1:{}", options_.site_port);
}

Status ChromiumBrowser::start() {
  if (driver_) return done();
  auto driver = chromiums_.take();
  if (!driver) return fail(driver.error());
  driver_ = std::move(*driver);
  const auto set =
      driver_->devtools("Network.setExtraHTTPHeaders", {{"headers", {{"X-Forwarded-For", options_.address}}}});
  return set ? done() : Status(fail(set.error()));
}

Result<View> ChromiumBrowser::open(const std::string& path_or_url) {
  if (const Status started = start(); !started) return fail(started.error());
  if (const Status gone = driver_->go(origin() + path_of_url(path_or_url)); !gone) return fail(gone.error());
  return look("GET");
}

Result<View> ChromiumBrowser::press(const std::string& element, const Fields& fill) {
  if (!shown_) return fail("page", fmt::format("no page is open on which '{}' could be pressed", element));
  for (const auto& [name, text] : fill)
    if (const Status filled = fill_in(element, name, text); !filled) return fail(filled.error());
  const auto method = driver_->script(scripts::kPrepareToPress, {element});
  if (!method) return fail(method.error());
  auto file = file_behind(*driver_, element);
  if (!file) return fail(file.error());
  if (*file) {
    shown_ = std::move(**file);
    seen_(*shown_);
    return *shown_;
  }
  if (const Status clicked = driver_->click(element); !clicked)
    return fail(clicked.error().code, fmt::format("page {}: {}", shown_->page.id(), clicked.error().message));
  if (!method->is_string()) return look("GET");  // a button that only a script listens to
  if (const Status came = wait_for_next_page(); !came) return fail(came.error());
  return look(method->get<std::string>());
}

Result<View> ChromiumBrowser::back() {
  if (!shown_) return fail("page", "there is no page to go back to");
  if (const Status gone = driver_->back(); !gone) return fail(gone.error());
  return look("GET");
}

Result<View> ChromiumBrowser::wait_for_renewal() {
  if (!shown_) return fail("page", "no page is open that could renew itself");
  const auto asked = driver_->script(scripts::kBeginRound, {kRoundMs});
  if (!asked) return fail(asked.error());
  if (!asked->is_boolean() || !asked->get<bool>())
    return fail("page",
                fmt::format("page {} asks for nothing by itself within {} s", shown_->page.id(), kRoundMs / 1000));
  const auto end = wait_for_end_of_round();
  return end ? look("GET", *end) : Result<View>(fail(end.error()));
}

Result<Renewal> ChromiumBrowser::wait_for_end_of_round() {
  const SteadyTime deadline = steady_now() + kNextPagePatience;
  while (steady_now() < deadline) {
    const auto end = driver_->script(scripts::kEndOfRound);
    if (end && *end == "in place") return Renewal::in_place;
    if (end && *end == "reloaded") return Renewal::reloaded;
    if (!end && end.error().code == "http") return fail(end.error());
  }
  return fail("http", fmt::format("page {} asked for something, but the answer did not come", shown_->page.id()));
}

Status ChromiumBrowser::fill_in(const std::string& element, const std::string& name, const std::string& text) {
  const auto found = driver_->script(scripts::kFillIn, {element, name, text});
  if (!found) return fail(found.error());
  const std::string problem = text_of(*found, "problem");
  if (problem == "no field")
    return fail("page", unknown_word(name, "field of the form", found->value("names", std::vector<std::string>())));
  if (!problem.empty()) return fail("page", fmt::format("field '{}' of page {} {}", name, shown_->page.id(), problem));
  if (!found->value("type", false)) return done();
  const auto typed = driver_->devtools("Input.insertText", {{"text", text}});  // as an input method would
  return typed ? done() : Status(fail(typed.error()));
}

Status ChromiumBrowser::wait_for_next_page() {
  // chromedriver answers when no navigation is pending; between the press and its start it may be a little early.
  const SteadyTime deadline = steady_now() + kNextPagePatience;
  while (steady_now() < deadline) {
    const auto there = driver_->script(scripts::kNextPageIsThere);
    if (there && there->is_boolean() && there->get<bool>()) return done();
    if (!there && there.error().code == "http") return fail(there.error());
  }
  return fail("http", fmt::format("page {} was pressed, but no other page came", shown_->page.id()));
}

Result<View> ChromiumBrowser::look(const std::string& method, Renewal renewal) {
  const auto state = driver_->script(scripts::kLook);
  if (!state) return fail(state.error());
  View view;
  view.method = state->value("redirects", 0) > 0 ? "GET" : method;
  view.path = path_of_url(text_of(*state, "url"));
  view.status = state->value("status", 0);
  view.html = text_of(*state, "html");
  view.page = HtmlPage(view.html);
  view.renewal = renewal;
  if (view.status == 0) return fail("http", fmt::format("{} got no answer", view.path));
  if (const Status good = inspect(view); !good) return fail(good.error());
  shown_ = std::move(view);
  seen_(*shown_);
  return *shown_;
}

void ChromiumBrowser::take_picture() {
  if (!shown_) return;
  const bool before = std::exchange(pictures_, true);
  (void)look(shown_->method);  // of a page that can't be looked at there is no picture
  pictures_ = before;
}

Status ChromiumBrowser::inspect(View& view) {
  const std::string sight =
      fmt::format("{} {} {}", view.page.id(), view.status, view.page.text("#errors").value_or(""));
  const bool is_new = sights_.insert(sight).second;
  const bool picture = pictures_ || (is_new && options_.pictures_of_news);
  if (!is_new && !picture) return done();
  for (const int width_px : {kPhoneWidthPx, kDeskWidthPx}) {
    const auto height_px = lay_out(width_px);
    if (!height_px)
      return fail(height_px.error().code, fmt::format("page {}: {}", view.page.id(), height_px.error().message));
    if (!picture) continue;
    auto taken = photograph(width_px, *height_px);
    if (!taken) return fail(taken.error());
    view.screenshots.push_back(std::move(*taken));
  }
  return set_screen(kDeskWidthPx, kHeightPx);
}

Result<int> ChromiumBrowser::lay_out(int width_px) {
  if (const Status set = set_screen(width_px, kHeightPx); !set) return fail(set.error());
  const auto extent = driver_->script(scripts::kExtent);
  if (!extent) return fail(extent.error());
  if (const int wide_px = extent->value("width", 0); wide_px > width_px)
    return fail("page",
                fmt::format("{} px wide on a screen of {} px, it must be scrolled sideways", wide_px, width_px));
  return std::clamp(extent->value("height", kHeightPx), kHeightPx, kMaxHeightPx);
}

Result<Screenshot> ChromiumBrowser::photograph(int width_px, int height_px) {
  if (const Status set = set_screen(width_px, height_px); !set)
    return fail(set.error());  // what sticks to the end, too
  const auto taken = driver_->devtools("Page.captureScreenshot", {{"format", "png"}, {"optimizeForSpeed", true}});
  if (!taken) return fail(taken.error());
  return Screenshot{width_px, decode_base64(text_of(*taken, "data"))};
}

Status ChromiumBrowser::set_screen(int width_px, int height_px) {
  if (screen_px_ == std::pair(width_px, height_px)) return done();
  const auto set = driver_->devtools(
      "Emulation.setDeviceMetricsOverride",
      {{"width", width_px}, {"height", height_px}, {"deviceScaleFactor", 1}, {"mobile", width_px == kPhoneWidthPx}});
  if (!set) return fail(set.error());
  screen_px_ = {width_px, height_px};
  return done();
}

}  // namespace v2x::actors
