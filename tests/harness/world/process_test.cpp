// Children: their end is seen, their output kept, nobody is left behind.
#include "harness/world/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "common/bad_input.hpp"

namespace v2x::world {
namespace {

using namespace std::chrono_literals;

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() : folder_(std::filesystem::path(testing::TempDir()) / ("process-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> sh(const std::string& script) { return {"/bin/sh", "-c", script}; }
  std::filesystem::path out() const { return folder_ / "out"; }
  std::filesystem::path err() const { return folder_ / "err"; }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

TEST_F(ProcessTest, ItsExitCodeAndOutputAreKept) {
  Process child(sh("echo said; echo wrong >&2; exit 3"), out(), err());
  const auto end = child.wait(30s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->text(), "exit code 3");
  EXPECT_EQ(content(out()), "said\n");
  EXPECT_EQ(content(err()), "wrong\n");
}

TEST_F(ProcessTest, ASecondLifeAppendsToItsLog) {
  Process(sh("echo one"), out(), err()).wait(30s);
  Process(sh("echo two"), out(), err()).wait(30s);
  EXPECT_EQ(content(out()), "one\ntwo\n");
}

TEST_F(ProcessTest, ASignalIsItsEnd) {
  Process child({"/bin/cat", "/dev/ptmx"}, out(), err());
  child.signal(SIGKILL);
  const auto end = child.wait(30s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->text(), "SIGKILL");
}

TEST_F(ProcessTest, WaitingForOneThatStaysEndsInTime) {
  Process child({"/bin/cat", "/dev/ptmx"}, out(), err());
  EXPECT_FALSE(child.wait(1ms));
}

TEST_F(ProcessTest, NobodyOutlivesTheObject) {
  const auto fifo = folder_ / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  pid_t pid = 0;
  {
    Process child(sh("echo $$; read line < " + fifo.string()), out(), err());
    while (content(out()).empty()) ASSERT_FALSE(child.wait(1ms));
    pid = std::stoi(content(out()));
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(ProcessTest, AMissingProgramIsABadStart) {
  EXPECT_THROW(Process({"/no/such/program"}, out(), err()), BadInput);
}

}  // namespace
}  // namespace v2x::world
