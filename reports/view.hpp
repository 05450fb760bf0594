// Building blocks of the template's data: every value is text, an absent one is false so that no outer one shines
// through.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

#include "reports/record.hpp"
#include "reports/timeline.hpp"

namespace v2x::reports {

using View = kainjow::mustache::data;

/// Sets `key` to the text, or to false when it is empty.
void set_text(View& view, const std::string& key, const std::string& text);
/// Sets outcome, outcome_ja, outcome_en and symbol.
void set_outcome(View& view, Outcome outcome);

template <class Items, class MakeView>
View list_view(const Items& items, const MakeView& make_view) {
  View list{View::type::list};
  for (const auto& item : items) list << make_view(item);
  return list;
}

/// False when nothing happened that could be drawn.
View timeline_view(const Scenario& scenario);
View scenario_view(const Scenario& scenario);

}  // namespace v2x::reports
