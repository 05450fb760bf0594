#include "backend/service/terms.hpp"

#include <algorithm>
#include <fstream>
#include <istream>
#include <iterator>
#include <sstream>

#include "backend/service/ports/audit.hpp"
#include "backend/service/text_rules.hpp"
#include "common/bad_input.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

std::vector<std::string> paragraphs_in(std::istream& in) {
  std::vector<std::string> paragraphs;
  bool open = false;
  for (std::string line; std::getline(in, line); open = !line.empty()) {
    if (!line.empty() && line.back() == '\r') line.pop_back();  // written on Windows
    if (line.empty()) continue;
    if (open)
      paragraphs.back() += "\n" + line;
    else
      paragraphs.push_back(line);
  }
  return paragraphs;
}

std::ifstream opened(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file))
    throw BadInput(file.string() + ": cannot be read, expected a text file");
  return in;
}

TermsVersion read_version(const std::filesystem::path& file) {
  const std::string day = file.stem().string();
  const auto effective = parse_time(day + "T00:00:00");
  if (!effective)
    throw BadInput(file.string() + ": a version of the terms is named by its day, expected like 2019-01-01.txt");
  return {{day, *effective}, paragraphs_of(file)};
}

bool is_earlier(const TermsVersion& a, const TermsVersion& b) {
  return a.stamp.effective < b.stamp.effective;
}

std::vector<TermsVersion> read_versions(const std::filesystem::path& directory) {
  std::vector<TermsVersion> versions;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (entry.path().extension() == ".txt") versions.push_back(read_version(entry.path()));
  if (versions.empty()) throw BadInput(directory.string() + ": no terms, expected at least one YYYY-MM-DD.txt");
  std::sort(versions.begin(), versions.end(), is_earlier);
  return versions;
}

const TermsVersion& newest_at(const std::vector<TermsVersion>& versions, Time now) {
  const auto next = std::find_if(versions.begin(), versions.end(),
                                 [&](const TermsVersion& version) { return version.stamp.effective > now; });
  return next == versions.begin() ? versions.front() : *std::prev(next);
}

}  // namespace

std::vector<std::string> paragraphs_of(const std::filesystem::path& file) {
  std::ifstream in = opened(file);
  return paragraphs_in(in);
}

Terms::Terms(const std::filesystem::path& directory, Registry& registry) : registry_(registry) {
  for (const auto kind : {model::AccountKind::customer, model::AccountKind::dealer})
    shipped_[kind] = read_versions(directory / model::to_string(kind));
}

std::vector<TermsVersion> Terms::versions(model::AccountKind kind) const {
  std::vector<TermsVersion> versions = shipped_.at(kind);
  for (const TermsText& published : registry_.read([&](Transaction& tx) { return tx.published_terms().all(kind); })) {
    std::istringstream text(published.text);
    versions.push_back({published.stamp, paragraphs_in(text)});
  }
  std::stable_sort(versions.begin(), versions.end(), is_earlier);
  return versions;
}

TermsVersion Terms::current(model::AccountKind kind, Time now) const {
  return newest_at(versions(kind), now);
}

TermsStamp Terms::current_stamp(Transaction& tx, model::AccountKind kind) const {
  const TermsStamp& shipped = newest_at(shipped_.at(kind), tx.now()).stamp;
  const auto published = tx.published_terms().newest(kind, tx.now());
  return published && published->effective >= shipped.effective ? *published : shipped;
}

void Terms::publish(model::AccountKind kind, const std::filesystem::path& file, const std::string& day) {
  const auto effective = parse_time(day + "T00:00:00");
  if (!effective) throw BadInput("'" + day + "' is no day, expected like 2026-05-01");
  std::ifstream in = opened(file);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!is_utf8(text) || text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw BadInput(file.string() + ": holds no text, expected terms in UTF-8, paragraphs between empty lines");
  registry_.transact([&](Transaction& tx) {
    if (*effective <= tx.now())
      throw BadInput("terms of " + day + " would change what people have agreed to, expected a day after " +
                     format_jst(tx.now(), "%Y-%m-%d"));
    tx.published_terms().put(kind, {{day, *effective}, text});
    tx.audit().write({"operator", "", "publish", "terms " + model::to_string(kind) + " " + day, "ok"});
  });
}

}  // namespace v2x::service
