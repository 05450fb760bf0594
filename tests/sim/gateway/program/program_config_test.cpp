// The file of v2x-gateway: what it takes, and where and why it refuses.
#include "sim/gateway/program/program_config.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "common/bad_input.hpp"
#include "common/messaging.hpp"
#include "tests/paths.hpp"

namespace v2x::gateway::program {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

class ProgramConfigTest : public testing::Test {
 protected:
  ProgramConfigTest() : folder_(fs::path(testing::TempDir()) / ("gateway-config-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    write("gateway.key", keys_.secret_key + "\n");
    write("server.key", server_.public_key + "\n");
  }
  ~ProgramConfigTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  /// A good file with `what` in it replaced.
  ProgramConfig read(const std::string& what = "", const std::string& by = "") {
    std::string text =
        "gateway: {id: 01DESK000001, model: GW-M001, serial: '1PV', contract: 60 A}\n"
        "service:\n"
        "  endpoint: tcp://127.0.0.1:5570\n"
        "  server_key_file: server.key\n"
        "  keys: [gateway.key]\n"
        "spool: gateway.spool\n"
        "serial: {/dev/null: {baud: 19200, format: 8E1}}\n"
        "units:\n"
        "  meter: {kind: meter, unit_id: 100, map: sunspec-meter, tcp: '127.0.0.1:1502'}\n"
        "  pcs1: {kind: pv_pcs, unit_id: 1, map: sunspec-pv, rtu: /dev/null}\n"
        "  v2h: {kind: ev_pcs, unit_id: 3, map: sunspec-ev, rtu: /dev/null}\n";
    if (const size_t at = what.empty() ? std::string::npos : text.find(what); at != std::string::npos)
      text.replace(at, what.size(), by);
    write("gateway.yaml", text);
    return read_program_config(folder_ / "gateway.yaml", contracts::QuantityCatalogue::load());
  }

  /// What it says about the file, its folder left out.
  std::string refusal(const std::string& what, const std::string& by) {
    try {
      read(what, by);
    } catch (const BadInput& error) {
      std::string text = error.what();
      for (size_t at; (at = text.find(folder_.string() + "/")) != std::string::npos;)
        text.erase(at, folder_.string().size() + 1);
      return text;
    }
    return "accepted";
  }

  CurveKeyPair keys_ = make_curve_key_pair();
  CurveKeyPair server_ = make_curve_key_pair();
  fs::path folder_;
};

TEST_F(ProgramConfigTest, AGoodFileIsRead) {
  const ProgramConfig config = read();
  EXPECT_EQ(config.gateway.id, "01DESK000001");
  EXPECT_EQ(config.service.endpoint, "tcp://127.0.0.1:5570");
  EXPECT_EQ(config.service.server_public_key, server_.public_key);
  ASSERT_EQ(config.keys.size(), 1u);
  EXPECT_EQ(config.keys[0].public_key, keys_.public_key);
  EXPECT_EQ(config.spool, folder_ / "gateway.spool");
  ASSERT_EQ(config.gateway.units.size(), 3u);
  EXPECT_EQ(config.addresses[1].serial_device, "/dev/null");
  EXPECT_EQ(config.serial.at("/dev/null").baud, 19200);
  EXPECT_EQ(config.serial.at("/dev/null").parity, 'E');
}

TEST_F(ProgramConfigTest, ConditionersAreNumberedFirstAndMetersLast) {
  const ProgramConfig config = read();
  EXPECT_EQ(config.gateway.units[0].unit_no, 3u);
  EXPECT_EQ(config.gateway.units[1].unit_no, 1u);
  EXPECT_EQ(config.gateway.units[2].unit_no, 2u);
}

TEST_F(ProgramConfigTest, UnitsOfOneLineMayWaitForEachOther) {
  const ProgramConfig config = read();
  EXPECT_EQ(config.gateway.units[0].longest_wait, Duration(0));
  EXPECT_GE(config.gateway.units[1].longest_wait, 2 * config.gateway.poll.request_timeout);
}

TEST_F(ProgramConfigTest, AMapOfOnesOwnIsAFile) {
  fs::copy_file(in_sources("sim/pcs/maps/plain-pv.yaml"), folder_ / "mine.yaml");
  EXPECT_EQ(read("map: sunspec-pv", "map: mine.yaml").gateway.units[1].map->device(), "pv_pcs");
}

struct Refusal {
  const char* name;
  const char* what;
  const char* by;
  const char* says;
};
class ProgramConfigRefusals : public ProgramConfigTest, public testing::WithParamInterface<Refusal> {};

TEST_P(ProgramConfigRefusals, SayWhereAndWhatWasExpected) {
  EXPECT_THAT(refusal(GetParam().what, GetParam().by), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProgramConfigRefusals,
    testing::Values(
        Refusal{"unknown_key", "spool: g", "spol: g", "gateway.yaml:6:1: 'spol' is no key here, nearest: 'spool'"},
        Refusal{"no_endpoint", "tcp://127.0.0.1:5570", "localhost", "gateway.yaml:3:13: 'localhost' is no endpoint"},
        Refusal{"no_server_key", "  server_key_file: server.key\n", "", "expected either 'server_key' or"},
        Refusal{"two_server_keys", "  keys:", "  server_key: x\n  keys:", "expected either 'server_key' or"},
        Refusal{"bad_server_key", "server_key_file: server.key", "server_key: abc",
                "gateway.yaml:4:15: no CURVE key, expected 40 characters of Z85"},
        Refusal{"unreadable_server_key", "server_key_file: server.key", "server_key_file: other.key",
                "gateway.yaml:4:20: other.key: No such file or directory, expected 40 characters of Z85"},
        Refusal{"malformed_server_key", "server_key_file: server.key", "server_key_file: gateway.yaml",
                "gateway.yaml:4:20: gateway.yaml:1:1: no CURVE key"},
        Refusal{"no_keys", "[gateway.key]", "[]", "gateway.yaml:5:9: no key files"},
        Refusal{"unreadable_key", "[gateway.key]", "[other.key]",
                "gateway.yaml:5:10: other.key: No such file or directory, expected 40 characters of Z85"},
        Refusal{"malformed_key", "[gateway.key]", "[gateway.yaml]",
                "gateway.yaml:5:10: gateway.yaml:1:1: no CURVE key"},
        Refusal{"timeout_without_unit", "  keys:", "  reply_timeout: 5\n  keys:", "gateway.yaml:5:18: "},
        Refusal{"no_units", "units:\n  meter:", "units: {}\nserial:\n  meter:", "gateway.yaml:"},
        Refusal{"unknown_map", "map: sunspec-pv", "map: sunspec-vp",
                "gateway.yaml:10:41: no register map 'sunspec-vp', expected plain-pv, sunspec-ev"},
        Refusal{"map_of_another_kind", "map: sunspec-pv", "map: sunspec-ev",
                "gateway.yaml:10:41: map 'sunspec-ev' is for ev_pcs, expected one for pv_pcs"},
        Refusal{"unknown_kind", "kind: pv_pcs", "kind: pv", "gateway.yaml:10:16: 'pv' is no kind of unit"},
        Refusal{"unit_id", "unit_id: 100", "unit_id: 0", "gateway.yaml:9:33: expected a unit id of 1 to 247"},
        Refusal{"no_address", ", tcp: '127.0.0.1:1502'", "", "gateway.yaml:9:3: unit 'meter': expected either 'tcp'"},
        Refusal{"host_name", "'127.0.0.1:1502'", "'pcs.local:502'", "'pcs.local:502' is no address, expected like"},
        Refusal{"port", "'127.0.0.1:1502'", "'127.0.0.1:0'", "'127.0.0.1:0' is no address"},
        Refusal{"same_address", "unit_id: 3", "unit_id: 1", "unit id 1 at /dev/null is 'pcs1' already"},
        Refusal{"no_device", "rtu: /dev/null", "rtu: /dev/ttyNone", "gateway.yaml:10:58: '/dev/ttyNone': No such file"},
        Refusal{"no_folder", "spool: g", "spool: nowhere/g", "gateway.yaml:6:8: there is no folder for"},
        Refusal{"no_contact", "spool: g", "contact_input: nowhere\nspool: g",
                "gateway.yaml:6:16: 'nowhere': No such file or directory, expected a file that says 1"},
        Refusal{"baud", "baud: 19200", "baud: 19201", "gateway.yaml:7:28: '19201' is no baud rate"},
        Refusal{"unused_line", "/dev/null: {", "/dev/zero: {", "gateway.yaml:7:10: no unit is on /dev/zero"}),
    [](const auto& refusal) { return refusal.param.name; });

TEST_F(ProgramConfigTest, AKeyNeverShowsInAnError) {
  write("gateway.key", keys_.secret_key + "x\n");
  EXPECT_THAT(refusal("", ""), testing::Not(HasSubstr(keys_.secret_key)));
}

TEST(TcpAddress, TakesNumbersOnly) {
  EXPECT_TRUE(parse_tcp_address("192.168.1.20:502"));
  EXPECT_TRUE(parse_tcp_address("[fe80::1]:502"));
  for (const char* text :
       {"", "192.168.1.20", "192.168.1.20:", "192.168.1:502", "host:502", "[::1:502", "1.2.3.4:65536", "1.2.3.4:5o2"})
    EXPECT_FALSE(parse_tcp_address(text)) << text;
}

}  // namespace
}  // namespace v2x::gateway::program
