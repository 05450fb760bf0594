#include "harness/run/curves.hpp"

#include "common/units.hpp"

namespace v2x::run {
namespace {

constexpr Duration kPace = std::chrono::minutes(5);  // default: 288 points a day
constexpr size_t kMaxPoints = 2000;                  // contracts/record.md

}  // namespace

Curves::Curves(const scenario::Scenario& scenario) : start_(scenario.start), pace_(kPace) {
  for (const scenario::Site& site : scenario.world.sites) {
    curves_.push_back({site.name + ".pv_w", "発電", "W", {}});
    curves_.push_back({site.name + ".load_w", "消費", "W", {}});
    curves_.push_back({site.name + ".grid_w", "買電", "W", {}});
    curves_.push_back({site.name + ".ev_w", "充電", "W", {}});
    curves_.push_back({site.name + ".grid.voltage_u", "電圧", "V", {}});
    if (site.has_car) curves_.push_back({site.name + ".ev.soc", "蓄電残量", "%", {}});
  }
}

std::vector<std::string> Curves::paths() const {
  std::vector<std::string> paths;
  for (const Curve& curve : curves_) paths.push_back(curve.path);
  return paths;
}

Time Curves::next(Time now) const {
  return start_ + ((now - start_) / pace_ + 1) * pace_;
}

void Curves::add(Time now, const Json& values) {
  const double at = to_seconds(now - start_);
  for (Curve& curve : curves_) {
    if (!curve.points.empty() && curve.points.back().first >= at) continue;
    curve.points.emplace_back(at, values.value(curve.path, Json()));
  }
  if (!curves_.empty() && curves_.front().points.size() > kMaxPoints) thin_out();
}

void Curves::thin_out() {
  pace_ *= 2;
  for (Curve& curve : curves_) {
    std::vector<std::pair<double, Json>> kept;
    for (size_t i = 0; i < curve.points.size(); i += 2) kept.push_back(std::move(curve.points[i]));
    curve.points = std::move(kept);
  }
}

void Curves::write(Record& record) const {
  for (const Curve& curve : curves_) {
    if (curve.points.size() < 2) continue;
    Json points = Json::array();
    for (const auto& [at, value] : curve.points) points.push_back({at, value.is_number() ? value : Json()});
    record.line("series",
                {{"path", curve.path}, {"title", curve.title}, {"unit", curve.unit}, {"points", std::move(points)}});
  }
}

}  // namespace v2x::run
