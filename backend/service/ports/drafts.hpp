// Drafts of wizards, bound to a browser session: what was entered, consumed once.
#pragma once

#include <optional>
#include <string>

#include "backend/service/form.hpp"
#include "common/clock.hpp"

namespace v2x::service {

/// Names one wizard in one browser.
struct DraftKey {
  std::string session_hash;
  std::string wizard;  ///< "regist", "mainRegist", "link" …
};

struct Draft {
  Form form;
  bool done = false;  ///< submitted: `form` is what the completion page shows
};

class Drafts {
 public:
  virtual ~Drafts() = default;
  /// Absent, too, when its time has passed.
  virtual std::optional<Draft> find(const DraftKey& key) = 0;
  /// Replaces; good until `expires`.
  virtual void put(const DraftKey& key, const Draft& draft, Time expires) = 0;
  virtual void remove(const DraftKey& key) = 0;
};

}  // namespace v2x::service
