#include "backend/web/view.hpp"

#include <fmt/format.h>

#include "backend/model/prefectures.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::Field;
using service::FieldErrors;
using service::FieldGroup;
using service::Form;
using service::InputKind;

constexpr std::string_view kHidden = "********";  // R03

Data list(DataList items) {
  return Data(std::move(items));
}

std::vector<service::Choice> prefectures() {
  std::vector<service::Choice> choices;
  for (size_t i = 0; i < model::kPrefectures.size(); ++i)
    choices.push_back({fmt::format("{:02}", i + 1), std::string(model::kPrefectures[i])});
  return choices;
}

/// A value that is none of the choices (a device may have it) is shown, too, so that nobody changes it unseen.
Data options_view(std::vector<service::Choice> choices, const std::string& chosen) {
  const auto is_chosen = [&](const service::Choice& choice) { return choice.value == chosen; };
  if (!chosen.empty() && std::none_of(choices.begin(), choices.end(), is_chosen)) choices.push_back({chosen, chosen});
  DataList options;
  for (const service::Choice& choice : choices) {
    Data option;
    option.set("code", choice.value);
    option.set("name", choice.text);
    option.set("selected", Data(is_chosen(choice)));
    options.push_back(option);
  }
  return list(options);
}

/// What stands before an input or a value; empty: nothing.
std::string mark_of(const Field& field, size_t index) {
  if (!field.marks.empty()) return std::string(field.marks[index]);
  if (index > 0) return "-";
  return field.requirement == "REG-05" || field.names[0] == "siteZip1" ? "〒" : "";
}

const char* input_type(InputKind kind) {
  switch (kind) {
    case InputKind::mail:
      return "email";
    case InputKind::digits:
      return "tel";
    case InputKind::password:
      return "password";
    case InputKind::checkbox:
      return "checkbox";
    default:
      return "text";
  }
}

std::vector<service::Choice> choices_of(const Field& field, size_t index) {
  return field.kind == InputKind::prefecture ? prefectures() : field.choices[index];
}

Data input_view(const Field& field, size_t index, const Form& form, const FieldErrors& errors) {
  const std::string name(field.names[index]), value = service::entered(form, name);
  Data input;
  input.set("name", name);
  input.set("label", std::string(field.label) + (field.names.size() > 1 ? fmt::format(" {}", index + 1) : ""));
  input.set("hint", std::string(field.hints[index]));
  input.set("type", input_type(field.kind));
  input.set("value", field.kind == InputKind::password ? "" : value);
  input.set("required", Data(field.required));
  input.set("autocomplete", std::string(field.autocomplete));
  input.set("wrong", Data(service::has_error(errors, field.names[0])));
  input.set("error_of", std::string(field.names[0]));
  if (const std::string mark = mark_of(field, index); !mark.empty()) input.set("mark", mark);
  const bool is_part = field.names.size() > 1;
  input.set("short", Data(is_part && (field.kind == InputKind::digits || field.kind == InputKind::choice)));
  input.set("digits", Data(field.kind == InputKind::digits));
  input.set("is_checkbox", Data(field.kind == InputKind::checkbox));
  input.set("checked", Data(!value.empty()));
  const bool select = field.kind == InputKind::prefecture || field.kind == InputKind::choice;
  input.set("is_select", Data(select));
  input.set("is_input", Data(!select && field.kind != InputKind::checkbox));
  input.set("unchosen", Data(field.kind == InputKind::prefecture || value.empty()));
  if (select) input.set("options", options_view(choices_of(field, index), value));
  return input;
}

DataList notes_view(std::string_view note) {
  DataList notes;
  while (!note.empty()) {
    const size_t end = std::min(note.find('\n'), note.size());
    Data item;
    item.set("text", std::string(note.substr(0, end)));
    notes.push_back(item);
    note.remove_prefix(std::min(end + 1, note.size()));
  }
  return notes;
}

/// Neighbouring fields with one row label make one row.
std::vector<std::vector<const Field*>> rows_of(const FieldGroup& group) {
  std::vector<std::vector<const Field*>> rows;
  for (const Field& field : group.fields) {
    if (rows.empty() || rows.back().front()->row != field.row) rows.emplace_back();
    rows.back().push_back(&field);
  }
  return rows;
}

Data row_view(const std::vector<const Field*>& fields, const Form& form, const FieldErrors& errors) {
  DataList inputs, row_errors, notes;
  for (const Field* field : fields) {
    for (size_t i = 0; i < field->names.size(); ++i) inputs.push_back(input_view(*field, i, form, errors));
    for (const auto& note : notes_view(field->note)) notes.push_back(note);
    for (const auto& error : errors)
      if (error.name == field->names[0]) {
        Data item;
        item.set("name", error.name);
        item.set("text", error.text);
        row_errors.push_back(item);
      }
  }
  Data row;
  row.set("row_label", std::string(fields.front()->row));
  row.set("for", std::string(fields.front()->names[0]));
  // A choice has a value from the start: nobody can leave it out.
  row.set("required", Data(fields.front()->required && fields.front()->kind != InputKind::choice));
  row.set("inputs", list(inputs));
  row.set("notes", list(notes));
  row.set("row_errors", list(row_errors));
  return row;
}

