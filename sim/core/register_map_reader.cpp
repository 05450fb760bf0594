// RegisterMap::load: blocks, chains and the references between points.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/nearest.hpp"
#include "sim/core/register_point_reader.hpp"

namespace v2x::core {
namespace {

// SunSpec: "SunS", then models of ID and L in front of their data, then an end marker.
constexpr std::uint32_t kHeaderLength = 2;
constexpr std::uint32_t kMarkerLength = 2;
constexpr double kSunS = 0x5375'6E53;
constexpr int kEndModel = 0xFFFF;
constexpr std::uint32_t kAddresses = 0x10000;

const std::vector<int> kDefaultFunctions{3, 4, 6, 16};

Point make_point(std::string name, std::uint32_t address, PointType type, std::optional<PointValue> constant) {
  Point point;
  point.name = std::move(name);
  point.address = static_cast<std::uint16_t>(address);
  point.type = type;
  point.size = type == PointType::u32 ? 2 : 1;
  point.constant = std::move(constant);
  point.absent_raw = type == PointType::u32 ? 0xFFFF'FFFF : 0xFFFF;
  return point;
}

void resolve_scale(PointDraft& draft, const std::vector<PointDraft>& drafts) {
  if (draft.sf.empty()) return;
  std::vector<std::string> names;
  for (const PointDraft& other : drafts) {
    if (other.point.type != PointType::sf) continue;
    names.push_back(other.point.name);
    if (other.point.name != draft.sf) continue;
    if (!other.point.constant) draft.node.at("sf").refuse(fmt::format("'{}' has no value, expected one", draft.sf));
    draft.point.scale += static_cast<int>(std::get<double>(*other.point.constant));
    return;
  }
  draft.node.at("sf").refuse(unknown_word(draft.sf, "scale factor of this block", names));
}

void check_revert(const PointDraft& draft, const std::vector<PointDraft>& drafts) {
  if (!draft.point.write || draft.point.write->revert.empty()) return;
  std::vector<std::string> names;
  for (const PointDraft& other : drafts) names.push_back(other.point.name);
  if (std::find(names.begin(), names.end(), draft.point.write->revert) == names.end())
    draft.node.at("write").at("revert").refuse(unknown_word(draft.point.write->revert, "point of this block", names));
}

/// `drafts` stand by address.
void check_layout(const std::vector<PointDraft>& drafts, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t free = begin;
  const PointDraft* before = nullptr;
  for (const PointDraft& draft : drafts) {
    const Point& point = draft.point;
    if (point.address < free)
      draft.node.at("at").refuse(before ? fmt::format("'{}' overlaps '{}'", point.name, before->point.name)
                                        : fmt::format("'{}' overlaps ID and L of its model", point.name));
    free = std::uint32_t{point.address} + point.size;
    if (free > end)
      draft.node.at("at").refuse(
          fmt::format("'{}' ends {} registers beyond its block's length", point.name, free - end));
    before = &draft;
  }
}

void check_names(const std::vector<PointDraft>& drafts) {
  for (size_t i = 0; i < drafts.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      if (drafts[k].point.name == drafts[i].point.name)
        drafts[i].node.at("name").refuse(fmt::format("'{}' is here twice in one block", drafts[i].point.name));
}

}  // namespace

/// Builds one map; each member reads one kind of node.
class RegisterMapReader {
 public:
  explicit RegisterMapReader(const contracts::QuantityCatalogue& catalogue) { context_.catalogue = &catalogue; }

  RegisterMap read(const yaml::Node& root) {
    read_head(root);
    if (chained_) open_chain();
    for (const auto& block : root.at("blocks").items()) read_block(block);
    if (chained_) close_chain(root);
    if (map_.blocks_.empty()) root.at("blocks").refuse("found no block, expected at least one");
    return std::move(map_);
  }

 private:
  void read_head(const yaml::Node& root) {
    root.allow_only({"map", "title", "device", "word_order", "byte_order", "functions", "gaps", "sunspec", "blocks"});
    map_.name_ = root.at("map").text();
    map_.title_ = root.has("title") ? root.at("title").text() : map_.name_;
    map_.device_ = root.at("device").word({"pv_pcs", "ev_pcs", "meter"}, "device");
    context_.device = map_.device_;
    if (root.has("word_order")) context_.little_words = read_word_order(root.at("word_order"));
    if (root.has("byte_order")) static_cast<void>(root.at("byte_order").word({"big"}, "byte order"));
    read_functions(root);
    if (root.has("gaps")) {
      const std::string word = root.at("gaps").word({"exception", "zero", "ffff"}, "kind of gap");
      map_.gaps_ = word == "exception" ? Gaps::exception : word == "zero" ? Gaps::zero : Gaps::ffff;
    }
    if (!root.has("sunspec")) return;
    root.at("sunspec").allow_only({"base"});
    chained_ = true;
    next_ = static_cast<std::uint32_t>(read_whole(root.at("sunspec").at("base"), 0, 0xFFFF));
  }

