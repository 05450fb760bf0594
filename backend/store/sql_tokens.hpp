// Tokens of mail links in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/tokens.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlTokens final : public service::Tokens {
 public:
  SqlTokens(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::optional<service::LinkToken> find(service::TokenPurpose purpose, const std::string& hash) override;
  void add(const service::LinkToken& token) override;
  void use(const std::string& hash) override;
  void count_wrong(const std::string& hash, int wrong, std::optional<Time> locked_until) override;

 private:
  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
