#include "harness/run/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/jst.hpp"
#include "harness/actors/chromium_browser.hpp"
#include "harness/actors/http_browser.hpp"
#include "harness/actors/mail_form.hpp"

namespace v2x::run {
namespace {

constexpr size_t kExcerptBytes = 600;

/// At most `bytes` of UTF-8 text, cut between characters.
std::string excerpt(const std::string& text, size_t bytes) {
  if (text.size() <= bytes) return text;
  size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string page_name(const std::string& id) {
  for (const scenario::PageName& page : scenario::pages())
    if (page.id == id) return page.name;
  return id;
}

/// The sentence of an event that a box told.
std::string text_of(const Json& event) {
  if (event.contains("text")) return event["text"].get<std::string>();
  const std::string what = event.value("what", "");
  const auto member = [&](const char* name) { return event.value(name, ""); };
  if (what == "state") return fmt::format("{}: {} → {}", member("who"), member("from"), member("to"));
  if (what == "fault")
    return fmt::format("{}: {} {}", member("who"), member("code"), event.value("raised", true) ? "raised" : "over");
  if (what == "alarm")
    return fmt::format("alarm {} {} (unit {})", member("code"), member("state"), event.value("unit", 0));
  if (what == "command")
    return fmt::format("settings of {}: {} {}", member("gateway"), member("kind"), member("state"));
  return what;
}

}  // namespace

std::string to_string(Via via) {
  return via == Via::http ? "http" : "browser";
}

Session::Session(const scenario::Scenario& scenario, world::Stage& stage, Record* record, world::BrowserHost* browsers,
                 bool pictures)
    : scenario_(scenario),
      stage_(stage),
      record_(record),
      browsers_(browsers),
      pictures_(pictures),
      people_(scenario.world, stage.http_port(),
              [this](const std::string& person, const std::string& address) { return make_browser(person, address); }),
      clock_(stage, scenario.start, [this](Time at, const Json& event) { on_event(at, event); }),
      curves_(scenario) {}

std::unique_ptr<actors::Browser> Session::make_browser(const std::string& person, const std::string& address) {
  const auto seen = [this, person](const actors::View& view) { on_page(person, view); };
  if (!browsers_) return std::make_unique<actors::HttpBrowser>(stage_.http_port(), address, seen);
  return std::make_unique<actors::ChromiumBrowser>(
      browsers_->chromiums(), actors::ChromiumBrowser::Options{stage_.http_port(), address, pictures_}, seen);
}

void Session::begin() {
  stage_.sink().take();
  mails_.clear();
  people_.close_browsers();
}

Result<world::Stop> Session::advance_to(Time t) {
  for (;;) {
    const Time slice = std::min(t, curves_.next(now()));
    auto stop = clock_.advance_to(slice);
    if (!stop) return stop;
    collect_mails();
    keep_stop(*stop);
    if (const Status drawn = draw(); !drawn) return fail(drawn.error());
    if (stop->at >= t || !breach_.empty()) return stop;
  }
}

Result<world::Stop> Session::wait_until(Time t, const std::vector<Json>& until) {
  auto stop = clock_.advance_to(t, until);
  if (!stop) return stop;
  collect_mails();
  keep_stop(*stop);
  return stop;
}

Status Session::settle() {
  const Status status = clock_.settle();
  collect_mails();
  return status;
}

void Session::keep_stop(const world::Stop& stop) {
  if (stop.cause == "never" || stop.cause == "invariant") breach_ = stop.cause + " broken: " + stop.condition;
}

Status Session::draw() {
  const auto answer = stage_.simulator().call("read", {{"paths", curves_.paths()}});
  if (!answer) return fail(answer.error());
  curves_.add(now(), answer->value("values", Json::object()));
  return done();
}

Result<Json> Session::read(const std::string& path) {
  const auto answer = stage_.simulator().call("read", {{"paths", Json::array({path})}});
  if (!answer) return answer;
  return answer->value("values", Json::object()).value(path, Json());
}

StepResult Session::tell_simulator(const std::string& verb, Json arguments, const std::string& who,
                                   const std::string& text) {
  const auto answer = stage_.simulator().call(verb, std::move(arguments));
  if (!answer) return to_result(answer.error());
  note({{"what", "act"}, {"who", who}, {"text", text}});
  return passed();
}

void Session::note(Json event) {
  if (record_) record_->event(now(), std::move(event));
}

void Session::on_event(Time at, const Json& event) {
  const std::string what = event.value("what", "");
  if (what == "mail") {  // the sink has the mail itself
    mail_times_[event.value("message_id", "")] = at;
    return;
  }
  if (!record_) return;
  Json line = event;
  line.erase("t");
  line["text"] = text_of(event);
  if (!line.contains("who")) line["who"] = "backend";
  record_->event(at, std::move(line));
}

void Session::on_page(const std::string& person, const actors::View& view) {
  if (!record_) return;
  record_->remember(now(), fmt::format("{} saw {} ({})", person, view.page.id(), view.status));
  Json line{{"as", person},
            {"page", page_name(view.page.id())},
            {"method", view.method},
            {"path", view.path},
            {"status", view.status},
            {"title", view.page.title()},
            {"file", record_->page_file(view.html)},
            {"excerpt", excerpt(view.page.text(), kExcerptBytes)}};
  if (view.renewal != actors::Renewal::none)
    line["renewed"] = view.renewal == actors::Renewal::in_place ? "in_place" : "reloaded";
  for (const actors::Screenshot& picture : view.screenshots)
    line["screenshots"].push_back(record_->screenshot_file(picture.width_px, picture.png));
  record_->line("page", now(), std::move(line));
}

void Session::collect_mails() {
  for (const actors::RawMail& raw : stage_.sink().take()) {
    actors::Mail mail = actors::parse_mail(raw, now());
    for (const std::string& id : {mail.message_id, "<" + mail.message_id + ">"})
      if (const auto told = mail_times_.find(id); told != mail_times_.end()) mail.arrived = told->second;
    if (const Status form = actors::check_form(raw, mail.arrived); !form && breach_.empty())
      breach_ =
          fmt::format("mail {} to {} has not the form of all mails: {}", mail.kind, mail.to, form.error().message);
    for (const actors::Mail& earlier : mails_)
      if (earlier.message_id == mail.message_id) mail.copies = earlier.copies + 1;
    if (record_) {
      Json line{{"message_id", mail.message_id}, {"kind", mail.kind}, {"from", mail.from}, {"to", mail.to},
                {"subject", mail.subject},       {"body", mail.body}};
      if (mail.copies > 1) line["copies"] = mail.copies;
      record_->remember(mail.arrived, fmt::format("mail {} to {}", mail.kind, mail.to));
      record_->line("mail", mail.arrived, std::move(line));
    }
    mails_.push_back(std::move(mail));
  }
}

Result<std::string> Session::mailed_url(const std::string& address, const std::vector<std::string>& kinds) const {
  for (auto mail = mails_.rbegin(); mail != mails_.rend(); ++mail) {
    if (mail->to != address || std::find(kinds.begin(), kinds.end(), mail->kind) == kinds.end()) continue;
    const auto url = actors::url_in(*mail);
    if (!url) return fail("page", fmt::format("mail {} to {} brings no URL", mail->kind, address));
    return *url;
  }
  return fail("page", fmt::format("no mail {} came to {}", fmt::join(kinds, " or "), address));
}

Explanation Session::explain(std::string waited_for, std::string nearest_miss, std::string would_release) const {
  return {std::move(waited_for), std::move(nearest_miss), record_ ? record_->last_events() : std::vector<std::string>(),
          std::move(would_release)};
}

StepResult to_result(const Error& failure) {
  const bool product = failure.code == "page" || failure.code == "http";
  return product ? failed(failure.message) : error(failure.message);
}

StepResult to_result(const Status& status, std::string detail) {
  return status ? passed(std::move(detail)) : to_result(status.error());
}

}  // namespace v2x::run
