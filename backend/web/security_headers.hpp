// The headers of every answer (SEC-05).
#pragma once

#include "backend/web/request.hpp"

namespace v2x::web {

struct AnswerFacts {
  bool is_static = false;  ///< a file that holds no data
  bool https = false;      ///< the public base is
};
void add_security_headers(Response& response, const AnswerFacts& facts);

}  // namespace v2x::web
