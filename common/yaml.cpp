#include "common/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "common/nearest.hpp"
#include "common/units.hpp"

namespace v2x::yaml {
namespace {

std::string place(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}:{}", file, mark.line + 1, mark.column + 1);
}

std::string shape(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  if (node.IsNull() || !node.IsDefined()) return "nothing";
  return fmt::format("'{}'", node.Scalar());
}

/// yaml-cpp keeps duplicate keys silently; the second would be lost without a word.
void refuse_duplicates(const YAML::Node& node, const std::string& file) {
  if (node.IsSequence())
    for (const auto& item : node) refuse_duplicates(item, file);
  if (!node.IsMap()) return;
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar())
      throw BadInput(fmt::format("{}: a key must be a word", place(file, entry.first.Mark())));
    if (!seen.insert(entry.first.Scalar()).second)
      throw BadInput(fmt::format("{}: key '{}' is here twice", place(file, entry.first.Mark()), entry.first.Scalar()));
    refuse_duplicates(entry.second, file);
  }
}

}  // namespace

Node::Node(std::shared_ptr<const YAML::Node> node, std::shared_ptr<const std::string> file)
    : node_(std::move(node)), file_(std::move(file)) {}

bool Node::is_map() const {
  return node_->IsMap();
}
bool Node::is_list() const {
  return node_->IsSequence();
}
bool Node::is_scalar() const {
  return node_->IsScalar();
}
bool Node::is_null() const {
  return node_->IsNull();
}

std::string Node::where() const {
  return place(*file_, node_->Mark());
}
int Node::line() const {
  return node_->Mark().line + 1;
}
int Node::column() const {
  return node_->Mark().column + 1;
}
void Node::refuse(const std::string& message) const {
  throw BadInput(where() + ": " + message);
}

void Node::allow_only(const std::vector<std::string>& allowed) const {
  if (!is_map()) refuse(fmt::format("found {}, expected a map with keys {}", shape(*node_), fmt::join(allowed, ", ")));
  for (const auto& [name, value] : entries()) {
    bool known = false;
    for (const auto& word : allowed) known = known || word == name;
    if (!known)
      key(name).refuse(unknown_word(name, "key here", allowed) +
                       fmt::format("; expected one of {}", fmt::join(allowed, ", ")));
  }
}

bool Node::has(const std::string& key) const {
  return node_->IsMap() && (*node_)[key].IsDefined();
}

Node Node::at(const std::string& key) const {
  if (!is_map()) refuse(fmt::format("found {}, expected a map with the key '{}'", shape(*node_), key));
  const YAML::Node child = (*node_)[key];
  if (!child.IsDefined()) refuse(fmt::format("key '{}' is missing", key));
  return {std::make_shared<const YAML::Node>(child), file_};
}

Node Node::key(const std::string& key) const {
  for (const auto& entry : *node_)
    if (entry.first.Scalar() == key) return {std::make_shared<const YAML::Node>(entry.first), file_};
  return *this;
}

std::vector<std::pair<std::string, Node>> Node::entries() const {
  if (!is_map()) refuse(fmt::format("found {}, expected a map", shape(*node_)));
  std::vector<std::pair<std::string, Node>> out;
  for (const auto& entry : *node_)
    out.emplace_back(entry.first.Scalar(), Node(std::make_shared<const YAML::Node>(entry.second), file_));
  return out;
}

std::vector<Node> Node::items() const {
  if (!is_list()) refuse(fmt::format("found {}, expected a list", shape(*node_)));
  std::vector<Node> out;
  for (const auto& item : *node_) out.emplace_back(std::make_shared<const YAML::Node>(item), file_);
  return out;
}

size_t Node::size() const {
  return node_->size();
}

std::string Node::text() const {
  if (!is_scalar()) refuse(fmt::format("found {}, expected a word or text", shape(*node_)));
  return node_->Scalar();
}

double Node::number() const {
  return measure("");
}

std::int64_t Node::integer() const {
  const std::string raw = text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (error != std::errc() || end != raw.data() + raw.size())
    refuse(fmt::format("found '{}', expected a whole number", raw));
  return value;
}

bool Node::boolean() const {
  const std::string raw = text();
  if (raw == "true" || raw == "yes") return true;
  if (raw == "false" || raw == "no") return false;
  refuse(fmt::format("found '{}', expected true or false", raw));
}

Duration Node::duration() const {
  const auto value = parse_duration(text());
  if (!value) refuse(value.error().message);
  return *value;
}

double Node::measure(const std::string& unit) const {
  const auto value = parse_measure(text());
  if (!value) refuse(value.error().message);
  if (value->unit != unit)
    refuse(unit.empty() ? fmt::format("found '{}', expected a number without a unit", text())
                        : fmt::format("found '{}', expected a number with the unit {}", text(), unit));
  return value->value;
}

std::string Node::word(const std::vector<std::string>& words, const std::string& is_no) const {
  const std::string raw = text();
  for (const auto& candidate : words)
    if (candidate == raw) return raw;
  refuse(unknown_word(raw, is_no, words) + fmt::format("; expected one of {}", fmt::join(words, ", ")));
}

Node load_text(const std::string& text, const std::string& shown_as) {
  try {
    const YAML::Node document = YAML::Load(text);
    refuse_duplicates(document, shown_as);
    return {std::make_shared<const YAML::Node>(document), std::make_shared<const std::string>(shown_as)};
  } catch (const YAML::Exception& error) {
    throw BadInput(fmt::format("{}: not readable as YAML: {}", place(shown_as, error.mark), error.msg));
  }
}

Node load_file(const std::filesystem::path& path, const std::string& shown_as) {
  std::ifstream in(path);
  const std::string name = shown_as.empty() ? path.string() : shown_as;
  if (!in) throw BadInput(fmt::format("{}: cannot be opened, expected a readable YAML file", name));
  std::ostringstream text;
  text << in.rdbuf();
  return load_text(text.str(), name);
}

}  // namespace v2x::yaml
