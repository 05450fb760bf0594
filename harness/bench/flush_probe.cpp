#include "harness/bench/flush_probe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "common/bad_input.hpp"

namespace v2x::bench {

LatencyHistogram measure_flush(const std::filesystem::path& directory, int count) {
  const std::filesystem::path path = directory / "flush-probe";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw BadInput(path.string() + ": cannot be written, expected a place for the service's data");
  const std::array<char, 4096> block{};
  LatencyHistogram flushes;
  bool written = true;
  for (int i = 0; i < count && written; ++i) {
    const SteadyTime began = steady_now();
    written = write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()) && fdatasync(file) == 0;
    flushes.record(std::chrono::duration_cast<Duration>(steady_now() - began));
  }
  close(file);
  std::filesystem::remove(path);
  if (!written) throw BadInput(path.string() + ": cannot be flushed, expected a place for the service's data");
  return flushes;
}

}  // namespace v2x::bench
