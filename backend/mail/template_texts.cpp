#include "backend/mail/template_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <kainjow/mustache.hpp>

#include "common/bad_input.hpp"
#include "common/log.hpp"

namespace v2x::mail {
namespace {

using kainjow::mustache::data;
using service::MailFields;

constexpr std::string_view kSubject = "Subject: ";

std::string without_controls(const std::string& text) {
  std::string clean;
  std::copy_if(text.begin(), text.end(), std::back_inserter(clean),
               [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  return clean;
}

data object(const MailFields& fields) {
  data result;
  for (const auto& [name, value] : fields) result.set(name, without_controls(value));
  return result;
}

/// The names in {{…}} that stand outside of all sections.
std::vector<std::string> variables_of(const std::string& body) {
  std::vector<std::string> names;
  int depth = 0;
  for (size_t at = body.find("{{"); at != std::string::npos; at = body.find("{{", at + 2)) {
    const std::string tag = body.substr(at + 2, body.find("}}", at) - at - 2);
    if (tag.starts_with('#') || tag.starts_with('^')) ++depth;
    if (tag.starts_with('/')) --depth;
    if (depth == 0 && !tag.starts_with('/')) names.push_back(tag);
  }
  return names;
}

[[noreturn]] void broken(const std::string& sentence) {
  log::error("{}", sentence);
  std::abort();
}

}  // namespace

TemplateTexts::TemplateTexts(const std::filesystem::path& directory, const service::PublicBases& bases)
    : bases_(bases) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path());
    std::string subject, empty;
    std::getline(file, subject);
    std::getline(file, empty);
    if (!subject.starts_with(kSubject) || !empty.empty())
      throw BadInput(
          fmt::format("{}:1:1: {}, expected \"Subject: …\" and an empty line", entry.path().string(), subject));
    const std::string body{std::istreambuf_iterator<char>(file), {}};
    templates_[entry.path().stem()] = {subject.substr(kSubject.size()), body, variables_of(body)};
  }
}

service::MailText TemplateTexts::render(const service::OutboxMail& mail) const {
  const auto found = templates_.find(mail.kind);
  if (found == templates_.end()) broken(fmt::format("no template for mail {}", mail.kind));
  MailFields fields = mail.fields;
  fields.insert({{"multi", bases_.multi}, {"regist", bases_.regist}, {"entry", bases_.entry}, {"ctrl", bases_.ctrl}});
  for (const auto& name : found->second.needed)
    if (!fields.contains(name)) broken(fmt::format("mail {} lacks the field '{}'", mail.kind, name));

  data values = object(fields);
  data targets{data::type::list};
  for (const auto& target : mail.targets) targets.push_back(object(target));
  values.set("targets", targets);
  kainjow::mustache::mustache body(found->second.body);
  body.set_custom_escape([](const std::string& text) { return text; });  // plain text, not HTML
  return {found->second.subject, body.render(values)};
}

std::vector<std::string> TemplateTexts::kinds() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, text] : templates_) kinds.push_back(kind);
  return kinds;
}

}  // namespace v2x::mail