std::string shown_value(const Field& field, size_t index, const std::string& value) {
  switch (field.kind) {
    case InputKind::password:
      return std::string(kHidden);
    case InputKind::prefecture:
    case InputKind::choice:
      for (const auto& choice : choices_of(field, index))
        if (choice.value == value) return choice.text;
      return value;
    case InputKind::checkbox:
      return value.empty() ? "" : std::string(field.hints[index]);
    default:
      return value;
  }
}

}  // namespace

Data paragraphs_view(const std::vector<std::string>& paragraphs) {
  DataList items;
  for (const auto& text : paragraphs) {
    Data item;
    item.set("text", text);
    items.push_back(item);
  }
  return list(items);
}

Data fields_view(std::span<const FieldGroup> groups, const Form& form, const FieldErrors& errors) {
  DataList views;
  for (const FieldGroup& group : groups) {
    DataList rows;
    for (const auto& fields : rows_of(group)) rows.push_back(row_view(fields, form, errors));
    Data view;
    view.set("group_title", std::string(group.title));
    view.set("rows", list(rows));
    view.set("sample", Data(group.fields.front().names[0] == "gatewayId"));
    view.set("copy", Data(group.fields.front().names[0] == "siteZip1"));
    views.push_back(view);
  }
  return list(views);
}

Data errors_view(const FieldErrors& errors) {
  DataList items;
  for (const auto& error : errors) {
    Data item;
    item.set("name", error.name);
    item.set("text", error.text);
    items.push_back(item);
  }
  Data view;
  view.set("items", list(items));
  return errors.empty() ? Data(false) : view;
}

Data values_view(std::span<const FieldGroup> groups, const Form& form) {
  DataList views;
  for (const FieldGroup& group : groups) {
    DataList rows;
    for (const auto& fields : rows_of(group)) {
      if (fields.front()->names[0] == "mailConfirm") continue;
      DataList values;
      for (const Field* field : fields)
        for (size_t i = 0; i < field->names.size(); ++i) {
          Data value;
          value.set("name", std::string(field->names[i]));
          value.set("value", shown_value(*field, i, service::entered(form, field->names[i])));
          const std::string mark = mark_of(*field, i);
          if (!mark.empty()) value.set("mark", mark);
          value.set("apart", Data(mark.empty() && !values.empty()));
          values.push_back(value);
        }
      Data row;
      row.set("row_label", std::string(fields.front()->row));
      row.set("values", list(values));
      rows.push_back(row);
    }
    Data view;
    view.set("group_title", std::string(group.title));
    view.set("rows", list(rows));
    views.push_back(view);
  }
  return list(views);
}

Data texts_view(std::initializer_list<std::string_view> texts) {
  DataList items;
  for (const auto text : texts) {
    Data item;
    item.set("text", std::string(text));
    items.push_back(item);
  }
  return list(items);
}

Data own_address_view(const model::Account& account) {
  const Form form = service::form_of(account.person);
  Data view;
  for (const char* name : {"zip1", "zip2", "pref", "city", "addr"}) view.set(name, service::entered(form, name));
  return view;
}

Data consequences_view(const char* heading, std::initializer_list<const char*> texts) {
  DataList items;
  for (const char* text : texts) {
    Data item;
    item.set("text", text);
    items.push_back(item);
  }
  Data view;
  view.set("heading", heading);
  view.set("items", list(items));
  return view;
}

Data menu_entry(const char* id, const char* text, const char* path) {
  Data entry;
  entry.set("id", id);
  entry.set("text", text);
  entry.set("path", path);
  return entry;
}

Data steps_view(int current) {
  DataList steps;
  for (const auto name : {"入力", "確認", "完了"}) {
    Data step;
    step.set("step", name);
    step.set("current", Data(static_cast<int>(steps.size()) == current));
    steps.push_back(step);
  }
  return list(steps);
}

std::string first_contact_text(const service::GatewayDevice& device) {
  return device.first_seen ? format_jst(*device.first_seen, "%Y/%m/%d %H:%M") : "未接続";
}

std::string address_text(const model::PostalAddress& address) {
  return std::string(model::prefecture_name(address.pref)) + address.city + address.addr;
}

Data gateway_view(const service::GatewayDevice& device) {
  Data view;
  view.set("gateway_id", device.gateway_id);
  view.set("model", device.report.model);
  view.set("serial", device.report.serial);
  view.set("first_contact", first_contact_text(device));
  return view;
}

Data site_view(const model::Site& site) {
  Data view;
  view.set("site_label", site.name);
  view.set("zip", site.address.zip);
  view.set("address", address_text(site.address));
  return view;
}

Data units_view(const service::GatewayDevice& device) {
  DataList units;
  for (const auto& unit : device.report.units) {
    Data item;
    item.set("unit_no", std::to_string(unit.unit_no));
    item.set("model", unit.model.empty() ? "確認中" : unit.model);  // listed, and not yet asked
    item.set("serial", unit.serial);
    units.push_back(item);
  }
  Data view;
  view.set("units", list(units));
  return view;
}

Data dealer_view(const model::Account& dealer, const char* heading) {
  Data view;
  view.set("heading", heading);
  view.set("dealer_name", dealer.dealer_name);
  view.set("dealer_id", dealer.login_id);
  view.set("tel", dealer.person.tel);
  return view;
}

Data dealers_view(const std::vector<model::Account>& dealers) {
  DataList items;
  for (const auto& dealer : dealers) items.push_back(dealer_view(dealer, ""));
  Data view;
  view.set("dealers", list(items));
  view.set("count", std::to_string(dealers.size()));
  return view;
}

}  // namespace v2x::web
