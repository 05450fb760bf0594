// The spool on a disk that loses its power at every possible operation, and on one that is full.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "common/bad_input.hpp"
#include "sim/gateway/spool.hpp"
#include "tests/sim/gateway/bench.hpp"
#include "tests/sim/gateway/faulty_disk.hpp"

namespace v2x::gateway {
namespace {

class DiskTest : public ::testing::TestWithParam<int> {
 protected:
  void open() {
    spool.reset();
    auto options = spool_options("spool", 1);
    options.durability = Spool::Durability::power;
    options.vfs = disk.vfs();
    spool = std::make_unique<Spool>(options);
  }
  bool add(Priority priority, const std::string& bytes) {
    const std::array records = {Spool::NewRecord{priority, bytes}};
    const std::array state = {Spool::StateEntry{"counters", bytes}};
    return spool->append(records, state).has_value();
  }
  std::map<std::uint64_t, std::string> records() {
    std::map<std::uint64_t, std::string> list;
    spool->read(1, [&](std::uint64_t seq, std::string_view bytes) {
      list.emplace(seq, bytes);
      return true;
    });
    return list;
  }

  FaultyDisk disk{static_cast<std::uint64_t>(GetParam())};
  std::unique_ptr<Spool> spool;
};

class PowerLoss : public DiskTest {};

TEST_P(PowerLoss, KeepsWhatWasAppendedAndNeverGivesANumberTwice) {
  open();
  std::map<std::uint64_t, std::string> promised;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 40; ++round) {
    disk.cut_power_after((GetParam() * 7 + round) % 40);
    for (int i = 0; disk.has_power() && i < 100; ++i) {
      const std::uint64_t seq = spool->next_seq();
      const std::string bytes = "record " + std::to_string(round) + "." + std::to_string(i);
      if (add(Priority::sample, bytes)) promised[seq] = bytes;
      if (i % 3 == 2) spool->acknowledge(acknowledged = spool->next_seq() - 2);
    }
    spool.reset();  // dead before the power is back
    disk.restore_power();
    open();
    const auto found = records();
    for (const auto& [seq, bytes] : promised) {
      if (seq <= acknowledged) continue;  // it may be gone, or still be there
      ASSERT_TRUE(found.contains(seq)) << "number " << seq << " in round " << round;
      EXPECT_EQ(found.at(seq), bytes);
    }
    if (!promised.empty()) {
      ASSERT_GT(spool->next_seq(), promised.rbegin()->first) << "in round " << round;
    }
  }
}

TEST_P(PowerLoss, InTheMiddleOfMakingASpoolLeavesNoneOrAWholeOne) {
  for (int operations = 0; operations < 60; ++operations) {
    FaultyDisk fresh(static_cast<std::uint64_t>(GetParam() * 100 + operations));
    auto options = spool_options("spool", 1);
    options.durability = Spool::Durability::power;
    options.vfs = fresh.vfs();
    fresh.cut_power_after(operations);
    try {
      (void)Spool(options).append(std::array{Spool::NewRecord{Priority::event, "boot"}}, {});
    } catch (const BadInput&) {  // the disk failed while it was made
    }
    fresh.restore_power();
    Spool again(options);
    EXPECT_TRUE(again.append(std::array{Spool::NewRecord{Priority::event, "boot"}}, {}).has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerLoss, ::testing::Range(1, 11));

}  // namespace
}  // namespace v2x::gateway
