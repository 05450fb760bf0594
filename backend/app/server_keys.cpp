#include "backend/app/server_keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "common/bad_input.hpp"

namespace v2x::app {
namespace fs = std::filesystem;

void write_secret(const fs::path& file, const std::string& text) {
  constexpr mode_t kUserOnly = 0600;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kUserOnly);
  const bool written = descriptor >= 0 &&
                       ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) throw BadInput(fmt::format("{}: {}, expected to make it", file.string(), std::strerror(error)));
}

namespace {

/// Whole or not at all, and the first of several processes that start together wins.
void make_secret(const fs::path& secret_file) {
  const fs::path own = fmt::format("{}.{}", secret_file.string(), ::getpid());
  write_secret(own, make_curve_key_pair().secret_key + "\n");
  std::error_code error;
  fs::create_hard_link(own, secret_file, error);
  fs::remove(own);
  if (error && error != std::errc::file_exists)
    throw BadInput(fmt::format("{}: {}, expected to make it", secret_file.string(), error.message()));
}

}  // namespace

CurveKeyPair load_or_make_server_keys(const fs::path& directory) {
  const fs::path secret_file = directory / "server.key";
  if (!fs::exists(secret_file)) make_secret(secret_file);
  CurveKeyPair keys;
  std::ifstream(secret_file) >> keys.secret_key;
  if (!is_curve_key(keys.secret_key))
    throw BadInput(fmt::format("{}:1:1: no Z85 key, expected 40 characters", secret_file.string()));
  keys.public_key = curve_public_key(keys.secret_key);
  std::ofstream(directory / "server.pub") << keys.public_key << "\n";
  return keys;
}

}  // namespace v2x::app
