// Words, figures and symbols of the report page.
#pragma once

#include <string>

#include "common/clock.hpp"
#include "reports/record.hpp"

namespace v2x::reports {

/// How an outcome is called; the symbol says it without colour.
struct OutcomeWords {
  const char* japanese;
  const char* english;
  const char* symbol;
};
OutcomeWords words_of(Outcome outcome);

/// "12,345.6": at most three digits behind the point, thousands separated.
std::string figure(double value);
/// A span for people: "1.1 s", "10 min", "2 h 05 min", "3 d 4 h".
std::string span(double seconds);
/// "4月1日 12:00:05" in JST, with milliseconds only when there are any.
std::string moment(Time t);

}  // namespace v2x::reports
