// v2x-gateway as a process: exit codes, one clear line, and an end in order.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/clock.hpp"
#include "common/messaging.hpp"
#include "sim/core/socket.hpp"
#include "tests/paths.hpp"

namespace v2x::gateway::program {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

class GatewayProcess : public testing::Test {
 protected:
  GatewayProcess() : folder_(fs::path(testing::TempDir()) / ("gateway-program-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "gateway.key") << make_curve_key_pair().secret_key << "\n";
    std::ofstream(folder_ / "server.key") << server_.public_key << "\n";
  }
  ~GatewayProcess() override {
    if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
    fs::remove_all(folder_);
  }

  void write_config(const std::string& service, const std::string& unit = "127.0.0.1:9",
                    const std::string& map = "sunspec-meter") {
    std::ofstream(folder_ / "gateway.yaml") << "gateway: {id: G1, model: GW-M001, serial: '1PV', contract: 60 A}\n"
                                               "service: {endpoint: '"
                                            << service
                                            << "', server_key_file: server.key, keys: [gateway.key]}\n"
                                               "spool: gateway.spool\n"
                                               "units:\n"
                                               "  meter: {kind: meter, unit_id: 100, map: "
                                            << map << ", tcp: '" << unit << "'}\n";
  }
  /// It ends with code 2 and says one line, with these words.
  void expect_refusal(const std::string& words) {
    start();
    EXPECT_EQ(exit_code(), 2);
    const std::string said = log();
    EXPECT_THAT(said, HasSubstr(words));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  }

  void start() {
    const std::string program = in_programs("v2x-gateway");
    const std::string config = folder_ / "gateway.yaml";
    const std::string log = folder_ / "log";
    pid_ = fork();
    if (pid_ != 0) return;
    const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(fd, STDERR_FILENO);
    execl(program.c_str(), program.c_str(), config.c_str(), nullptr);
    _exit(127);
  }
  int exit_code() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string log() const {
    std::ifstream in(folder_ / "log");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  bool logs(const std::string& words) {
    Alarm look_again;
    for (const SteadyTime until = steady_now() + 20s; steady_now() < until; look_again.wait(steady_now() + 20ms))
      if (log().find(words) != std::string::npos) return true;
    return false;
  }

  CurveKeyPair server_ = make_curve_key_pair();
  fs::path folder_;
  pid_t pid_ = -1;
};

TEST_F(GatewayProcess, ABadFileIsOneLineAndExitCode2) {
  write_config("nowhere");
  expect_refusal("gateway.yaml:2:21: 'nowhere' is no endpoint, expected like tcp://");
}

TEST_F(GatewayProcess, AWrongMapIsOneLineAndExitCode2) {
  write_config("tcp://127.0.0.1:9", "127.0.0.1:9", "sunspec-pv");
  expect_refusal("gateway.yaml:5:43: map 'sunspec-pv' is for pv_pcs, expected one for meter");
  std::ofstream(folder_ / "mine.yaml") << "map: mine\ntitle: Mine\ndevice: meter\nblocks: []\npoint: 1\n";
  write_config("tcp://127.0.0.1:9", "127.0.0.1:9", "mine.yaml");
  expect_refusal("mine.yaml:");
}

TEST_F(GatewayProcess, AKeyThatCannotBeReadOrIsNoneIsOneLineAndExitCode2) {
  write_config("tcp://127.0.0.1:9");
  std::ofstream(folder_ / "gateway.key") << "not a key\n";
  expect_refusal("gateway.key:1:1: no CURVE key");
  fs::remove(folder_ / "gateway.key");
  expect_refusal("gateway.key: cannot be read");
  fs::create_directory(folder_ / "gateway.key");
  expect_refusal("gateway.key");
}

TEST_F(GatewayProcess, AMissingFileIsExitCode2) {
  start();
  EXPECT_EQ(exit_code(), 2);
  EXPECT_THAT(log(), HasSubstr("cannot be opened"));
}

TEST_F(GatewayProcess, AUnitThatIsNotThereIsOneLineAndItGoesOn) {
  write_config("tcp://127.0.0.1:9");
  start();
  EXPECT_TRUE(logs("meter (127.0.0.1:9, unit id 100) cannot be reached")) << log();
  EXPECT_TRUE(logs("tcp://127.0.0.1:9 is not reached")) << log();
  kill(pid_, SIGTERM);
  EXPECT_EQ(exit_code(), 0);
  const std::string said = log();
  EXPECT_EQ(said.find("cannot be reached"), said.rfind("cannot be reached")) << "once a minute:\n" << said;
  EXPECT_THAT(said, HasSubstr("stops"));
}

TEST_F(GatewayProcess, AUnitThatDoesNotAnswerIsOneLineAndItGoesOn) {
  const core::Socket listener = core::checked_socket(::socket(AF_INET, SOCK_STREAM, 0), "listener");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.fd(), 8), 0);  // takes connections, and nothing more
  ASSERT_EQ(::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string unit = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  write_config("tcp://127.0.0.1:9", unit);
  start();
  EXPECT_TRUE(logs("meter (" + unit + ", unit id 100) does not answer")) << log();
  EXPECT_TRUE(logs("is not reached")) << "it goes on: " << log();
  kill(pid_, SIGTERM);
  EXPECT_EQ(exit_code(), 0);
  const std::string said = log();
  EXPECT_EQ(said.find("does not answer"), said.rfind("does not answer")) << "once a minute:\n" << said;
}

TEST_F(GatewayProcess, AKeyThatTheServiceDoesNotKnowIsOneLineAndItGoesOn) {
  const MessagingContext context;
  std::atomic<int> asked = 0;
  CurveRouter router(context, "tcp://127.0.0.1:*", server_, [&](const std::string&) -> std::optional<std::string> {
    ++asked;
    return std::nullopt;
  });
  write_config(router.endpoint());
  start();
  EXPECT_TRUE(logs("refuses this gateway's key")) << log();
  Alarm look_again;
  for (const SteadyTime until = steady_now() + 20s; asked < 2 && steady_now() < until;)
    look_again.wait(steady_now() + 20ms);
  EXPECT_GE(asked, 2) << "it tries again";
  kill(pid_, SIGINT);
  EXPECT_EQ(exit_code(), 0);
  const std::string said = log();
  EXPECT_EQ(said.find("refuses this"), said.rfind("refuses this")) << said;
}

}  // namespace
}  // namespace v2x::gateway::program
