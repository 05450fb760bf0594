#include "backend/service/fields.hpp"

#include <algorithm>

#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

bool is_missing(const Field& field, const Form& form) {
  return std::all_of(field.names.begin(), field.names.end(), [&](auto name) { return entered(form, name).empty(); });
}

std::string missing_text(const Field& field) {
  if (!field.missing.empty()) return std::string(field.missing);
  return std::string(field.label) +
         (field.kind == InputKind::prefecture ? "を選択してください。" : "を入力してください。");
}

}  // namespace

Form taken(std::span<const FieldGroup> groups, const Form& posted) {
  Form form;
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields)
      for (const auto name : field.names) {
        const std::string value = entered(posted, name);
        // A chosen password is judged as it was typed; all else may carry spaces at its ends by accident.
        const bool chosen_password = field.kind == InputKind::password && name != "gatewayPassword";
        form[std::string(name)] = chosen_password ? value : trimmed(value);
      }
  if (const auto id = form.find("gatewayId"); id != form.end()) id->second = upper_ascii(id->second);
  return form;
}

FieldErrors errors_in(std::span<const FieldGroup> groups, const Form& form) {
  FieldErrors errors;
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields) {
      const bool missing = is_missing(field, form);
      if (missing && field.required)
        errors.push_back({std::string(field.names[0]), missing_text(field)});
      else if (!missing && !field.accepts(field, form))
        errors.push_back({std::string(field.names[0]), std::string(field.error)});
    }
  return errors;
}

bool has_error(const FieldErrors& errors, std::string_view name) {
  return std::any_of(errors.begin(), errors.end(), [&](const FieldError& error) { return error.name == name; });
}

Form without_passwords(std::span<const FieldGroup> groups, Form form) {
  for (const FieldGroup& group : groups)
    for (const Field& field : group.fields)
      if (field.kind == InputKind::password)
        for (const auto name : field.names) form.erase(std::string(name));
  return form;
}

model::Person person_in(const Form& form) {
  model::Person person;
  person.sei = entered(form, "sei");
  person.mei = entered(form, "mei");
  person.sei_kana = entered(form, "seiKana");
  person.mei_kana = entered(form, "meiKana");
  person.mail = entered(form, "mail");
  person.address = {entered(form, "zip1") + "-" + entered(form, "zip2"), entered(form, "pref"), entered(form, "city"),
                    entered(form, "addr")};
  person.tel = telephone_in(form);
  person.corp_name = entered(form, "corpName");
  person.dept_name = entered(form, "deptName");
  return person;
}

model::Site site_in(const Form& form) {
  return {entered(form, "siteName"),
          {entered(form, "siteZip1") + "-" + entered(form, "siteZip2"), entered(form, "sitePref"),
           entered(form, "siteCity"), entered(form, "siteAddr")}};
}

namespace {

void put_parts(Form& form, std::string_view joined, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const size_t end = std::min(joined.find('-'), joined.size());
    form[name] = joined.substr(0, end);
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
}

}  // namespace

Form form_of(const model::Person& person) {
  Form form = {{"sei", person.sei},           {"mei", person.mei},
               {"seiKana", person.sei_kana},  {"meiKana", person.mei_kana},
               {"mail", person.mail},         {"mailConfirm", person.mail},
               {"pref", person.address.pref}, {"city", person.address.city},
               {"addr", person.address.addr}, {"corpName", person.corp_name},
               {"deptName", person.dept_name}};
  put_parts(form, person.address.zip, {"zip1", "zip2"});
  put_parts(form, person.tel, {"tel1", "tel2", "tel3"});
  return form;
}

Form form_of(const model::Site& site) {
  Form form = {{"siteName", site.name},
               {"sitePref", site.address.pref},
               {"siteCity", site.address.city},
               {"siteAddr", site.address.addr}};
  put_parts(form, site.address.zip, {"siteZip1", "siteZip2"});
  return form;
}

std::string telephone_in(const Form& form, std::string_view prefix) {
  const std::string name(prefix);
  return entered(form, name + "1") + "-" + entered(form, name + "2") + "-" + entered(form, name + "3");
}

}  // namespace v2x::service
