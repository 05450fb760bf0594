#include "harness/actors/html_page.hpp"

#include <fmt/format.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include <algorithm>

#include "common/nearest.hpp"

namespace v2x::actors {

struct HtmlPage::Document {
  htmlDocPtr tree = nullptr;
  ~Document() { xmlFreeDoc(tree); }
};

namespace {

using Nodes = std::vector<xmlNodePtr>;

const xmlChar* raw(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

std::string take(xmlChar* text) {
  if (!text) return {};
  std::string out(reinterpret_cast<const char*>(text));
  xmlFree(text);
  return out;
}

std::string collapsed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string xpath_of(const std::string& element) {
  return element.rfind('#', 0) == 0 ? fmt::format("//*[@id='{}']", element.substr(1)) : element;
}

Nodes select(htmlDocPtr tree, xmlNodePtr below, const std::string& xpath) {
  Nodes nodes;
  if (!tree) return nodes;
  xmlXPathContextPtr context = xmlXPathNewContext(tree);
  if (below) context->node = below;
  if (xmlXPathObjectPtr found = xmlXPathEvalExpression(raw(xpath.c_str()), context)) {
    for (int i = 0; found->nodesetval && i < found->nodesetval->nodeNr; ++i)
      nodes.push_back(found->nodesetval->nodeTab[i]);
    xmlXPathFreeObject(found);
  }
  xmlXPathFreeContext(context);
  return nodes;
}

std::string attribute_of(xmlNodePtr node, const char* name) {
  return take(xmlGetProp(node, raw(name)));
}
bool has_attribute(xmlNodePtr node, const char* name) {
  return xmlHasProp(node, raw(name)) != nullptr;
}
std::string tag(xmlNodePtr node) {
  return reinterpret_cast<const char*>(node->name);
}
std::string text_of(xmlNodePtr node) {
  return take(xmlNodeGetContent(node));
}

xmlNodePtr form_of(htmlDocPtr tree, xmlNodePtr button) {
  if (has_attribute(button, "form")) {
    const Nodes forms = select(tree, nullptr, xpath_of("#" + attribute_of(button, "form")));
    return forms.empty() ? nullptr : forms.front();
  }
  xmlNodePtr node = button->parent;
  while (node && !(node->type == XML_ELEMENT_NODE && tag(node) == "form")) node = node->parent;
  return node;
}

/// The controls that belong to a form: those below it and those that name it from elsewhere.
Nodes controls_of(htmlDocPtr tree, xmlNodePtr form) {
  Nodes controls = select(tree, form, ".//input|.//select|.//textarea");
  if (const std::string id = attribute_of(form, "id"); !id.empty()) {
    const Nodes more =
        select(tree, nullptr, fmt::format("//input[@form='{0}']|//select[@form='{0}']|//textarea[@form='{0}']", id));
    controls.insert(controls.end(), more.begin(), more.end());
  }
  return controls;
}

std::string selected_option(htmlDocPtr tree, xmlNodePtr select_node) {
  const Nodes options = select(tree, select_node, ".//option");
  for (xmlNodePtr option : options)
    if (has_attribute(option, "selected")) return attribute_of(option, "value");
  return options.empty() ? "" : attribute_of(options.front(), "value");
}

bool has_option(htmlDocPtr tree, xmlNodePtr select_node, const std::string& value) {
  const Nodes options = select(tree, select_node, ".//option");
  return std::any_of(options.begin(), options.end(),
                     [&](xmlNodePtr option) { return attribute_of(option, "value") == value; });
}

/// A control's value when it is sent; nullopt when a browser would leave it out.
Result<std::optional<std::string>> value_of(htmlDocPtr tree, xmlNodePtr control, const std::string* filled) {
  using Value = std::optional<std::string>;
  const std::string kind = tag(control) == "input" ? attribute_of(control, "type") : tag(control);
  if (kind == "checkbox" || kind == "radio") {
    const std::string value = has_attribute(control, "value") ? attribute_of(control, "value") : "on";
    bool on = has_attribute(control, "checked");
    if (filled) on = kind == "checkbox" ? *filled == "yes" : *filled == value;
    return on ? Value(value) : Value();
  }
  if (kind == "submit" || kind == "image" || kind == "button" || kind == "reset") return Value();
  if (kind == "select") {
    if (filled && !has_option(tree, control, *filled))
      return fail("page", fmt::format("the list '{}' has no entry '{}'", attribute_of(control, "name"), *filled));
    return Value(filled ? *filled : selected_option(tree, control));
  }
  if (filled) return Value(*filled);
  return Value(kind == "textarea" ? text_of(control) : attribute_of(control, "value"));
}

Result<Fields> fields_of(htmlDocPtr tree, xmlNodePtr form, const Fields& fill) {
  Fields fields;
  std::vector<std::string> names;
  for (xmlNodePtr control : controls_of(tree, form)) {
    const std::string name = attribute_of(control, "name");
    if (name.empty() || has_attribute(control, "disabled")) continue;
    const auto filled = std::find_if(fill.begin(), fill.end(), [&](const auto& entry) { return entry.first == name; });
    const auto value = value_of(tree, control, filled == fill.end() ? nullptr : &filled->second);
    if (!value) return fail(value.error());
    if (*value) fields.emplace_back(name, **value);
    names.push_back(name);
  }
  for (const auto& [name, value] : fill)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return fail("page", unknown_word(name, "field of the form", names));
  return fields;
}

}  // namespace

HtmlPage::HtmlPage(const std::string& html) {
  auto document = std::make_shared<Document>();
  document->tree = htmlReadMemory(html.data(), static_cast<int>(html.size()), "page", "UTF-8",
                                  HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
  document_ = std::move(document);
}

std::string HtmlPage::id() const {
  return attribute("//body", "data-page").value_or("");
}
std::string HtmlPage::title() const {
  return text("//title").value_or("");
}
std::string HtmlPage::text() const {
  return text("//body").value_or("");
}

std::optional<std::string> HtmlPage::text(const std::string& element) const {
  const Nodes nodes = select(document_->tree, nullptr, xpath_of(element));
  if (nodes.empty()) return std::nullopt;
  return collapsed(text_of(nodes.front()));
}

std::optional<std::string> HtmlPage::attribute(const std::string& element, const std::string& name) const {
  const Nodes nodes = select(document_->tree, nullptr, xpath_of(element));
  if (nodes.empty() || !has_attribute(nodes.front(), name.c_str())) return std::nullopt;
  return attribute_of(nodes.front(), name.c_str());
}

size_t HtmlPage::count(const std::string& element) const {
  return select(document_->tree, nullptr, xpath_of(element)).size();
}

Result<Action> HtmlPage::press(const std::string& element, const Fields& fill) const {
  const Nodes nodes = select(document_->tree, nullptr, xpath_of(element));
  if (nodes.empty()) return fail("page", fmt::format("page {} has no '{}' to press", id(), element));
  xmlNodePtr node = nodes.front();
  if (tag(node) == "a") return Action{"GET", attribute_of(node, "href"), {}};
  xmlNodePtr form = form_of(document_->tree, node);
  if (!form) return fail("page", fmt::format("'{}' on page {} belongs to no form", element, id()));
  auto fields = fields_of(document_->tree, form, fill);
  if (!fields) return fail(fields.error());
  if (const std::string name = attribute_of(node, "name"); !name.empty())
    fields->emplace_back(name, attribute_of(node, "value"));
  const std::string method = attribute_of(form, "method");
  const bool post = method == "post" || method == "POST";
  const std::string target =
      has_attribute(node, "formaction") ? attribute_of(node, "formaction") : attribute_of(form, "action");
  return Action{post ? "POST" : "GET", target, std::move(*fields)};
}

}  // namespace v2x::actors
