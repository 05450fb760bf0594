#include "backend/store/sql_published_terms.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::TermsStamp;
using service::TermsText;

std::vector<TermsText> SqlPublishedTerms::all(model::AccountKind kind) {
  const std::string word = model::to_string(kind);
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT version, effective, body FROM published_terms WHERE kind = :kind ORDER BY effective",
       soci::use(word));
  std::vector<TermsText> versions;
  for (const soci::row& row : rows)
    versions.push_back({{row.get<std::string>(0), row.get<Time>(1)}, row.get<std::string>(2)});
  return versions;
}

std::optional<TermsStamp> SqlPublishedTerms::newest(model::AccountKind kind, Time now) {
  const std::string word = model::to_string(kind);
  TermsStamp stamp;
  session_ << "SELECT version, effective FROM published_terms WHERE kind = :kind AND effective <= :now "
              "ORDER BY effective DESC LIMIT 1",
      soci::into(stamp.version), soci::into(stamp.effective), soci::use(word), soci::use(now);
  if (!session_.got_data()) return std::nullopt;
  return stamp;
}

void SqlPublishedTerms::put(model::AccountKind kind, const TermsText& terms) {
  const std::string word = model::to_string(kind);
  session_
      << "INSERT INTO published_terms (kind, version, effective, body) VALUES (:kind, :version, :effective, :body) "
         "ON CONFLICT (kind, version) DO UPDATE SET body = excluded.body",
      soci::use(word), soci::use(terms.stamp.version), soci::use(terms.stamp.effective), soci::use(terms.text);
}

}  // namespace v2x::store
