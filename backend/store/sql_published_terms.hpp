// Published terms in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/published_terms.hpp"

namespace v2x::store {

class SqlPublishedTerms final : public service::PublishedTerms {
 public:
  explicit SqlPublishedTerms(soci::session& session) : session_(session) {}
  std::vector<service::TermsText> all(model::AccountKind kind) override;
  std::optional<service::TermsStamp> newest(model::AccountKind kind, Time now) override;
  void put(model::AccountKind kind, const service::TermsText& terms) override;

 private:
  soci::session& session_;
};

}  // namespace v2x::store
