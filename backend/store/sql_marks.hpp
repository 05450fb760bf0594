// Registry marks in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/marks.hpp"

namespace v2x::store {

class SqlMarks final : public service::Marks {
 public:
  explicit SqlMarks(soci::session& session) : session_(session) {}
  std::uint64_t get(const service::StreamKey& key) override;
  void set(const service::StreamKey& key, std::uint64_t mark) override;

 private:
  soci::session& session_;
};

}  // namespace v2x::store
