#include "harness/lab/lab_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "common/bad_input.hpp"

namespace v2x::lab {
namespace {

namespace fs = std::filesystem;

fs::path place() {
  if (const char* const runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && *runtime && fs::is_directory(runtime))
    return fs::path(runtime) / "v2x-lab.json";
  return fs::temp_directory_path() / fmt::format("v2x-lab-{}.json", ::getuid());
}

Json load() {
  std::ifstream in(place());
  return Json::parse(in, nullptr, false);
}

}  // namespace

LabFile::LabFile(const std::string& control, const fs::path& world) : control_(control) {
  std::ofstream(place()) << Json{{"control", control}, {"world", fs::absolute(world).string()}}.dump() << "\n";
}

LabFile::~LabFile() {
  const Json content = load();
  std::error_code ignored;
  if (content.is_object() && content.value("control", "") == control_) fs::remove(place(), ignored);
}

LabFile::Content LabFile::find() {
  const Json content = load();
  if (!content.is_object() || !content.contains("control") || !content.contains("world"))
    throw BadInput("no lab is running, expected one started by: v2x lab WORLD");
  return {content.value("control", ""), content.value("world", "")};
}

}  // namespace v2x::lab
