#include "backend/store/sql_audiences.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::Audience;
using service::Listener;

namespace {

/// Of a link, and of one of the dealer's contacts if there is any.
Listener listener_of(const soci::row& row) {
  Listener listener{.dealer_name = row.get<std::string>(5)};
  if (row.get_indicator(0) == soci::i_null) {
    listener.recipient = "dealer " + std::to_string(row.get<int>(6));
    return listener;
  }
  listener.mail = row.get<std::string>(1);
  listener.recipient = "contact " + std::to_string(key_at(row, 0));
  listener.verified = row.get<std::string>(2) == "verified";
  listener.wants_faults = row.get<int>(3) != 0;
  listener.wants_offline = row.get<int>(4) != 0;
  return listener;
}

}  // namespace

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
           << "SELECT contacts.id, contacts.mail, contacts.state, contacts.notify_fault, contacts.notify_offline, "
              "accounts.dealer_name, links.dealer_id "
              "FROM links LEFT JOIN contacts ON contacts.dealer_id = links.dealer_id "
              "JOIN dealers ON dealers.dealer_id = links.dealer_id "
              "JOIN accounts ON accounts.id = dealers.account_id "
              "WHERE links.ownership_id = :ownership AND links.ended IS NULL ORDER BY links.slot, contacts.id",
       soci::use(ownership_id));
  for (const auto& row : contacts) audience.listeners.push_back(listener_of(row));
  audience.listeners.push_back(owner);
  return audience;
}

}  // namespace v2x::store
