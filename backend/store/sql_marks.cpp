#include "backend/store/sql_marks.hpp"

namespace v2x::store {

std::uint64_t SqlMarks::get(const service::StreamKey& key) {
  long long mark = 0;
  session_ << "SELECT mark FROM marks WHERE gateway_id = :gateway AND stream = :stream", soci::into(mark),
      soci::use(key.gateway_id), soci::use(key.stream);
  return static_cast<std::uint64_t>(mark);
}

void SqlMarks::set(const service::StreamKey& key, std::uint64_t mark) {
  const auto value = static_cast<long long>(mark);
  session_ << "INSERT INTO marks (gateway_id, stream, mark) VALUES (:gateway, :stream, :mark) "
              "ON CONFLICT (gateway_id, stream) DO UPDATE SET mark = excluded.mark",
      soci::use(key.gateway_id), soci::use(key.stream), soci::use(value);
}

}  // namespace v2x::store
