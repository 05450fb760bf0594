#include "backend/web/monitoring/flow_view.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include "backend/model/figures.hpp"
#include "backend/web/monitoring/now_json.hpp"

namespace v2x::web {
namespace {

using Power = std::optional<std::int64_t>;

constexpr std::int64_t kFlowsFrom_w = 50;                 // as MON-04 has it for the car; below nothing seems to flow
constexpr std::int64_t kFast_w = 3000, kMedium_w = 1000;  // how fast a stream looks

struct Node {
  const char* id;
  const char* label;
  int x, y;
};
// In the units of the picture's viewBox, 480 by 340.
constexpr std::array kNodes = {Node{"pv", "太陽光", 240, 60}, Node{"ev", "EV", 64, 240}, Node{"load", "家", 240, 240},
                               Node{"grid", "電力会社", 416, 240}};

/// What joins a node to 家: drawn towards it; the heads are the arrow's at either end.
struct Link {
  const char* id;
  const char* path;
  const char* head_in;
  const char* head_out;
  int text_x, text_y;
  const char* anchor;
};
constexpr std::array kLinks = {
    Link{"pv", "M240 112V188", "M231 175l9 14 9-14z", "M231 125l9-14 9 14z", 254, 156, "start"},
    Link{"ev", "M116 240H188", "M175 231l14 9-14 9z", "M129 231l-14 9 14 9z", 152, 220, "middle"},
    Link{"grid", "M364 240H292", "M305 231l-14 9 14 9z", "M351 231l14 9-14 9z", 328, 220, "middle"},
};

const char* direction_of(const Power& into_house) {
  if (!into_house || std::abs(*into_house) < kFlowsFrom_w) return "none";
  return *into_house > 0 ? "in" : "out";
}

const char* speed_of(const Power& w) {
  const std::int64_t amount = std::abs(w.value_or(0));
  return amount >= kFast_w ? "fast" : amount >= kMedium_w ? "medium" : "slow";
}

Power magnitude(const Power& w) {
  return w ? Power(std::abs(*w)) : std::nullopt;
}

Data link_view(const Link& link, const Power& into_house) {
  Data view;
  view.set("id", link.id);
  view.set("pipe", link.path);
  view.set("stream", link.path);
  view.set("head_in", link.head_in);
  view.set("head_out", link.head_out);
  view.set("text_x", std::to_string(link.text_x));
  view.set("text_y", std::to_string(link.text_y));
  view.set("anchor", link.anchor);
  view.set("direction_word", direction_of(into_house));
  view.set("speed", speed_of(into_house));
  view.set("figure", model::in_kilo(magnitude(into_house)));
  return view;
}

Data node_view(const Node& node) {
  Data view;
  view.set("id", node.id);
  view.set("icon", std::string(node.id) == "grid" ? "buy" : node.id);
  view.set("node_label", node.label);
  view.set("x", std::to_string(node.x));
  view.set("y", std::to_string(node.y));
  view.set("icon_x", std::to_string(node.x - 20));
  view.set("icon_y", std::to_string(node.y - 34));
  view.set("label_y", std::to_string(node.y + 28));
  return view;
}

Data row_view(const char* id, const char* label, const std::string& direction, const Power& w) {
  Data row;
  row.set("id", id);
  row.set("row_label", label);
  row.set("direction", direction);
  row.set("figure", model::in_kilo(w));
  if (w) row.set("unit", " kW");
  return row;
}

}  // namespace

void set_flow(Data& data, const service::HomeNow& home) {
  const auto& now = home.now_w;
  const Power from_ev = home.ev_w() ? Power(-*home.ev_w()) : std::nullopt;
  const Power from_grid = now.buy && now.sell ? Power(*now.buy - *now.sell) : std::nullopt;
  data.set("links", Data(DataList{link_view(kLinks[0], now.pv), link_view(kLinks[1], from_ev),
                                  link_view(kLinks[2], from_grid)}));
  DataList nodes;
  for (const Node& node : kNodes) nodes.push_back(node_view(node));
  data.set("nodes", Data(nodes));
  data.set("load_figure", model::in_kilo(now.load));

  const auto state = [](const Power& w, const char* word) {
    return std::string(w ? *w >= kFlowsFrom_w ? word : "なし" : "-");
  };
  data.set("flow_rows", Data(DataList{row_view("pv", "太陽光", state(now.pv, "発電"), now.pv),
                                      row_view("load", "家", state(now.load, "消費"), now.load),
                                      row_view("ev", "EV", words_of(home.ev_state).text, magnitude(from_ev)),
                                      row_view("sell", "電力会社へ", state(now.sell, "売電"), now.sell),
                                      row_view("buy", "電力会社から", state(now.buy, "買電"), now.buy)}));
}

}  // namespace v2x::web