  void read_functions(const yaml::Node& root) {
    map_.functions_ = kDefaultFunctions;
    if (!root.has("functions")) return;
    map_.functions_.clear();
    for (const auto& item : root.at("functions").items()) {
      const auto function = static_cast<int>(item.integer());
      if (std::find(kDefaultFunctions.begin(), kDefaultFunctions.end(), function) == kDefaultFunctions.end())
        item.refuse(fmt::format("found {}, expected one of 3, 4, 6, 16", function));
      map_.functions_.push_back(function);
    }
  }

  void open_chain() {
    begin_block(0, next_, kHeaderLength);
    add(make_point("SunS", next_, PointType::u32, kSunS));
    next_ += kHeaderLength;
  }

  void close_chain(const yaml::Node& root) {
    if (next_ + kMarkerLength > kAddresses) root.at("sunspec").refuse("the chain ends beyond 65535");
    begin_block(kEndModel, next_, kMarkerLength);
    add(make_point("ID", next_, PointType::u16, std::nullopt));  // its sentinel is the marker
    add(make_point("L", next_ + 1, PointType::u16, 0.0));
  }

  void read_block(const yaml::Node& node) {
    node.allow_only({"model", "at", "length", "title", "points", "repeat"});
    const yaml::Node length_node = node.at("length");
    const auto length = static_cast<std::uint32_t>(read_whole(length_node, 1, 0xFFFF));
    const std::uint32_t start = block_start(node);
    const std::uint32_t marker = chained_ ? kMarkerLength : 0;
    const std::uint32_t end = start + marker + length;
    if (end > kAddresses) length_node.refuse(fmt::format("the block ends at {}, beyond 65535", end));
    const std::int64_t model = chained_ ? read_whole(node.at("model"), 1, kEndModel - 1) : 0;
    begin_block(static_cast<std::uint16_t>(model), start, marker + length);
    if (node.has("title")) map_.blocks_.back().title = node.at("title").text();
    if (chained_) {
      add(make_point("ID", start, PointType::u16, static_cast<double>(model)));
      add(make_point("L", start + 1, PointType::u16, static_cast<double>(length)));
    }
    for (PointDraft& draft : read_points(node, start, marker, end)) add(std::move(draft.point));
    next_ = end;
  }

  std::uint32_t block_start(const yaml::Node& node) {
    if (chained_) {
      if (node.has("at")) node.at("at").refuse("blocks of a SunSpec map follow one another, expected no 'at'");
      return next_;
    }
    if (node.has("model")) node.at("model").refuse("expected 'model' only in a map with 'sunspec'");
    const auto start = static_cast<std::uint32_t>(read_whole(node.at("at"), 0, 0xFFFF));
    if (start < next_)
      node.at("at").refuse(fmt::format("found {}, expected {} or more: blocks go by address", start, next_));
    return start;
  }

  std::vector<PointDraft> read_points(const yaml::Node& node, std::uint32_t start, std::uint32_t marker,
                                      std::uint32_t end) {
    std::vector<PointDraft> drafts;
    context_.base = start;
    for (const auto& point : node.at("points").items()) drafts.push_back(read_point(point, context_));
    if (node.has("repeat")) read_repeat(node.at("repeat"), start, drafts);
    const auto by_address = [](const PointDraft& a, const PointDraft& b) { return a.point.address < b.point.address; };
    std::stable_sort(drafts.begin(), drafts.end(), by_address);
    check_layout(drafts, start + marker, end);
    check_names(drafts);
    for (PointDraft& draft : drafts) resolve_scale(draft, drafts);
    for (const PointDraft& draft : drafts) check_revert(draft, drafts);
    return drafts;
  }

  void read_repeat(const yaml::Node& node, std::uint32_t start, std::vector<PointDraft>& drafts) {
    node.allow_only({"count", "stride", "at", "index", "points"});
    const std::int64_t count = read_whole(node.at("count"), 1, 0xFFFF);
    const auto stride = static_cast<std::uint32_t>(read_whole(node.at("stride"), 1, 0xFFFF));
    const auto first = static_cast<std::uint32_t>(read_whole(node.at("at"), 0, 0xFFFF));
    PointContext context = context_;
    context.index = node.has("index") ? node.at("index").text() : "n";
    for (std::int64_t n = 1; n <= count; ++n) {
      context.number = static_cast<int>(n);
      context.base = start + first + stride * static_cast<std::uint32_t>(n - 1);
      for (const auto& point : node.at("points").items()) drafts.push_back(read_point(point, context));
    }
  }

  void begin_block(std::uint16_t model, std::uint32_t address, std::uint32_t length) {
    Block block;
    block.model = model;
    block.address = static_cast<std::uint16_t>(address);
    block.length = static_cast<std::uint16_t>(length);
    map_.blocks_.push_back(std::move(block));
  }

  void add(Point point) {
    map_.blocks_.back().points.push_back(map_.points_.size());
    map_.points_.push_back(std::move(point));
  }

  PointContext context_;
  RegisterMap map_;
  bool chained_ = false;
  std::uint32_t next_ = 0;  ///< first address that no block has
};

RegisterMap RegisterMap::load(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue) {
  return RegisterMapReader(catalogue).read(yaml::load_file(file));
}

}  // namespace v2x::core
