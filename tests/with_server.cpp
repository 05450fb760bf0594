// with_server KIND COMMAND…: runs a test program beside a database server of its own, whose address it finds in
// V2X_TEST_STORE. Exits with the command's code; 77 (ctest: skipped) when the server is not installed, 1 instead where
// servers are required.

#include <cstdio>
#include <cstdlib>

#include "common/bad_input.hpp"
#include "tests/need_server.hpp"

namespace v2x::test {
namespace {

constexpr int kSkipped = 77;
constexpr std::chrono::minutes kPatience{10};

std::optional<world::ServerKind> kind_of(const std::string& word) {
  for (const auto kind : {world::ServerKind::postgresql, world::ServerKind::clickhouse})
    if (to_string(kind) == word) return kind;
  return std::nullopt;
}

/// Tests ask for thousands of commits; what they test isn't whether the disk keeps them.
std::vector<std::string> quick(world::ServerKind kind) {
  if (kind == world::ServerKind::postgresql) return {"-c", "fsync=off", "-c", "max_connections=400"};
  return {};
}

int run(world::ServerKind kind, const std::vector<std::string>& command) {
  if (const auto missing = world::missing_program(kind)) {
    std::printf("%s is not installed: make deps-test\n", missing->c_str());
    return servers_are_required() ? 1 : kSkipped;
  }
  world::DatabaseServer server(kind, quick(kind));
  if (const Status started = server.start(); !started) throw BadInput(started.error().message);
  setenv("V2X_TEST_STORE", server.url().c_str(), 1);
  world::Process tests(command, "/dev/stdout", "/dev/stderr");
  const auto end = tests.wait(kPatience);
  if (end && end->code == 0) return 0;
  std::printf("%s: %s\n%s\n", command.front().c_str(), end ? end->text().c_str() : "does not end",
              server.log_tail().c_str());
  return 1;
}

}  // namespace
}  // namespace v2x::test

int main(int argc, char** argv) {
  const auto kind = argc > 2 ? v2x::test::kind_of(argv[1]) : std::nullopt;
  if (!kind) {
    std::fprintf(stderr, "usage: with_server postgresql|clickhouse COMMAND…\n");
    return 2;
  }
  try {
    return v2x::test::run(*kind, {argv + 2, argv + argc});
  } catch (const v2x::BadInput& error) {
    std::fprintf(stderr, "with_server: %s\n", error.what());
    return 1;
  }
}
