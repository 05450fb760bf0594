#include "backend/web/monitoring/period_view.hpp"

#include <fmt/format.h>

#include "backend/web/monitoring/frame.hpp"
#include "common/jst.hpp"

namespace v2x::web {

using model::Period;
using model::Span;

namespace {

struct Tab {
  Span span;
  const char* text;
};
constexpr Tab kTabs[] = {{Span::day, "日"}, {Span::month, "月"}, {Span::year, "年"}};

}  // namespace

std::optional<Period> asked_period(const Exchange& exchange) {
  const std::string word = exchange.query("span"), date = exchange.query("date");
  const auto span = word.empty() ? std::optional(Span::day) : model::span_of(word);
  if (!span) return std::nullopt;
  return date.empty() ? Period::of(*span, exchange.now()) : Period::parse(*span, date);
}

void set_period(Data& data, Exchange& exchange, std::string_view path, const service::OwnedGateway& gateway,
                const Period& period) {
  const auto link = [&](const Period& to) {
    return fmt::format("{}&span={}&date={}", of_gateway(path, gateway), to_string(to.span), to.date());
  };
  const Period now = Period::of(period.span, exchange.now());
  DataList tabs;
  for (const Tab& tab : kTabs) {
    // From a past period to its first part; from the current one to today's.
    const Time within = period.contains(exchange.now()) ? exchange.now() : period.start;
    Data item;
    item.set("text", tab.text);
    item.set("link", link(Period::of(tab.span, within)));
    item.set("current", Data(tab.span == period.span));
    tabs.push_back(item);
  }
  data.set("tabs", Data(tabs));
  data.set("period_title", period.title());
  data.set("earlier", link(period.before()));
  if (period.end <= now.start) data.set("later", link(period.after()));
  data.set("today", link(now));
  data.set("slot_head", slot_head(period.span));
}

std::string slot_text(Span span, Time start) {
  if (span == Span::day) return format_jst(start, "%H:%M");
  return format_jst(start, span == Span::month ? "%-d日" : "%-m月");
}

const char* slot_head(Span span) {
  if (span == Span::day) return "時刻";
  return span == Span::month ? "日" : "月";
}

}  // namespace v2x::web
