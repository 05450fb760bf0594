// 利用規約: versioned text files, of which the newest that is in effect counts (REG-30).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct TermsVersion {
  std::string version;  ///< "2019-01-01": in effect from 00:00 JST of that day
  Time effective{};
  std::vector<std::string> paragraphs;
};

/// Immutable after its making; thread-safe.
class Terms {
 public:
  /// Reads `directory`/customer/YYYY-MM-DD.txt and …/dealer/…; throws BadInput when a name is no day or none is there.
  explicit Terms(const std::filesystem::path& directory);
  /// Before the first version takes effect that one is shown all the same: nobody registers without terms.
  const std::vector<TermsVersion>& versions(model::AccountKind kind) const { return versions_.at(kind); }  ///< by time
  const TermsVersion& current(model::AccountKind kind, Time now) const;

 private:
  std::map<model::AccountKind, std::vector<TermsVersion>> versions_;  // by time
};

/// The paragraphs of a text file: what stands between empty lines. Throws BadInput when it cannot be read.
std::vector<std::string> paragraphs_of(const std::filesystem::path& file);

}  // namespace v2x::service
