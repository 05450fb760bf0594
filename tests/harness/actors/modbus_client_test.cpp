// An outside master against a unit of libmodbus' own server.
#include "harness/actors/modbus_client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <modbus/modbus.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace v2x::actors {
namespace {

constexpr int kUnit = 7;
constexpr int kSilentRegister = 9;  // asked for it, the unit says nothing

/// Ten registers that begin at 0, holding 100, 101, …; serves one connection after the other.
class ModbusClient : public testing::Test {
 protected:
  ModbusClient() {
    for (int i = 0; i < mapping_->nb_registers; ++i) mapping_->tab_registers[i] = static_cast<std::uint16_t>(100 + i);
    for (int i = 0; i < mapping_->nb_input_registers; ++i) mapping_->tab_input_registers[i] = 7;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~ModbusClient() override {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    modbus_mapping_free(mapping_);
    modbus_free(server_);
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      modbus_set_socket(server_, socket);
      std::uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
      for (int size = 0; (size = modbus_receive(server_, request)) > 0;)
        if (request[9] != kSilentRegister) modbus_reply(server_, request, size, mapping_);
      ::close(socket);
    }
  }

  modbus_t* server_ = modbus_new_tcp(nullptr, 0);
  modbus_mapping_t* mapping_ = modbus_mapping_new(0, 0, 10, 10);
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

TEST_F(ModbusClient, Reads) {
  const auto holding = ask_modbus(port_, kUnit, {3, 2, 3, {}});
  ASSERT_TRUE(holding);
  EXPECT_THAT(holding->registers, testing::ElementsAre(102, 103, 104));
  const auto input = ask_modbus(port_, kUnit, {4, 2, 1, {}});
  ASSERT_TRUE(input);
  EXPECT_THAT(input->registers, testing::ElementsAre(7));
}

TEST_F(ModbusClient, Writes) {
  ASSERT_TRUE(ask_modbus(port_, kUnit, {16, 1, 2, {11, 12}}));
  ASSERT_TRUE(ask_modbus(port_, kUnit, {6, 3, 1, {13}}));
  EXPECT_THAT(ask_modbus(port_, kUnit, {3, 1, 3, {}})->registers, testing::ElementsAre(11, 12, 13));
}

TEST_F(ModbusClient, TellsARefusal) {
  const auto answer = ask_modbus(port_, kUnit, {3, 8, 4, {}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->exception, 2);
  EXPECT_THAT(answer->registers, testing::IsEmpty());
}

TEST_F(ModbusClient, AsksForMoreThanAUnitMayServe) {
  const auto answer = ask_modbus(port_, kUnit, {3, 0, 126, {}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->exception, 3);
}

TEST_F(ModbusClient, TellsSilenceAndAMissingUnit) {
  EXPECT_EQ(ask_modbus(port_, kUnit, {3, kSilentRegister, 1, {}}).error().code, "silent");
  EXPECT_EQ(ask_modbus(1, kUnit, {3, 0, 1, {}}).error().code, "bench");
}

}  // namespace
}  // namespace v2x::actors
