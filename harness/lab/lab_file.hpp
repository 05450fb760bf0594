// Where a running lab is, so that commands in another terminal find it.
#pragma once

#include <filesystem>
#include <string>

#include "common/control.hpp"

namespace v2x::lab {

/// Written when the lab is up, removed when it ends. One per user: the newest lab is the one that is meant.
class LabFile {
 public:
  LabFile(const std::string& control, const std::filesystem::path& world);
  ~LabFile();
  LabFile(const LabFile&) = delete;
  LabFile& operator=(const LabFile&) = delete;

  struct Content {
    std::string control;
    std::filesystem::path world;
  };
  /// Throws BadInput when no lab runs.
  static Content find();

 private:
  std::string control_;
};

}  // namespace v2x::lab
