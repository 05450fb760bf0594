// The registry: accounts, gateways, links, alarms, outbox – everything that needs transactions. A port; backend/store
// implements it.
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "backend/service/happening.hpp"
#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::service {

class Accounts;
class AiControls;
class Alarms;
class Attempts;
class Audiences;
class Audit;
class Contacts;
class Drafts;
class Gateways;
class Inventory;
class Links;
class MailRequests;
class Marks;
class Outbox;
class PublishedTerms;
class Registrations;
class Sessions;
class Tariffs;
class SettingRequests;
class Tokens;

/// A store that could not do what it must: disk full, database locked for too long, schema unknown. The transaction
/// is rolled back; the caller's caller decides whether to try again.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One running transaction, valid only inside of the function that got it. References to repositories, too.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Service time when the transaction began: the stamp of everything that it writes.
  virtual Time now() const = 0;
  /// Published to Registry::on_commit when the transaction commits, forgotten when it doesn't.
  virtual void happened(Happening happening) = 0;

  virtual Outbox& outbox() = 0;
  virtual Alarms& alarms() = 0;
  virtual Marks& marks() = 0;
  virtual Inventory& inventory() = 0;
  virtual Audiences& audiences() = 0;
  virtual Audit& audit() = 0;
  virtual Attempts& attempts() = 0;

  virtual Accounts& accounts() = 0;
  virtual Registrations& registrations() = 0;
  virtual MailRequests& mail_requests() = 0;
  virtual Tokens& tokens() = 0;
  virtual Sessions& sessions() = 0;
  virtual Drafts& drafts() = 0;
  virtual Gateways& gateways() = 0;
  virtual Links& links() = 0;
  virtual Contacts& contacts() = 0;
  virtual PublishedTerms& published_terms() = 0;
  virtual Tariffs& tariffs() = 0;
  virtual SettingRequests& setting_requests() = 0;
  virtual AiControls& ai_controls() = 0;
};

namespace detail {
template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;
}  // namespace detail

/// Thread-safe. Writers exclude each other, readers see the last commit.
class Registry {
 public:
  virtual ~Registry() = default;

  /// Runs `work(Transaction&)` in one transaction and returns what it returns. Commits when it returns; rolls back
  /// when it throws or returns a Result without a value.
  template <class Work>
  auto transact(Work&& work) {
    return in_transaction(std::forward<Work>(work), [this](const Body& body) { write(body); });
  }
  /// As transact, but nothing may be written: a consistent view that waits for no writer.
  template <class Work>
  auto read(Work&& work) {
    return in_transaction(std::forward<Work>(work), [this](const Body& body) { view(body); });
  }

  /// Called after every committed transact, on its thread, outside of the transaction. Set once, at start.
  using Observer = std::function<void(const std::vector<Happening>&)>;
  virtual void on_commit(Observer observer) = 0;

 protected:
  /// Returns whether to commit.
  using Body = std::function<bool(Transaction&)>;
  virtual void write(const Body& body) = 0;
  virtual void view(const Body& body) = 0;

 private:
  template <class Work, class Run>
  static auto in_transaction(Work&& work, Run&& run) {
    using Value = std::invoke_result_t<Work, Transaction&>;
    if constexpr (std::is_void_v<Value>) {
      run([&](Transaction& transaction) { return work(transaction), true; });
    } else {
      std::optional<Value> value;
      run([&](Transaction& transaction) {
        value.emplace(work(transaction));
        if constexpr (detail::is_result<Value>) return value->has_value();
        return true;
      });
      return std::move(*value);
    }
  }
};

}  // namespace v2x::service
