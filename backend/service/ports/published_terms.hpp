// Versions of the terms that the operator published, beside those that the program ships (REG-30).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct TermsStamp {
  std::string version;  ///< "2019-01-01": in effect from 00:00 JST of that day
  Time effective{};
};

struct TermsText {
  TermsStamp stamp;
  std::string text;  ///< paragraphs between empty lines
};

class PublishedTerms {
 public:
  virtual ~PublishedTerms() = default;
  virtual std::vector<TermsText> all(model::AccountKind kind) = 0;  ///< by time
  /// The newest that is in effect at `now`.
  virtual std::optional<TermsStamp> newest(model::AccountKind kind, Time now) = 0;
  /// A version that exists is replaced: until it is in effect nobody has agreed to it.
  virtual void put(model::AccountKind kind, const TermsText& terms) = 0;
};

}  // namespace v2x::service
