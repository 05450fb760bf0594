// junit.xml: a test case per scenario, for every CI server.
#pragma once

#include <string>

#include "reports/record.hpp"

namespace v2x::reports {

/// A failure's text can be read alone: sentence, step, explanation, the command that reproduces it.
std::string junit_xml(const Run& run);
/// That text.
std::string failure_text(const Scenario& scenario);

}  // namespace v2x::reports
