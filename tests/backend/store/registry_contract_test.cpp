// What every registry must do, whatever database it is on. Runs over SQLite, and beside PostgreSQL once more.
#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/attempts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/marks.hpp"
#include "backend/store/open.hpp"
#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {
namespace {

using service::Transaction;

struct NoTexts final : service::MailTexts {
  service::MailText render(const service::OutboxMail&) const override { return {"subject", "body"}; }
};

const service::StreamKey kKey{"01AB12345678", "00112233445566778899aabbccddeeff"};
const Time kStart = parse_time("2026-04-01T12:00:00+09:00").value();

class RegistryContract : public ::testing::Test {
 protected:
  std::unique_ptr<service::Registry> open() {
    return store::open_registry({url_, store::Durability::normal, resource("migrations")}, clock_, texts_);
  }
  static std::uint64_t mark(service::Registry& registry) {
    return registry.read([](Transaction& tx) { return tx.marks().get(kKey); });
  }
  static void set_mark(service::Registry& registry, std::uint64_t value) {
    registry.transact([&](Transaction& tx) { tx.marks().set(kKey, value); });
  }

  ScratchDirectory scratch_;
  SteppedClock clock_{kStart};
  NoTexts texts_;
  const store::StoreUrl url_ = store::parse_store_url(registry_url(scratch_));
  std::unique_ptr<service::Registry> registry_ = open();
};

TEST_F(RegistryContract, WhatIsCommittedIsSeenByOthersAndByTheNextProcess) {
  const auto other = open();
  set_mark(*registry_, 7);
  EXPECT_EQ(mark(*registry_), 7u);
  EXPECT_EQ(mark(*other), 7u);
  registry_.reset();
  EXPECT_EQ(mark(*open()), 7u);
}

TEST_F(RegistryContract, ATransactionThatFailsLeavesNothing) {
  set_mark(*registry_, 1);
  const Status refused = registry_->transact([](Transaction& tx) -> Status {
    tx.marks().set(kKey, 2);
    return fail("no", "not this");
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(mark(*registry_), 1u);
  EXPECT_THROW(registry_->transact([](Transaction& tx) {
    tx.marks().set(kKey, 3);
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(mark(*registry_), 1u);
  set_mark(*registry_, 4);
  EXPECT_EQ(mark(*registry_), 4u) << "and the next one works";
}

TEST_F(RegistryContract, AStatementThatTheDatabaseRefusesIsAStoreErrorAndLeavesNothing) {
  const auto import = [](Transaction& tx) {
    return tx.inventory().import({"01AB12345678", "hash", std::string(40, 'k')});
  };
  EXPECT_TRUE(registry_->transact(import));
  EXPECT_FALSE(registry_->transact(import)) << "known";
  EXPECT_THROW(registry_->transact([](Transaction& tx) {
    tx.marks().set(kKey, 5);
    model::Account account;
    account.person.mail = "hanako@example.jp";
    tx.accounts().add(account);
    tx.accounts().add(account);
  }),
               service::StoreError);
  EXPECT_EQ(mark(*registry_), 0u);
}

TEST_F(RegistryContract, AViewCannotWrite) {
  EXPECT_THROW(registry_->read([](Transaction& tx) { tx.marks().set(kKey, 9); }), service::StoreError);
  EXPECT_EQ(mark(*registry_), 0u);
}

TEST_F(RegistryContract, AViewWaitsForNoWriterAndSeesTheLastCommit) {
  set_mark(*registry_, 1);
  registry_->transact([&](Transaction& tx) {
    tx.marks().set(kKey, 2);
    EXPECT_EQ(mark(*registry_), 1u);
  });
  EXPECT_EQ(mark(*registry_), 2u);
}

TEST_F(RegistryContract, WritersOfAllProcessesExcludeEachOther) {
  constexpr int kWriters = 4;
  constexpr std::uint64_t kEach = 25;
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int i = 0; i < kWriters; ++i)
    threads.emplace_back([&] {
      try {
        const auto process = open();
        for (std::uint64_t n = 0; n < kEach; ++n)
          process->transact([](Transaction& tx) { tx.marks().set(kKey, tx.marks().get(kKey) + 1); });
      } catch (const std::exception&) {
        ++failures;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(mark(*registry_), kWriters * kEach) << "no increment is lost";
}

TEST_F(RegistryContract, ObserversHearOfCommitsOnly) {
  std::vector<size_t> heard;
  registry_->on_commit([&](const std::vector<service::Happening>& happenings) { heard.push_back(happenings.size()); });
  registry_->transact([](Transaction& tx) {
    tx.marks().set(kKey, 1);
    tx.happened({"mail", {}});
  });
  (void)registry_->transact([](Transaction& tx) -> Status {
    tx.happened({"mail", {}});
    return fail("no", "not this");
  });
  registry_->read([](Transaction& tx) { return tx.marks().get(kKey); });
  EXPECT_THAT(heard, testing::ElementsAre(1u));
}

TEST_F(RegistryContract, TheNewestCommitIsKnownBeforeAnythingIsOpened) {
  const ScratchDirectory fresh;
  EXPECT_EQ(store::newest_commit(store::parse_store_url(registry_url(fresh))), Time{});
  clock_.advance_to(kStart + std::chrono::hours(1));
  set_mark(*registry_, 1);
  EXPECT_EQ(store::newest_commit(url_), kStart + std::chrono::hours(1));
}

TEST_F(RegistryContract, KeysCountOnAndAreNotGivenTwice) {
  const service::AttemptKey key{service::AttemptKind::login, "subject"};
  const auto add = [&](Transaction& tx) { return tx.attempts().add(key, kStart + std::chrono::hours(1)); };
  const auto first = registry_->transact(add);
  registry_->transact([&](Transaction& tx) { tx.attempts().remove(first); });
  EXPECT_GT(registry_->transact(add), first);
}

TEST_F(RegistryContract, RevokedKeysAreCounted) {
  const auto revoked = [&] { return registry_->read([](Transaction& tx) { return tx.inventory().revoked_keys(); }); };
  registry_->transact([&](Transaction& tx) {
    ASSERT_TRUE(tx.inventory().import({kKey.gateway_id, "hash", "key one"}));
    ASSERT_TRUE(tx.inventory().add_key(kKey.gateway_id, "key two"));
  });
  EXPECT_EQ(revoked(), 0);
  registry_->transact([&](Transaction& tx) { ASSERT_TRUE(tx.inventory().revoke_key("key one", tx.now())); });
  EXPECT_EQ(revoked(), 1);
}

TEST_F(RegistryContract, TextComesBackAsItWent) {
  const std::string text = "花子 𠮷 'quoted' \"double\" \\ :name $1 ; -- %";
  registry_->transact([&](Transaction& tx) { tx.audit().write({text, "", "act", text, "ok"}); });
  const auto rows = registry_->read([](Transaction& tx) { return tx.audit().newest_first({}, 10); });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].entry.actor, text);
  EXPECT_EQ(rows[0].entry.object, text);
}

TEST_F(RegistryContract, ADatabaseOfANewerProgramIsRefused) {
  registry_.reset();
  try {
    store::open_registry({url_, store::Durability::normal, scratch_.path()}, clock_, texts_);
    FAIL() << "no migrations there, but the database has some";
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("expected the program that made it"));
  }
}

TEST(RegistryOfNoKind, IsRefused) {
  const SteppedClock clock(kStart);
  const NoTexts texts;
  EXPECT_THROW(store::open_registry(
                   {store::parse_store_url("clickhouse://127.0.0.1:8123"), store::Durability::full, {}}, clock, texts),
               BadInput);
}

}  // namespace
}  // namespace v2x::test
