// A browser as plain as can be: keeps cookies, follows 303 when told, finds elements by id.
#pragma once

#include <httplib.h>

#include <map>
#include <regex>
#include <string>
#include <utility>

#include "backend/web/parse.hpp"

namespace v2x::test {

using Fields = std::map<std::string, std::string>;

class Browser {
 public:
  explicit Browser(int port) : client_("127.0.0.1", port) {
    constexpr time_t kPatienceS = 120;  // a machine under load is slow, not wrong
    client_.set_read_timeout(kPatienceS);
  }

  Browser& get(const std::string& path) { return take(client_.Get(path, headers())); }
  /// Posts what a page's form would: its _csrf and the fields.
  Browser& post(const std::string& path, Fields fields) {
    fields.emplace("_csrf", csrf());
    std::string sent;
    for (const auto& [name, value] : fields)
      sent += (sent.empty() ? "" : "&") + name + "=" + web::encode_query_value(value);
    return post_raw(path, sent);
  }
  Browser& post_raw(const std::string& path, const std::string& sent) {
    return take(client_.Post(path, headers(), sent, "application/x-www-form-urlencoded"));
  }
  /// As the page's script would.
  Browser& post_script(const std::string& path, const std::string& sent, const std::string& csrf) {
    httplib::Headers all = headers();
    all.emplace("X-CSRF-Token", csrf);
    return take(client_.Post(path, all, sent, "application/x-www-form-urlencoded"));
  }
  Browser& send(const std::string& method, const std::string& path) {
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.headers = headers();
    return take(client_.send(request));
  }
  /// Goes where a 303 leads, until there is a page.
  Browser& follow() {
    while (status == 303) get(location);
    return *this;
  }
  /// Opens the page and posts its form: what a person does there.
  Browser& fill(const std::string& path, const Fields& fields) {
    get(path);
    return post(path, fields);
  }

  std::string csrf() const { return first(R"re(name="_csrf" value="([^"]*)")re"); }
  std::string page_id() const { return first(R"re(data-page="([^"]*)")re"); }
  /// The text of the element with this id, tags removed; "(none)" when there is no such element.
  std::string text(const std::string& id) const {
    std::smatch open;
    if (!std::regex_search(body, open, std::regex("<(\\w+)[^>]* id=\"" + id + "\"[^>]*>"))) return "(none)";
    const size_t from = static_cast<size_t>(open.position() + open.length());
    const size_t to = body.find("</" + open[1].str() + ">", from);
    return std::regex_replace(body.substr(from, to - from), std::regex("<[^>]*>"), "");
  }
  /// The value attribute of an input.
  std::string value(const std::string& id) const { return first("id=\"" + id + "\"[^>]* value=\"([^\"]*)\""); }
  bool has(const std::string& words) const { return body.find(words) != std::string::npos; }
  std::string header(const std::string& name) const {
    const auto found = headers_.find(name);
    return found == headers_.end() ? "" : found->second;
  }

  int status = 0;
  std::string body;
  std::string location;
  std::map<std::string, std::string> cookies;
  std::string forwarded_for;

 private:
  httplib::Headers headers() const {
    httplib::Headers all;
    std::string jar;
    for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + "=" + value;
    if (!jar.empty()) all.emplace("Cookie", jar);
    if (!forwarded_for.empty()) all.emplace("X-Forwarded-For", forwarded_for);
    return all;
  }

  Browser& take(const httplib::Result& result) {
    status = result ? result->status : -1;
    body = result ? result->body : "";
    headers_ = result ? result->headers : httplib::Headers();
    location = header("Location");
    const auto [begin, end] = headers_.equal_range("Set-Cookie");
    for (auto it = begin; it != end; ++it) {
      const std::string pair = it->second.substr(0, it->second.find(';'));
      const size_t equals = pair.find('=');
      if (it->second.find("Max-Age=0") != std::string::npos)
        cookies.erase(pair.substr(0, equals));
      else
        cookies[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    return *this;
  }

  std::string first(const std::string& pattern) const {
    std::smatch found;
    return std::regex_search(body, found, std::regex(pattern)) ? found[1].str() : "";
  }

  httplib::Client client_;
  httplib::Headers headers_;
};

}  // namespace v2x::test
