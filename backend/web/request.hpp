// A request and its answer as the pages see them: parsed, checked, free of the HTTP library.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "backend/service/form.hpp"

namespace v2x::web {

struct Request {
  std::string method;  ///< GET, POST …; HEAD arrives as GET
  std::string path;    ///< without the query
  std::string target;  ///< as it was asked for, with the query
  service::Form query;
  service::Form form;
  std::map<std::string, std::string> cookies;
  std::string host;
  std::string client_address;
  std::string user_agent;
  std::string csrf_header;    ///< X-CSRF-Token, from scripts
  std::string authorization;  ///< of the API's clients: "Bearer …"
  std::string body;           ///< of the API's clients: JSON
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace v2x::web
