#include "backend/store/sql_alarms.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {
namespace {

using service::Episode;
using service::EpisodeKey;
using service::EpisodeState;

constexpr auto kColumns =
    "SELECT id, gateway_id, ownership_id, unit_no, code, state, cause, detail, raised_at, received_at, cleared_at, "
    "mail_due_at, closes_at, flaps, told FROM episodes ";

// Ownership ids start at 1: in SQL "nobody" is compared as 0.
long long owner_key(std::optional<std::int64_t> ownership_id) {
  return ownership_id.value_or(0);
}

Episode episode_of(const soci::row& row) {
  Episode episode;
  episode.id = key_at(row, 0);
  episode.gateway_id = row.get<std::string>(1);
  if (const auto ownership = row.get<std::optional<long long>>(2)) episode.ownership_id = *ownership;
  episode.unit_no = row.get<int>(3);
  episode.code = row.get<std::string>(4);
  episode.state = service::episode_state(row.get<std::string>(5));
  episode.cause = row.get<std::string>(6);
  episode.detail = row.get<std::string>(7);
  episode.raised_at = row.get<Time>(8);
  episode.received_at = row.get<Time>(9);
  episode.cleared_at = row.get<std::optional<Time>>(10);
  episode.mail_due_at = row.get<std::optional<Time>>(11);
  episode.closes_at = row.get<std::optional<Time>>(12);
  episode.flaps = row.get<int>(13);
  episode.told = row.get<int>(14) != 0;
  return episode;
}

std::vector<Episode> episodes_of(const soci::rowset<soci::row>& rows) {
  std::vector<Episode> episodes;
  for (const auto& row : rows) episodes.push_back(episode_of(row));
  return episodes;
}

std::optional<Episode> first_of(const soci::rowset<soci::row>& rows) {
  for (const auto& row : rows) return episode_of(row);
  return std::nullopt;
}

}  // namespace

std::optional<Episode> SqlAlarms::active(const EpisodeKey& key) {
  const long long owner = owner_key(key.ownership_id);
  return first_of(
      (session_.prepare << kColumns
                        << "WHERE gateway_id = :gateway AND code = :code AND state <> 'closed' "
                           "AND unit_no = :unit AND coalesce(ownership_id, 0) = :owner ORDER BY id DESC LIMIT 1",
       soci::use(key.gateway_id), soci::use(key.code), soci::use(key.unit_no), soci::use(owner)));
}

std::vector<std::string> SqlAlarms::with_active(const std::string& code, const std::vector<std::string>& gateway_ids) {
  std::string gateway;
  long long episodes = 0;
  soci::statement count = (session_.prepare << "SELECT count(*) FROM episodes WHERE gateway_id = :gateway AND "
                                               "code = :code AND state <> 'closed'",
                           soci::into(episodes), soci::use(gateway), soci::use(code));
  std::vector<std::string> found;
  for (const auto& gateway_id : gateway_ids) {
    gateway = gateway_id;
    count.execute(true);
    if (episodes > 0) found.push_back(gateway_id);
  }
  return found;
}

std::int64_t SqlAlarms::add(const Episode& episode) {
  const std::optional<long long> owner = episode.ownership_id;
  const std::string state = to_string(episode.state);
  long long id = 0;
  session_ << "INSERT INTO episodes (gateway_id, ownership_id, unit_no, code, state, cause, detail, raised_at, "
              "received_at, cleared_at, mail_due_at, closes_at, flaps) VALUES (:gateway, :owner, :unit, :code, :state, "
              ":cause, :detail, :raised, :received, :cleared, :due, :closes, :flaps) RETURNING id",
      soci::use(episode.gateway_id), soci::use(owner), soci::use(episode.unit_no), soci::use(episode.code),
      soci::use(state), soci::use(episode.cause), soci::use(episode.detail), soci::use(episode.raised_at),
      soci::use(episode.received_at), soci::use(episode.cleared_at), soci::use(episode.mail_due_at),
      soci::use(episode.closes_at), soci::use(episode.flaps), soci::into(id);
  return id;
}

void SqlAlarms::update(const Episode& episode) {
  const std::string state = to_string(episode.state);
  const long long id = episode.id;
  const int told = episode.told ? 1 : 0;
  session_ << "UPDATE episodes SET state = :state, cause = :cause, detail = :detail, cleared_at = :cleared, "
              "mail_due_at = :due, closes_at = :closes, flaps = :flaps, told = :told WHERE id = :id",
      soci::use(state), soci::use(episode.cause), soci::use(episode.detail), soci::use(episode.cleared_at),
      soci::use(episode.mail_due_at), soci::use(episode.closes_at), soci::use(episode.flaps), soci::use(told),
      soci::use(id);
}

std::optional<Episode> SqlAlarms::raised_between(const EpisodeKey& key, Time from, Time until) {
  const long long owner = owner_key(key.ownership_id);
  return first_of(
      (session_.prepare << kColumns
                        << "WHERE gateway_id = :gateway AND code = :code AND coalesce(ownership_id, 0) = :owner "
                           "AND raised_at >= :from AND raised_at <= :until ORDER BY raised_at, id LIMIT 1",
       soci::use(key.gateway_id), soci::use(key.code), soci::use(owner), soci::use(from), soci::use(until)));
}

std::vector<Episode> SqlAlarms::of_cause(const std::string& cause) {
  return episodes_of((session_.prepare << kColumns << "WHERE cause = :cause ORDER BY unit_no, id", soci::use(cause)));
}

std::optional<Time> SqlAlarms::next_mail_due() {
  std::optional<Time> next;
  session_ << "SELECT min(mail_due_at) FROM episodes WHERE mail_due_at IS NOT NULL", soci::into(next);
  return next;
}

std::vector<Episode> SqlAlarms::mail_due(Time now) {
  return episodes_of(
      (session_.prepare << kColumns << "WHERE mail_due_at <= :now ORDER BY mail_due_at, id", soci::use(now)));
}

std::optional<Time> SqlAlarms::next_closing() {
  std::optional<Time> next;
  session_ << "SELECT min(closes_at) FROM episodes WHERE closes_at IS NOT NULL", soci::into(next);
  return next;
}

std::vector<Episode> SqlAlarms::closing_due(Time now) {
  return episodes_of(
      (session_.prepare << kColumns << "WHERE closes_at <= :now ORDER BY closes_at, id", soci::use(now)));
}

std::vector<Episode> SqlAlarms::standing(const std::string& gateway_id, std::int64_t ownership_id) {
  const long long owner = ownership_id;
  return episodes_of((session_.prepare << kColumns
                                       << "WHERE gateway_id = :gateway AND state = 'open' AND ownership_id = :owner "
                                          "ORDER BY raised_at DESC, id DESC",
                      soci::use(gateway_id), soci::use(owner)));
}

std::vector<Episode> SqlAlarms::history(const std::string& gateway_id, std::int64_t ownership_id, int limit,
                                        int offset) {
  const long long owner = ownership_id;
  return episodes_of((session_.prepare << kColumns
                                       << "WHERE gateway_id = :gateway AND ownership_id = :owner "
                                          "ORDER BY raised_at DESC, id DESC LIMIT :limit OFFSET :offset",
                      soci::use(gateway_id), soci::use(owner), soci::use(limit), soci::use(offset)));
}

std::vector<Episode> SqlAlarms::active_of(std::int64_t ownership_id) {
  const long long owner = ownership_id;
  return episodes_of((session_.prepare << kColumns << "WHERE ownership_id = :owner AND state <> 'closed' ORDER BY id",
                      soci::use(owner)));
}

}  // namespace v2x::store
