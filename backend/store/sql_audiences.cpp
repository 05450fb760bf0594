#include "backend/store/sql_audiences.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::Audience;
using service::Listener;

std::optional<Audience> SqlAudiences::of(const std::string& gateway_id) {
  Audience audience;
  long long ownership_id = 0, account_id = 0;
  Listener owner{.verified = true};
  int wants_faults = 0, wants_offline = 0;
  session_ << "SELECT ownerships.id, accounts.id, site_name, sei || ' ' || mei, mail, notify_fault, notify_offline "
              "FROM ownerships "
              "JOIN accounts ON accounts.id = ownerships.account_id WHERE gateway_id = :gateway AND until_time IS NULL",
      soci::into(ownership_id), soci::into(account_id), soci::into(audience.site_name), soci::into(audience.owner_name),
      soci::into(owner.mail), soci::into(wants_faults), soci::into(wants_offline), soci::use(gateway_id);
  if (!session_.got_data()) return std::nullopt;
  audience.ownership_id = ownership_id;
  owner.recipient = "account " + std::to_string(account_id);
  owner.wants_faults = wants_faults != 0;
  owner.wants_offline = wants_offline != 0;

  session_ << "SELECT count(*) FROM links WHERE ownership_id = :ownership AND ended IS NULL",
      soci::into(audience.linked_dealers), soci::use(ownership_id);
  const soci::rowset<soci::row> contacts =
      (session_.prepare
           << "SELECT coalesce(contacts.mail, ''), accounts.dealer_name, coalesce(contacts.state, ''), "
              "coalesce(contacts.notify_fault, 0), coalesce(contacts.notify_offline, 0), "
              "CASE WHEN contacts.id IS NULL THEN 'dealer ' || links.dealer_id ELSE 'contact ' || contacts.id END "
              "FROM links LEFT JOIN contacts ON contacts.dealer_id = links.dealer_id "
              "JOIN dealers ON dealers.dealer_id = links.dealer_id "
              "JOIN accounts ON accounts.id = dealers.account_id "
              "WHERE links.ownership_id = :ownership AND links.ended IS NULL ORDER BY links.slot, contacts.id",
       soci::use(ownership_id));
  for (const auto& row : contacts)
    audience.listeners.push_back({.mail = row.get<std::string>(0),
                                  .recipient = row.get<std::string>(5),
                                  .dealer_name = row.get<std::string>(1),
                                  .verified = row.get<std::string>(2) == "verified",
                                  .wants_faults = row.get<int>(3) != 0,
                                  .wants_offline = row.get<int>(4) != 0});
  audience.listeners.push_back(owner);
  return audience;
}

}  // namespace v2x::store
