// YAML with a place for every error: all files of the project are read through this.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/bad_input.hpp"
#include "common/clock.hpp"

namespace YAML {
class Node;
}

namespace v2x::yaml {

/// One node of a document; cheap to copy. A wrong shape or value throws BadInput with "file:line:column: …".
class Node {
 public:
  Node(std::shared_ptr<const YAML::Node> node, std::shared_ptr<const std::string> file);

  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;
  bool is_null() const;  ///< an empty value

  /// Throws unless this is a map whose keys all are in `allowed`: names the nearest word.
  void allow_only(const std::vector<std::string>& allowed) const;
  bool has(const std::string& key) const;
  Node at(const std::string& key) const;                      ///< throws when the key is missing
  Node key(const std::string& key) const;                     ///< the key's own node, for its place
  std::vector<std::pair<std::string, Node>> entries() const;  ///< of a map, in file order
  std::vector<Node> items() const;                            ///< of a list
  size_t size() const;

  std::string text() const;  ///< the scalar as written
  double number() const;     ///< a bare number
  std::int64_t integer() const;
  bool boolean() const;  ///< true, false, yes, no
  Duration duration() const;
  /// A number with this base unit ("116 V" with "V"); a bare number is refused unless `unit` is empty.
  double measure(const std::string& unit) const;
  /// One of `words`; names the nearest word otherwise.
  std::string word(const std::vector<std::string>& words, const std::string& is_no = "valid value") const;

  /// "scenarios/a.yaml:3:5".
  std::string where() const;
  std::string file() const { return *file_; }
  int line() const;    ///< from 1
  int column() const;  ///< from 1
  [[noreturn]] void refuse(const std::string& message) const;

 private:
  std::shared_ptr<const YAML::Node> node_;
  std::shared_ptr<const std::string> file_;
};

/// The file's document. `shown_as` replaces the path in error messages. Duplicate keys are refused.
Node load_file(const std::filesystem::path& path, const std::string& shown_as = {});
Node load_text(const std::string& text, const std::string& shown_as);

}  // namespace v2x::yaml
