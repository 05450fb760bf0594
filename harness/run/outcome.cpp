#include "harness/run/outcome.hpp"

#include <algorithm>

namespace v2x::run {
namespace {

int badness(Outcome outcome) {
  switch (outcome) {
    case Outcome::skipped:
      return 0;
    case Outcome::passed:
      return 1;
    case Outcome::failed:
      return 2;
    case Outcome::error:
      break;
  }
  return 3;
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::error:
      break;
  }
  return "error";
}

Outcome worse(Outcome a, Outcome b) {
  return badness(a) >= badness(b) ? a : b;
}

}  // namespace v2x::run
