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

Data prefectures_view(const std::string& chosen) {
  DataList options;
  for (size_t i = 0; i < model::kPrefectures.size(); ++i) {
    const std::string code = fmt::format("{:02}", i + 1);
    Data option;
    option.set("code", code);
    option.set("name", std::string(model::kPrefectures[i]));
    option.set("selected", Data(code == chosen));
    options.push_back(option);
  }
  return list(options);
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

bool is_postal(std::string_view name) {
  return name == "zip1" || name == "siteZip1";
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
  input.set("dash", Data(index > 0));
  input.set("postal", Data(is_postal(name)));
  input.set("short", Data(field.kind == InputKind::digits && field.names.size() > 1));
  input.set("digits", Data(field.kind == InputKind::digits));
  input.set("is_checkbox", Data(field.kind == InputKind::checkbox));
  input.set("checked", Data(!value.empty()));
  input.set("is_select", Data(field.kind == InputKind::prefecture));
  input.set("is_input", Data(field.kind != InputKind::prefecture && field.kind != InputKind::checkbox));
  if (field.kind == InputKind::prefecture) input.set("options", prefectures_view(value));
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
  row.set("required", Data(fields.front()->required));
  row.set("inputs", list(inputs));
  row.set("notes", list(notes));
  row.set("row_errors", list(row_errors));
  return row;
}

std::string shown_value(const Field& field, const std::string& value) {
  switch (field.kind) {
    case InputKind::password:
      return std::string(kHidden);
    case InputKind::prefecture:
      return std::string(model::prefecture_name(value));
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
          value.set("value", shown_value(*field, service::entered(form, field->names[i])));
          value.set("dash", Data(i > 0));
          value.set("postal", Data(is_postal(field->names[i])));
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
    item.set("model", unit.model);
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
