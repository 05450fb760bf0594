// A transaction of a SOCI session.
#pragma once

#include <soci/soci.h>

#include <string>

namespace v2x::store {

/// Rolls back what was begun but not committed.
class SqlBegin {
 public:
  SqlBegin(soci::session& session, const std::string& begin) : session_(session) { session_ << begin; }
  ~SqlBegin() {
    if (open_) end("ROLLBACK");
  }
  void commit() {
    session_ << "COMMIT";
    open_ = false;
  }
  SqlBegin(const SqlBegin&) = delete;
  SqlBegin& operator=(const SqlBegin&) = delete;

 private:
  void end(const char* sql) noexcept {
    try {
      session_ << sql;
    } catch (const soci::soci_error&) {
      // It is rolled back already: by SQLite when the disk is full, by PostgreSQL when the connection was lost.
    }
  }
  soci::session& session_;
  bool open_ = true;
};

}  // namespace v2x::store
