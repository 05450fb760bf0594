// The OpenAPI document against the implementation: every path, method, status and schema.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "backend/web/api/api_router.hpp"
#include "backend/web/api/problem.hpp"
#include "tests/backend/factory_settings.hpp"
#include "tests/backend/web/app_client.hpp"
#include "tests/backend/web/json_schema.hpp"
#include "tests/backend/web/site_fixture.hpp"

namespace v2x::test {
namespace {

using nlohmann::json;

/// One call of the walk, and what it is an example of. {gw} is put in; the token is Hanako's unless it says otherwise.
struct Example {
  const char* method;
  const char* path;  ///< as the document names it
  int status;
  std::string called;  ///< with values and query; empty: as `path`
  std::string body{};
  bool without_token = false;
};

const std::string kLogIn = R"({"user_id":"hanako@example.jp","password":"Hanako2026","device":"walk"})";
const std::string kWrong = R"({"user_id":"hanako@example.jp","password":"Wrong2026","device":"walk"})";

const std::vector<Example> kExamples = {
    {"POST", "/login", 200, "", kLogIn, true},
    {"POST", "/login", 400, "", "{", true},
    {"POST", "/login", 401, "", kWrong, true},
    {"POST", "/login", 413, "", std::string(9000, ' '), true},
    {"POST", "/login", 422, "", "{}", true},
    {"POST", "/logout", 400, "", R"({"more":1})"},
    {"POST", "/logout", 401, "", "", true},
    {"GET", "/openapi.json", 200, "", "", true},
    {"GET", "/openapi.json", 400, "/openapi.json?more=1", "", true},
    {"GET", "/sites", 200, ""},
    {"GET", "/sites", 400, "/sites?more=1"},
    {"GET", "/sites", 401, "", "", true},
    {"GET", "/sites", 422, "/sites?limit=x"},
    {"GET", "/sites/{gw}/now", 200, ""},
    {"GET", "/sites/{gw}/now", 400, "/sites/{gw}/now?more=1"},
    {"GET", "/sites/{gw}/now", 401, "", "", true},
    {"GET", "/sites/{gw}/now", 404, "/sites/01AB12345680/now"},
    {"GET", "/sites/{gw}/history", 200, "/sites/{gw}/history?span=day"},
    {"GET", "/sites/{gw}/history", 400, "/sites/{gw}/history?span=day&more=1"},
    {"GET", "/sites/{gw}/history", 401, "", "", true},
    {"GET", "/sites/{gw}/history", 404, "/sites/01AB12345680/history?span=day"},
    {"GET", "/sites/{gw}/history", 422, "/sites/{gw}/history?span=week"},
    {"GET", "/sites/{gw}/alarms", 200, ""},
    {"GET", "/sites/{gw}/alarms", 400, "/sites/{gw}/alarms?more=1"},
    {"GET", "/sites/{gw}/alarms", 401, "", "", true},
    {"GET", "/sites/{gw}/alarms", 404, "/sites/01AB12345680/alarms"},
    {"GET", "/sites/{gw}/alarms", 422, "/sites/{gw}/alarms?state=gone"},
    {"GET", "/sites/{gw}/settings", 200, ""},
    {"GET", "/sites/{gw}/settings", 400, "/sites/{gw}/settings?more=1"},
    {"GET", "/sites/{gw}/settings", 401, "", "", true},
    {"GET", "/sites/{gw}/settings", 404, "/sites/01AB12345680/settings"},
    {"POST", "/sites/{gw}/settings/read", 202, ""},
    {"POST", "/sites/{gw}/settings/read", 400, "", R"({"more":1})"},
    {"POST", "/sites/{gw}/settings/read", 401, "", "", true},
    {"POST", "/sites/{gw}/settings/read", 404, "/sites/01AB12345680/settings/read"},
    {"POST", "/sites/{gw}/settings/read", 409, "/sites/01AB12345679/settings/read"},
    {"POST", "/sites/{gw}/settings/write", 202, "", R"({"revision":1,"values":{"operatingMode":"economy"}})"},
    {"POST", "/sites/{gw}/settings/write", 400, "", R"({"more":1})"},
    {"POST", "/sites/{gw}/settings/write", 401, "", "", true},
    {"POST", "/sites/{gw}/settings/write", 404, "/sites/01AB12345680/settings/write"},
    {"POST", "/sites/{gw}/settings/write", 409, "", R"({"revision":7,"values":{"operatingMode":"economy"}})"},
    {"POST", "/sites/{gw}/settings/write", 422, "", "{}"},
    {"GET", "/sites/{gw}/requests/{id}", 200, "/sites/{gw}/requests/1"},
    {"GET", "/sites/{gw}/requests/{id}", 400, "/sites/{gw}/requests/1?more=1"},
    {"GET", "/sites/{gw}/requests/{id}", 401, "/sites/{gw}/requests/1", "", true},
    {"GET", "/sites/{gw}/requests/{id}", 404, "/sites/{gw}/requests/999"},
    {"POST", "/logout", 204, ""},
};

/// Statuses that every call may answer and that the walk makes otherwise: api_test.cpp has the log-in that waits for
/// new terms (403) and the lock (429), password_pool_test.cpp the full pool (503).
const std::set<int> kElsewhere{403, 429, 503};

class ApiDescription : public SiteFixture {
 protected:
  void SetUp() override {
    SiteFixture::SetUp();
    Browser hanako = browser();
    register_customer(hanako, hanako_form());
    registry_.transact([&](service::Transaction& tx) {
      const auto home = *tx.gateways().owned("01AB12345678");
      tx.inventory().seen({{"01AB12345678", clock_.now()}});
      tx.setting_requests().set_known(home.ownership_id, {factory_settings(), 1, clock_.now()});
      tx.gateways().claim("01AB12345679", home.account_id, home.site);  // which has never reported
    });
    EXPECT_EQ(app_.log_in("hanako@example.jp", "Hanako2026").status, 200);
    document_ = app_.get("/openapi.json").body;
  }

