// The HTML templates: mustache files, read once at start, escaped always.
#pragma once

#include <filesystem>
#include <kainjow/mustache.hpp>
#include <map>
#include <string>

namespace v2x::web {

using Data = kainjow::mustache::data;
using DataList = kainjow::mustache::list;

/// Immutable after its making; thread-safe.
class Templates {
 public:
  /// Reads every *.html of `directory`. Throws BadInput when one is no mustache template.
  explicit Templates(const std::filesystem::path& directory);

  /// The page `name` inside of the layout. Templates whose names begin with _ are parts: {{> _part}}.
  std::string render(const std::string& name, Data data) const;

 private:
  std::map<std::string, std::string> texts_;
};

}  // namespace v2x::web
