#include "backend/service/terms.hpp"

#include <algorithm>
#include <fstream>

#include "common/bad_input.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

TermsVersion read_version(const std::filesystem::path& file) {
  const std::string day = file.stem().string();
  const auto effective = parse_time(day + "T00:00:00");
  if (!effective) throw BadInput(file.string() + ": a version of the terms is named by its day, expected like 2019-01-01.txt");
  return {day, *effective, paragraphs_of(file)};
}

std::vector<TermsVersion> read_versions(const std::filesystem::path& directory) {
  std::vector<TermsVersion> versions;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (entry.path().extension() == ".txt") versions.push_back(read_version(entry.path()));
  if (versions.empty()) throw BadInput(directory.string() + ": no terms, expected at least one YYYY-MM-DD.txt");
  std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) { return a.effective < b.effective; });
  return versions;
}

}  // namespace

std::vector<std::string> paragraphs_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw BadInput(file.string() + ": cannot be read, expected a text file");
  std::vector<std::string> paragraphs;
  bool open = false;
  for (std::string line; std::getline(in, line); open = !line.empty()) {
    if (line.empty()) continue;
    if (open)
      paragraphs.back() += "\n" + line;
    else
      paragraphs.push_back(line);
  }
  return paragraphs;
}

Terms::Terms(const std::filesystem::path& directory) {
  for (const auto kind : {model::AccountKind::customer, model::AccountKind::dealer})
    versions_[kind] = read_versions(directory / model::to_string(kind));
}

const TermsVersion& Terms::current(model::AccountKind kind, Time now) const {
  const auto& versions = versions_.at(kind);
  const auto next = std::find_if(versions.begin(), versions.end(), [&](const auto& version) { return version.effective > now; });
  return next == versions.begin() ? versions.front() : *std::prev(next);
}

}  // namespace v2x::service