  json operation(const Example& example) const {
    std::string method = example.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return std::tolower(c); });
    return document_["paths"].value(example.path, json::object()).value(method, json::object());
  }
  AppAnswer call(const Example& example) {
    std::string path = example.called.empty() ? example.path : example.called;
    if (const size_t at = path.find("{gw}"); at != std::string::npos) path.replace(at, 4, "01AB12345678");
    AppClient client(server_.port());
    if (!example.without_token) client.token = app_.token;
    return client.send(example.method, path, example.body);
  }

  AppClient app_{server_.port()};
  json document_;
};

TEST_F(ApiDescription, NamesEveryRouteAndNoOther) {
  std::set<std::string> routes, described;
  for (const web::ApiRoute& route : web::all_api_routes())
    routes.insert(fmt::format("{} {}", route.method, route.path));
  for (const auto& [path, operations] : document_["paths"].items())
    for (const auto& [method, operation] : operations.items()) {
      std::string word = method;
      std::transform(word.begin(), word.end(), word.begin(), [](char c) { return std::toupper(c); });
      described.insert(fmt::format("{} {}{}", word, document_["servers"][0]["url"].get<std::string>(), path));
    }
  EXPECT_EQ(routes, described);
}

TEST_F(ApiDescription, NamesTheQueryBodyAndSecurityOfEachRoute) {
  for (const web::ApiRoute& route : web::all_api_routes()) {
    const std::string path(route.path.substr(std::string_view("/api/v1").size()));
    const json described = operation({route.method == "GET" ? "GET" : "POST", path.c_str(), 0, ""});
    EXPECT_EQ(described.contains("security"), route.right == web::Right::open) << path;
    std::set<std::string> query, known(route.query.begin(), route.query.end());
    for (const auto& parameter : described.value("parameters", json::array()))
      if (parameter["in"] == "query") query.insert(parameter["name"].get<std::string>());
    EXPECT_EQ(query, known) << path;
    std::set<std::string> members, given;
    for (const web::ApiMember& member : route.body) members.emplace(member.name);
    if (described.contains("requestBody")) {
      const std::string reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"];
      const json schema = document_.at(json::json_pointer(reference.substr(1)));
      for (const auto& [name, property] : schema["properties"].items()) given.insert(name);
    }
    EXPECT_EQ(given, members) << path;
  }
}

TEST_F(ApiDescription, HoldsForEachAnswer) {
  const JsonSchema schemas(document_);
  std::set<std::string> seen;
  for (const Example& example : kExamples) {
    const std::string name = fmt::format("{} {} {}", example.method, example.path, example.status);
    const AppAnswer answer = call(example);
    ASSERT_EQ(answer.status, example.status) << name << " " << answer.body;
    seen.insert(name);
    const json described = operation(example).value("responses", json::object());
    ASSERT_TRUE(described.contains(std::to_string(example.status))) << name << " is not described";
    const json content = described[std::to_string(example.status)].value("content", json::object());
    if (content.empty()) {
      EXPECT_TRUE(answer.body.is_null()) << name;
      continue;
    }
    ASSERT_TRUE(content.contains(answer.content_type)) << name << " is " << answer.content_type;
    EXPECT_EQ(schemas.check(answer.body, content[answer.content_type]["schema"]), "") << name;
  }
  for (const auto& [path, operations] : document_["paths"].items())
    for (const auto& [method, operation] : operations.items())
      for (const auto& [status, response] : operation["responses"].items()) {
        std::string word = method;
        std::transform(word.begin(), word.end(), word.begin(), [](char c) { return std::toupper(c); });
        const bool elsewhere = kElsewhere.contains(std::stoi(status));
        EXPECT_TRUE(elsewhere || seen.contains(fmt::format("{} {} {}", word, path, status)))
            << word << " " << path << " " << status << " has no example";
      }
}

TEST_F(ApiDescription, NamesEveryTypeOfProblem) {
  std::set<std::string> types, described;
  for (const web::ProblemInfo& info : web::all_problems()) types.emplace(info.word);
  for (const auto& type : document_["components"]["schemas"]["Problem"]["properties"]["type"]["enum"])
    described.insert(type.get<std::string>());
  EXPECT_EQ(types, described);
}

}  // namespace
}  // namespace v2x::test
