// Whether a server on loopback answers: for waiting until it has started.
#pragma once

#include <string>

namespace v2x::actors {

/// Whether GET `path` on 127.0.0.1:`port` gives a status of success.
bool http_answers(int port, const std::string& path);

}  // namespace v2x::actors
