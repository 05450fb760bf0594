// Gateways as property, and their links to dealers, in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlGateways final : public service::Gateways {
 public:
  SqlGateways(soci::session& session, service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::optional<std::string> password_hash(const std::string& gateway_id) override;
  std::optional<service::OwnedGateway> owned(const std::string& gateway_id) override;
  std::optional<service::OwnedGateway> of_ownership(std::int64_t ownership_id) override;
  std::vector<service::OwnedGateway> of_account(std::int64_t account_id) override;
  std::int64_t claim(const std::string& gateway_id, std::int64_t account_id, const model::Site& site) override;
  void set_site(std::int64_t ownership_id, const model::Site& site) override;
  void release(std::int64_t ownership_id) override;
  void forget_sites(std::int64_t account_id) override;

 private:
  soci::session& session_;
  service::Transaction& transaction_;  ///< for the inventory
};

class SqlLinks final : public service::Links {
 public:
  SqlLinks(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}

  std::vector<service::Link> of_ownership(std::int64_t ownership_id) override;
  std::vector<service::Link> of_dealer(int dealer_id) override;
  std::optional<service::Link> find(std::int64_t ownership_id, int dealer_id) override;
  std::optional<std::int64_t> add(const service::Link& link) override;
  void end(std::int64_t id) override;

 private:
  std::vector<service::Link> where(const std::string& condition, long long value);

  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
