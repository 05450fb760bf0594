#include "harness/actors/http_browser.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <utility>

#include "harness/actors/file_page.hpp"

namespace v2x::actors {
namespace {

constexpr int kMaxRedirects = 5;
constexpr int kTimeoutSeconds = 30;  // wall time: argon2id on a busy machine

/// Where a link on the page `base` leads.
std::string resolve(const std::string& base, const std::string& target) {
  if (target.empty()) return base;
  if (target.front() == '/' || target.find("://") != std::string::npos) return path_of_url(target);
  const std::string path = base.substr(0, base.find('?'));
  if (target.front() == '?') return path + target;
  return path.substr(0, path.rfind('/') + 1) + target;
}

/// cpp-httplib 0.11 hands out header values percent-decoded. A second '?' shows that a parameter's value was an
/// address with a query of its own (`next=/ctrl/home?gw=…`): it is encoded again, as it was sent.
std::string as_sent(const std::string& location) {
  const size_t question = location.find('?');
  const size_t inner = question == std::string::npos ? question : location.find('?', question + 1);
  if (inner == std::string::npos) return location;
  const size_t equals = location.rfind('=', inner);
  const size_t name = location.find_last_of("?&", equals) + 1;
  return httplib::append_query_params(location.substr(0, name - 1),
                                      {{location.substr(name, equals - name), location.substr(equals + 1)}});
}

/// Where the content of a meta refresh leads, "60; url=/ctrl/home?gw=…": "" for the page itself.
std::string refresh_target(const std::string& content) {
  const std::string mark = "url=";
  const auto at = content.find(mark);
  return at == std::string::npos ? "" : content.substr(at + mark.size());
}

bool redirects(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307;
}

}  // namespace

std::string path_of_url(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto slash = url.find('/', scheme + 3);
  return slash == std::string::npos ? "/" : url.substr(slash);
}

HttpBrowser::HttpBrowser(int port, std::string address, Seen seen)
    : port_(port), address_(std::move(address)), seen_(std::move(seen)) {}

Result<View> HttpBrowser::open(const std::string& path_or_url) {
  return go("GET", path_of_url(path_or_url), {});
}

Result<View> HttpBrowser::press(const std::string& element, const Fields& fill) {
  if (!shown_) return fail("page", fmt::format("no page is open on which '{}' could be pressed", element));
  const auto action = shown_->page.press(element, fill);
  if (!action) return fail(action.error());
  return go(action->method, resolve(shown_->path, action->target), action->fields);
}

Result<View> HttpBrowser::back() {
  if (earlier_.empty()) return fail("page", "there is no page to go back to");
  shown_ = std::move(earlier_.back());
  earlier_.pop_back();
  seen_(*shown_);
  return *shown_;
}

Result<View> HttpBrowser::wait_for_renewal() {
  if (!shown_) return fail("page", "no page is open that could be loaded again");
  const auto refresh = shown_->page.attribute("//meta[@http-equiv='refresh']", "content");
  if (!refresh) return fail("page", fmt::format("page {} has no meta refresh", shown_->page.id()));
  return go("GET", resolve(shown_->path, refresh_target(*refresh)), {}, Renewal::reloaded);
}

Result<View> HttpBrowser::go(std::string method, std::string path, const Fields& fields, Renewal renewal) {
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    auto answer = request(method, path, hop == 0 ? fields : Fields{});
    if (!answer) return fail(answer.error());
    if (!redirects(answer->status)) {
      if (shown_ && renewal == Renewal::none) earlier_.push_back(std::move(*shown_));
      shown_ = View{method, path, answer->status, HtmlPage(answer->body), std::move(answer->body), {}, renewal};
      seen_(*shown_);
      return *shown_;
    }
    path = resolve(path, as_sent(answer->location));
    method = "GET";
  }
  return fail("page", fmt::format("{} redirects for ever", path));
}

Result<HttpBrowser::Answer> HttpBrowser::request(const std::string& method, const std::string& path,
                                                 const Fields& fields) {
  httplib::Client client("127.0.0.1", port_);
  client.set_read_timeout(kTimeoutSeconds);
  client.set_tcp_nodelay(true);
  httplib::Headers headers{{"X-Forwarded-For", address_}, {"User-Agent", "v2x-harness"}};
  if (!cookies_.empty()) headers.emplace("Cookie", cookie_header());
  httplib::Params params;
  for (const auto& [name, value] : fields) params.emplace(name, value);
  const auto result = method == "POST" ? client.Post(path, headers, params)
                      : fields.empty() ? client.Get(path, headers)
                                       : client.Get(path, params, headers);
  if (!result)
    return fail("http", fmt::format("{} {} got no answer: {}", method, path, httplib::to_string(result.error())));
  const auto [first, last] = result->headers.equal_range("Set-Cookie");
  for (auto header = first; header != last; ++header) keep_cookie(header->second);
  const std::string file = attachment_name(result->get_header_value("Content-Disposition"));
  const auto body =
      file.empty() ? result->body : page_of_file({file, result->get_header_value("Content-Type"), result->body});
  return Answer{result->status, result->get_header_value("Location"), body};
}

std::string HttpBrowser::cookie_header() const {
  std::string header;
  for (const auto& [name, value] : cookies_) header += (header.empty() ? "" : "; ") + name + "=" + value;
  return header;
}

void HttpBrowser::keep_cookie(const std::string& set_cookie) {
  const std::string pair = set_cookie.substr(0, set_cookie.find(';'));
  const auto equals = pair.find('=');
  if (equals == std::string::npos) return;
  const std::string name = pair.substr(0, equals);
  const std::string value = pair.substr(equals + 1);
  if (value.empty() || set_cookie.find("Max-Age=0") != std::string::npos) {
    cookies_.erase(name);
  } else {
    cookies_[name] = value;
  }
}

}  // namespace v2x::actors
