// What `v2x inject | repair | set | clear | plug | unplug | depart | return | bus | trace | watch` do to a running lab.
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

/// The commands with their arguments, for help: {"inject", "UNIT CODE", 2, 2, …}.
struct CommandHelp {
  const char* name;
  const char* arguments;
  size_t least, most;  ///< words that it takes
  const char* help;
};
const std::vector<CommandHelp>& commands();

}  // namespace v2x::lab
