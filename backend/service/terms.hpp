// 利用規約: versioned texts, of which the newest that is in effect counts (REG-30).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/ports/published_terms.hpp"
#include "backend/service/registry.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct TermsVersion {
  TermsStamp stamp;
  std::vector<std::string> paragraphs;
};

/// The versions that the program ships, and those that the operator published into the registry. Thread-safe.
class Terms {
 public:
  /// Reads `directory`/customer/YYYY-MM-DD.txt and …/dealer/…; throws BadInput when a name is no day or none is there.
  Terms(const std::filesystem::path& directory, Registry& registry);

  std::vector<TermsVersion> versions(model::AccountKind kind) const;  ///< by time
  /// In effect at `now`. Before the first version takes effect that one is shown all the same: nobody registers
  /// without terms.
  TermsVersion current(model::AccountKind kind, Time now) const;
  /// Which version that is, at the time of the transaction.
  TermsStamp current_stamp(Transaction& tx, model::AccountKind kind) const;

  /// From `day` (YYYY-MM-DD, 00:00 JST) on. Throws BadInput when the file is no text, or the day is none that is to
  /// come: what people have agreed to stays as it was.
  void publish(model::AccountKind kind, const std::filesystem::path& file, const std::string& day);

 private:
  std::map<model::AccountKind, std::vector<TermsVersion>> shipped_;  // by time
  Registry& registry_;
};

/// The paragraphs of a text file: what stands between empty lines. Throws BadInput when it cannot be read.
std::vector<std::string> paragraphs_of(const std::filesystem::path& file);

}  // namespace v2x::service
