// What the registry on PostgreSQL does beside the contract of all registries: lost connections.
#include <gtest/gtest.h>

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/marks.hpp"
#include "backend/store/open.hpp"
#include "common/jst.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/store/end_connections.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {
namespace {

using service::Transaction;

struct NoTexts final : service::MailTexts {
  service::MailText render(const service::OutboxMail&) const override { return {"subject", "body"}; }
};

TEST(RegistryOnPostgres, ALostConnectionCostsNothing) {
  const service::StreamKey key{"01AB12345678", "00112233445566778899aabbccddeeff"};
  ScratchDirectory scratch;
  SteppedClock clock(parse_time("2026-04-01T12:00:00+09:00").value());
  const NoTexts texts;
  const std::string url = postgres_url(scratch);
  const auto registry = store::open_registry(
      {store::parse_store_url(url), store::Durability::normal, resource("migrations")}, clock, texts);
  const auto mark = [&] { return registry->read([&](Transaction& tx) { return tx.marks().get(key); }); };
  EXPECT_EQ(mark(), 0u) << "now there is a reader beside the writer";
  end_all_connections(url);
  registry->transact([&](Transaction& tx) { tx.marks().set(key, 7); });
  EXPECT_EQ(mark(), 7u);
}

}  // namespace
}  // namespace v2x::test
