#include "backend/web/templates.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "common/bad_input.hpp"
#include "common/log.hpp"

namespace v2x::web {
namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Templates::Templates(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".html") continue;
    const std::string text = read(entry.path());
    const kainjow::mustache::mustache parsed(text);
    if (!parsed.is_valid()) throw BadInput(entry.path().string() + ": " + parsed.error_message());
    texts_[entry.path().stem().string()] = text;
  }
  if (!texts_.contains("layout")) throw BadInput(directory.string() + ": no layout.html, expected the page templates");
}

std::string Templates::render(const std::string& name, Data data) const {
  const auto found = texts_.find(name);
  if (found == texts_.end()) {
    log::error("there is no page template '{}'", name);
    std::abort();
  }
  for (const auto& [partial_name, text] : texts_)
    if (partial_name.starts_with('_'))
      data.set(partial_name, Data(kainjow::mustache::partial([&text = text] { return text; })));
  data.set("content", Data(kainjow::mustache::partial([&text = found->second] { return text; })));
  kainjow::mustache::mustache layout(texts_.at("layout"));
  return layout.render(data);
}

}  // namespace v2x::web
