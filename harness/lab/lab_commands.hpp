// What `v2x inject | repair | set | clear | plug | unplug | bus | trace | watch` do to a running lab.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::lab {

/// Words after the command's name. `interrupted` ends a watch. Throws BadInput when the words are wrong or no lab runs;
/// returns the box's own Error.
Status command(const std::string& name, const std::vector<std::string>& words, const std::atomic<bool>& interrupted);

/// The commands with their arguments, for help: {"inject", "UNIT CODE", …}.
struct CommandHelp {
  const char* name;
  const char* arguments;
  const char* help;
};
const std::vector<CommandHelp>& commands();

}  // namespace v2x::lab
