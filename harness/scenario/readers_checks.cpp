#include "common/units.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

// service.md §5.3
const std::vector<std::string> kMailKinds{"M-01", "M-01d", "M-02", "M-03", "M-04", "M-05", "M-06",
                                          "M-07", "M-08",  "M-09", "M-10", "M-20", "M-21", "M-22",
                                          "M-23", "M-24",  "M-30", "M-31", "M-32", "M-33"};

std::optional<Duration> optional_duration(const Node& node, const std::string& key) {
  if (!node.has(key)) return std::nullopt;
  return node.at(key).duration();
}

std::vector<std::string> text_or_list(const Node& node) {
  if (!node.is_list()) return {node.text()};
  std::vector<std::string> out;
  for (const Node& item : node.items()) out.push_back(item.text());
  return out;
}

}  // namespace

Act expect(const Node& node, const Scope& scope) {
  std::optional<Condition> condition;
  for (const auto& [key, value] : node.entries()) {
    if (key == "within" || key == "for") continue;
    if (condition) node.key(key).refuse("a second quantity, expected one per 'expect'");
    condition = scope.paths.condition(key, node.key(key), value);
  }
  if (!condition) node.refuse("nothing is expected, expected like: expect: {home.pcs1.state: running, within: 6 min}");
  return Expect{*condition, optional_duration(node, "within"), optional_duration(node, "for")};
}

Act mail(const Node& node, const Scope& scope) {
  Mail step;
  step.to = scope.address(node.at("to"));
  if (node.has("kind")) step.kind = node.at("kind").word(kMailKinds, "kind of mail");
  if (node.has("subject")) step.subject = node.at("subject").text();
  if (node.has("contains")) step.contains = text_or_list(node.at("contains"));
  step.within = optional_duration(node, "within");
  if (node.has("exactly")) {
    step.exactly = static_cast<int>(node.at("exactly").integer());
    if (*step.exactly < 1) node.at("exactly").refuse("expected 1 or more; for no mail at all say: none: yes");
  }
  if (node.has("none")) step.none = node.at("none").boolean();
  if (step.none && step.exactly)
    node.at("none").refuse("'none' and 'exactly' contradict each other, expected one of them");
  return step;
}

Act measure(const Node& node, const Scope& scope) {
  Measure step;
  step.name = node.at("name").text();
  step.path = node.at("quantity").text();
  const contracts::Quantity& quantity = scope.paths.resolve(step.path, node.at("quantity"));
  if (quantity.text || !quantity.words.empty()) node.at("quantity").refuse("'" + step.path + "' is no number");
  step.unit = quantity.unit;
  if (node.has("above")) step.low = node.at("above").measure(quantity.unit);
  if (node.has("below")) step.high = node.at("below").measure(quantity.unit);
  if (!step.low && !step.high) node.refuse("no limits, expected 'above', 'below' or both");
  step.why = node.at("why").text();
  return step;
}

Act truth(const Node& node, const Scope& scope) {
  Truth step;
  step.person = scope.person(node.is_map() ? node.at("as") : node);
  step.site = scope.site_or_only(node, "site");
  step.page = find_page("monitoring home");
  if (!node.is_map()) return step;
  if (node.has("open")) step.page = find_page(node.at("open").word(page_names(), "page"));
  if (step.page->totals.empty()) node.at("open").refuse("page '" + step.page->name + "' shows no totals");
  if (node.has("days_ago")) step.days_ago = static_cast<int>(node.at("days_ago").integer());
  const bool whole_days = !step.page->of_day.empty();
  if (whole_days && step.days_ago < 1)
    node.refuse("page '" + step.page->name + "' shows whole days, expected days_ago");
  if (!whole_days && node.has("days_ago"))
    node.at("days_ago").refuse("page '" + step.page->name + "' shows today only");
  if (node.has("since")) step.since = time_of_day(node.at("since"));
  if (node.has("within")) step.tolerance_wh = node.at("within").measure("Wh");
  return step;
}

Act ledger(const Node& node, const Scope& scope) {
  return Ledger{scope.site(node.is_map() ? node.at("site") : node)};
}

}  // namespace v2x::scenario::readers
