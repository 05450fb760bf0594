#include "harness/actors/http_probe.hpp"

#include <httplib.h>

namespace v2x::actors {

bool http_answers(int port, const std::string& path) {
  httplib::Client client("127.0.0.1", port);
  const auto answer = client.Get(path);
  return answer && answer->status / 100 == 2;
}

}  // namespace v2x::actors
