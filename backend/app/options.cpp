#include "backend/app/options.hpp"

#include <fmt/format.h>

#include "common/bad_input.hpp"

namespace v2x::app {

void check(const BackendOptions& options) {
  const auto must = [](bool holds, const std::string& sentence) {
    if (!holds) throw BadInput(sentence);
  };
  const bool loopback = options.listen.starts_with("127.") || options.listen == "localhost";
  must(!options.stepped || !options.control.empty(), "--clock stepped: nobody can move it, expected --control, too");
  must(!options.stepped || !options.clock.start.empty(), "--clock stepped: no first instant, expected --start, too");
  must(!options.stepped || loopback,
       fmt::format("--listen {}: expected a loopback address with --clock stepped", options.listen));
  must(options.mail_io_timeout_s > 0, "--mail-io-timeout: expected more than 0 s");
  const bool private_control = options.control.empty() || options.control.starts_with("ipc://") ||
                               options.control.starts_with("tcp://127.") ||
                               options.control.starts_with("tcp://localhost");
  must(private_control, fmt::format("--control {}: expected ipc:///… or tcp://127.0.0.1:…", options.control));
}

}  // namespace v2x::app
