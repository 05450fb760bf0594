#include "backend/store/sql_setting_requests.hpp"

#include "backend/store/form_text.hpp"
#include "backend/store/sql.hpp"

namespace v2x::store {

using service::KnownSettings;
using service::SettingChange;
using service::SettingRequest;

namespace {

SettingRequest request_of(const soci::row& row) {
  SettingRequest request;
  request.id = key_at(row, 0);
  request.gateway_id = row.get<std::string>(1);
  request.ownership_id = row.get<long long>(2);
  request.act = service::setting_act(row.get<std::string>(3));
  request.author = service::setting_author(row.get<std::string>(4));
  request.account_id = row.get<std::optional<long long>>(5);
  request.values = form_of(row.get<std::string>(6));
  request.state = service::request_state(row.get<std::string>(7));
  request.reason = row.get<std::string>(8);
  request.late = row.get<std::string>(9);
  request.created = row.get<Time>(10);
  request.deadline = row.get<Time>(11);
  request.finished = row.get<std::optional<Time>>(12);
  return request;
}

}  // namespace

std::int64_t SqlSettingRequests::add(const SettingRequest& request) {
  const auto ownership = static_cast<long long>(request.ownership_id);
  const std::optional<long long> account = request.account_id;
  const std::string act = to_string(request.act), author = to_string(request.author), form = to_text(request.values),
                    state = to_string(request.state);
  session_ << "INSERT INTO setting_requests (gateway_id, ownership_id, kind, author, account_id, form, state, reason, "
              "late, created, deadline) VALUES (:gateway, :ownership, :kind, :author, :account, :form, :state, "
              ":reason, :late, :created, :deadline)",
      soci::use(request.gateway_id), soci::use(ownership), soci::use(act), soci::use(author), soci::use(account),
      soci::use(form), soci::use(state), soci::use(request.reason), soci::use(request.late), soci::use(request.created),
      soci::use(request.deadline);
  long long id = 0;
  session_ << "SELECT max(id) FROM setting_requests WHERE gateway_id = :gateway", soci::into(id),
      soci::use(request.gateway_id);
  return id;
}

std::vector<SettingRequest> SqlSettingRequests::where(const std::string& condition, const std::string& value) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT id, gateway_id, ownership_id, kind, author, account_id, form, state, reason, late, "
                           "created, deadline, finished FROM setting_requests WHERE "
                        << condition << " ORDER BY id",
       soci::use(value, "value"));
  std::vector<SettingRequest> found;
  for (const auto& row : rows) found.push_back(request_of(row));
  return found;
}

std::optional<SettingRequest> SqlSettingRequests::find(std::int64_t id) {
  auto found = where("id = CAST(:value AS BIGINT)", std::to_string(id));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void SqlSettingRequests::update(const SettingRequest& request) {
  const auto id = static_cast<long long>(request.id);
  const std::string state = to_string(request.state);
  session_ << "UPDATE setting_requests SET state = :state, reason = :reason, late = :late, finished = :finished "
              "WHERE id = :id",
      soci::use(state), soci::use(request.reason), soci::use(request.late), soci::use(request.finished), soci::use(id);
}

std::vector<SettingRequest> SqlSettingRequests::open() {
  return where("state IN ('queued', 'sent') AND gateway_id <> :value", "");
}

std::vector<SettingRequest> SqlSettingRequests::open_of(const std::string& gateway_id) {
  return where("state IN ('queued', 'sent') AND gateway_id = :value", gateway_id);
}

std::optional<Time> SqlSettingRequests::next_deadline() {
  std::optional<Time> next;
  session_ << "SELECT min(deadline) FROM setting_requests WHERE state IN ('queued', 'sent')", soci::into(next);
  return next;
}

std::optional<KnownSettings> SqlSettingRequests::known(std::int64_t ownership_id) {
  const auto key = static_cast<long long>(ownership_id);
  KnownSettings known;
  std::string form;
  long long revision = 0;
  session_ << "SELECT form, revision, read_at FROM known_settings WHERE ownership_id = :ownership", soci::into(form),
      soci::into(revision), soci::into(known.read_at), soci::use(key);
  if (!session_.got_data()) return std::nullopt;
  known.values = form_of(form);
  known.revision = revision;
  return known;
}

void SqlSettingRequests::set_known(std::int64_t ownership_id, const KnownSettings& known) {
  const auto key = static_cast<long long>(ownership_id);
  const auto revision = static_cast<long long>(known.revision);
  const std::string form = to_text(known.values);
  session_ << "INSERT INTO known_settings (ownership_id, form, revision, read_at) VALUES (:ownership, :form, "
              ":revision, :read) ON CONFLICT (ownership_id) DO UPDATE SET form = excluded.form, revision = "
              "excluded.revision, read_at = excluded.read_at",
      soci::use(key), soci::use(form), soci::use(revision), soci::use(known.read_at);
}

void SqlSettingRequests::add_change(const SettingChange& change) {
  const auto ownership = static_cast<long long>(change.ownership_id);
  const std::optional<long long> request = change.request_id;
  session_ << "INSERT INTO setting_changes (ownership_id, request_id, time, item, old_value, new_value) "
              "VALUES (:ownership, :request, :time, :item, :old, :new)",
      soci::use(ownership), soci::use(request), soci::use(change.time), soci::use(change.item),
      soci::use(change.old_value), soci::use(change.new_value);
}

std::vector<SettingChange> SqlSettingRequests::changes(std::int64_t ownership_id, int most, int skip) {
  const auto key = static_cast<long long>(ownership_id);
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT request_id, time, item, old_value, new_value FROM setting_changes "
                           "WHERE ownership_id = :ownership ORDER BY time DESC, id LIMIT :most OFFSET :skip",
       soci::use(key), soci::use(most), soci::use(skip));
  std::vector<SettingChange> found;
  for (const auto& row : rows)
    found.push_back({ownership_id, row.get<std::optional<long long>>(0), row.get<Time>(1), row.get<std::string>(2),
                     row.get<std::string>(3), row.get<std::string>(4)});
  return found;
}

std::optional<Time> SqlSettingRequests::oldest() {
  std::optional<Time> oldest;
  session_ << "SELECT min(oldest) FROM (SELECT min(time) AS oldest FROM setting_changes "
              "UNION ALL SELECT min(created) FROM setting_requests) AS instants",
      soci::into(oldest);
  return oldest;
}

void SqlSettingRequests::forget_until(Time limit) {
  session_ << "DELETE FROM setting_changes WHERE time <= :limit", soci::use(limit);
  session_ << "DELETE FROM setting_requests WHERE created <= :limit AND NOT EXISTS "
              "(SELECT 1 FROM setting_changes WHERE request_id = setting_requests.id)",
      soci::use(limit);
}

}  // namespace v2x::store
