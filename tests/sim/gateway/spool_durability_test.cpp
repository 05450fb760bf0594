// The spool on a disk that loses its power at every possible operation, and on one that is full.
#include <gtest/gtest.h>

#include <algorithm>
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

class FullDisk : public DiskTest {
 protected:
  /// A disk of `size`, of which the spool leaves a part to others.
  void open_on(size_t size, size_t keep_free) {
    disk.limit(size);
    auto options = spool_options("spool", 30);
    options.durability = Spool::Durability::power;
    options.vfs = disk.vfs();
    options.free_bytes = [this, size] { return size - std::min(size, disk.bytes()); };
    options.keep_free = keep_free;
    spool = std::make_unique<Spool>(options);
  }
};

TEST_P(FullDisk, CostsOldSamplesFirstAndNothingStops) {
  open_on(5'000'000, 2'500'000);
  ASSERT_TRUE(add(Priority::event, "the first event"));
  const std::string bytes(400, 's');
  constexpr int kSamples = 8'000;
  for (int i = 0; i < kSamples; ++i) ASSERT_TRUE(add(Priority::sample, bytes)) << i;
  ASSERT_TRUE(add(Priority::event, "the last event"));
  EXPECT_GT(spool->dropped(), 1'000u);
  const auto found = records();
  EXPECT_EQ(found.begin()->second, "the first event");
  EXPECT_EQ(found.rbegin()->second, "the last event");
  EXPECT_EQ(found.size() + spool->dropped(), kSamples + 2u);
  EXPECT_GT(found.size(), 1'000u) << "most of what fits is kept";
  const auto ledger = spool->ledger();
  EXPECT_EQ(ledger.made, ledger.acknowledged + ledger.dropped + spool->size());
}

TEST_P(FullDisk, ThatOthersFilledRefusesUntilThereIsRoomAgain) {
  open_on(10'000'000, 0);
  ASSERT_TRUE(add(Priority::sample, "before"));
  disk.limit(disk.bytes());
  bool refused = false;
  for (int i = 0; i < 100; ++i) refused = !add(Priority::sample, std::string(8'000, 's')) || refused;
  EXPECT_TRUE(refused);
  disk.limit({});
  EXPECT_TRUE(add(Priority::sample, "after"));
  EXPECT_EQ(records().begin()->second, "before");
  EXPECT_EQ(records().rbegin()->second, "after");
}

INSTANTIATE_TEST_SUITE_P(OneSeed, FullDisk, ::testing::Values(1));

}  // namespace
}  // namespace v2x::gateway
