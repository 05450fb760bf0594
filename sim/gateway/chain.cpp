#include "sim/gateway/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace v2x::gateway {
namespace {

constexpr std::uint16_t kSunS[] = {0x5375, 0x6E53};
constexpr std::uint16_t kEndModel = 0xFFFF;
constexpr int kHeader = 2;  // ID and L

}  // namespace

bool ChainWalk::take(std::span<const std::uint16_t> registers) {
  if (!began_) {
    began_ = std::equal(registers.begin(), registers.end(), std::begin(kSunS), std::end(kSunS));
    next_.address = static_cast<std::uint16_t>(next_.address + kHeader);
    return began_;
  }
  const std::uint16_t id = registers[0], length = registers[1];
  ended_ = id == kEndModel;
  const int after = next_.address + kHeader + length;
  if (ended_ || after > 0xFFFF || models_.size() == kMostModels) return false;
  models_.push_back({id, next_.address, length});
  next_.address = static_cast<std::uint16_t>(after);
  return true;
}

ChainLayout::ChainLayout(const core::RegisterMap& map, const std::vector<FoundModel>& found) {
  std::map<std::uint16_t, size_t> taken;  // by id: where the search for its next one begins
  const auto note = [this](const std::string& text) {
    differences_ += fmt::format("{}{}", differences_.empty() ? "" : ", ", text);
  };
  for (const core::Block& block : map.blocks()) {
    if (block.model == 0 || block.model == kEndModel) continue;
    const auto from = found.begin() + static_cast<std::ptrdiff_t>(taken[block.model]);
    const auto model = std::find_if(from, found.end(), [&](const FoundModel& one) { return one.id == block.model; });
    Part& part = parts_.emplace_back(Part{block.address, block.address + block.length, {}});
    if (model == found.end()) {
      note(fmt::format("{} is missing", block.model));
      continue;
    }
    taken[block.model] = static_cast<size_t>(model - found.begin()) + 1;
    if (model->length != block.length - kHeader) {
      note(fmt::format("{} has {} registers instead of {}", block.model, model->length, block.length - kHeader));
      continue;
    }
    part.shift = model->address - block.address;
    if (*part.shift != 0) note(fmt::format("{} at {} instead of {}", block.model, model->address, block.address));
  }
}

std::optional<std::uint16_t> ChainLayout::in_unit(std::uint16_t address) const {
  for (const Part& part : parts_)
    if (address >= part.first && address < part.end)
      return part.shift ? std::optional(static_cast<std::uint16_t>(address + *part.shift)) : std::nullopt;
  return address;
}

bool ChainLayout::in_one_piece(int first, int end) const {
  const Part* before = nullptr;
  for (const Part& part : parts_) {
    if (part.end <= first || part.first >= end) continue;
    if (!part.shift || (before != nullptr && before->shift != part.shift)) return false;
    before = &part;
  }
  return true;
}

}  // namespace v2x::gateway
