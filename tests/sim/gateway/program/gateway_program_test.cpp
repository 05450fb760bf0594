// v2x-gateway as a process: exit codes, one clear line, and an end in order.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/clock.hpp"
#include "common/messaging.hpp"
#include "sim/core/socket.hpp"
#include "sim/gateway/spool.hpp"
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
    std::ofstream(key_file()) << gateway_.secret_key << "\n";
    std::ofstream(folder_ / "server.key") << server_.public_key << "\n";
  }
  ~GatewayProcess() override {
    if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
    fs::remove_all(folder_);
  }

  fs::path key_file() const { return folder_ / "gateway.key"; }

  void write_config(const std::string& service, const std::string& unit = "127.0.0.1:9",
                    const std::string& map = "sunspec-meter") {
    std::ofstream(folder_ / "gateway.yaml") << "gateway: {id: G1, model: GW-M001, serial: '1PV', contract: 60 A}\n"
                                               "service: {endpoint: '"
                                            << service << "', server_key_file: server.key, keys: [" << keys_
                                            << "]}\n"
                                               "spool: gateway.spool\n"
                                               "units:\n"
                                               "  meter: {kind: meter, unit_id: 100, map: "
                                            << map << ", tcp: '" << unit << "'}\n";
  }
  /// It ends with code 2 and says one line: where, and what.
  void expect_refusal(const std::string& where, const std::string& what = "") {
    start();
    EXPECT_EQ(exit_code(), 2);
    const std::string said = log();
    EXPECT_THAT(said, HasSubstr(where));
    EXPECT_THAT(said, HasSubstr(what));
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
    for (const int power : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH})  // root's, to which permissions mean nothing
      prctl(PR_CAPBSET_DROP, power, 0, 0, 0);
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
  int lines_with(const std::string& words) const {
    int lines = 0;
    std::istringstream in(log());
    for (std::string line; std::getline(in, line);) lines += line.find(words) != std::string::npos ? 1 : 0;
    return lines;
  }
  bool logs(const std::string& words) {
    Alarm look_again;
    for (const SteadyTime until = steady_now() + 20s; steady_now() < until; look_again.wait(steady_now() + 20ms))
      if (log().find(words) != std::string::npos) return true;
    return false;
  }

  CurveKeyPair server_ = make_curve_key_pair();
  CurveKeyPair gateway_ = make_curve_key_pair();
  fs::path folder_;
  std::string keys_ = "gateway.key";
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

TEST_F(GatewayProcess, AMalformedKeyIsOneLineAndExitCode2) {
  write_config("tcp://127.0.0.1:9");
  const std::string& secret = gateway_.secret_key;
  for (const std::string& bad : {std::string("not a key"), secret.substr(1), secret + "x", secret + "\n" + secret}) {
    std::ofstream(key_file()) << bad << "\n";
    expect_refusal("gateway.yaml:2:", "gateway.key:1:1: no CURVE key, expected 40 characters of Z85");
    EXPECT_THAT(log(), testing::Not(HasSubstr(secret.substr(1)))) << "a secret in the log";
  }
  std::ofstream(key_file()) << "\n";
  expect_refusal("gateway.yaml:2:", "gateway.key: is empty");
}

TEST_F(GatewayProcess, AKeyThatCannotBeReadIsOneLineAndExitCode2) {
  write_config("tcp://127.0.0.1:9");
  fs::permissions(key_file(), fs::perms::none);
  expect_refusal("gateway.yaml:2:", "gateway.key: Permission denied, expected 40 characters of Z85");
  fs::remove(key_file());
  expect_refusal("gateway.yaml:2:", "gateway.key: No such file or directory, expected");
  fs::create_directory(key_file());
  expect_refusal("gateway.yaml:2:", "gateway.key: is no file");
}

TEST_F(GatewayProcess, ASpoolThatIsNoneOrSomebodyElsesIsOneLineAndExitCode2) {
  write_config("tcp://127.0.0.1:9");
  std::ofstream(folder_ / "gateway.spool") << std::string(9000, 'x');
  expect_refusal("gateway.spool: no spool (file is not a database), expected one or a new file");
  fs::remove(folder_ / "gateway.spool");
  fs::create_directory(folder_ / "gateway.spool");
  expect_refusal("gateway.spool: no spool (unable to open database file)");
  fs::remove(folder_ / "gateway.spool");
  Spool::Options options;
  options.file = folder_ / "gateway.spool";
  const Spool other(options);
  expect_refusal("gateway.spool: another program has it open, expected a spool of this gateway alone");
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
  EXPECT_EQ(lines_with("cannot be reached"), 1) << "once a minute:\n" << log();
  EXPECT_THAT(log(), HasSubstr("stops"));
}

TEST_F(GatewayProcess, UnitsAreConfirmedByASignalAndItGoesOn) {
  write_config("tcp://127.0.0.1:9");
  start();
  EXPECT_TRUE(logs("cannot be reached")) << log();
  kill(pid_, SIGUSR1);
  EXPECT_TRUE(logs("the units that are on the bus now belong to this gateway")) << log();
  kill(pid_, SIGTERM);
  EXPECT_EQ(exit_code(), 0);
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
  EXPECT_EQ(lines_with("does not answer"), 1) << "once a minute:\n" << log();
}

/// A service that knows no key, and counts who asks.
struct Stranger {
  explicit Stranger(const CurveKeyPair& server)
      : router(context, "tcp://127.0.0.1:*", server, [this](const std::string&) -> std::optional<std::string> {
          ++asked;
          return std::nullopt;
        }) {}
  bool was_asked(int times) {
    Alarm look_again;
    for (const SteadyTime until = steady_now() + 20s; asked < times && steady_now() < until;)
      look_again.wait(steady_now() + 20ms);
    return asked >= times;
  }
  std::atomic<int> asked = 0;
  MessagingContext context;
  CurveRouter router;
};

TEST_F(GatewayProcess, AKeyThatTheServiceDoesNotKnowIsOneLineAndItGoesOn) {
  Stranger service(server_);
  write_config(service.router.endpoint());
  start();
  EXPECT_TRUE(logs("refuses this gateway's key")) << log();
  EXPECT_TRUE(service.was_asked(2)) << "it tries again";
  kill(pid_, SIGINT);
  EXPECT_EQ(exit_code(), 0);
  EXPECT_EQ(lines_with("refuses this gateway's key"), 1) << log();
}

TEST_F(GatewayProcess, OfTwoKeysThatTheServiceDoesNotKnowEachIsOneLine) {
  std::ofstream(folder_ / "next.key") << make_curve_key_pair().secret_key << "\n";
  keys_ = "gateway.key, next.key";
  Stranger service(server_);
  write_config(service.router.endpoint());
  start();
  EXPECT_TRUE(service.was_asked(4)) << "it tries both again";
  kill(pid_, SIGINT);
  EXPECT_EQ(exit_code(), 0);
  EXPECT_EQ(lines_with("refuses the key " + gateway_.public_key), 1) << log();
  EXPECT_EQ(lines_with("refuses this gateway's key"), 1) << log();
}

}  // namespace
}  // namespace v2x::gateway::program
