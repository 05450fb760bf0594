#include "common/resources.hpp"

#include "common/bad_input.hpp"

namespace v2x {

std::filesystem::path program_directory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path resource(const std::string& name) {
  const auto path = program_directory().parent_path() / "share/v2x" / name;
  if (!std::filesystem::exists(path))
    throw BadInput(path.string() + ": missing, expected beside the program's bin directory");
  return path;
}

}  // namespace v2x
