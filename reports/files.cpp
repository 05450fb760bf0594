#include "reports/files.hpp"

#include <fstream>

namespace v2x::reports {

Status write_file(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path draft = path.string() + ".new";
  std::ofstream out(draft, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(draft, path, error);
  if (!out || error) return fail("not_written", path.string() + ": cannot be written, expected a writable folder");
  return done();
}

}  // namespace v2x::reports
