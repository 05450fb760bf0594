// The audit log: append only; no passwords, tokens or bodies go in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

struct AuditEntry {
  std::string actor;    ///< "account 12", "dealer 4001", "gateway 01AB12345678", "operator"
  std::string address;  ///< where the request came from; empty inside the service
  std::string act;      ///< "login", "claim", "link", "inventory" …
  std::string object;
  std::string result;  ///< "ok" or why not
};

struct AuditRow {
  std::int64_t id = 0;
  Time time{};
  AuditEntry entry;
};

/// Which rows; what is empty lets all through.
struct AuditFilter {
  std::string actor{};
  std::string act{};
};

class Audit {
 public:
  virtual ~Audit() = default;
  /// Stamped with the transaction's time.
  virtual void write(const AuditEntry& entry) = 0;
  virtual std::vector<AuditRow> newest_first(const AuditFilter& filter, int most) = 0;
  virtual std::optional<Time> oldest() = 0;
  virtual void forget_until(Time limit) = 0;
};

}  // namespace v2x::service
