// Commands to gateways and what they answer, free of the wire: between the use cases and the ingest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "backend/service/form.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct GatewayCommand {
  enum class Kind { read, write, live };
  Kind kind = Kind::read;
  std::string gateway_id;
  std::uint64_t correlation_id = 0;
  Time expires{};                              ///< must not be started after this instant
  Form values{};                               ///< of `write`
  std::optional<std::uint64_t> if_revision{};  ///< of `write`: refused when the settings have another one by now
  Duration period{};                           ///< of `live`
  Duration lasts{};                            ///< of `live`
};

struct CommandAnswer {
  enum class Status { done, refused, timed_out };
  Status status = Status::done;
  std::string gateway_id;
  std::uint64_t correlation_id = 0;
  Form values{};               ///< all settings, after a read or a write that is done
  std::uint64_t revision = 0;  ///< of the settings; 0: the gateway doesn't count its changes
  std::string reason{};
};

}  // namespace v2x::service
