// Result<T>: a value or an Error, for what can fail at run time. The member names are those of std::expected.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace v2x {

/// What went wrong, as a word that programs compare and a sentence that people read.
struct Error {
  std::string code;     ///< lower_snake_case, part of the contract where it crosses a process boundary
  std::string message;  ///< one sentence: what, where, what was expected
};

/// `return fail("gap", "expected seq 12, got 14");` in any function that returns a Result.
struct Failure {
  Error error;
};
inline Failure fail(std::string code, std::string message) {
  return {{std::move(code), std::move(message)}};
}
inline Failure fail(Error error) {
  return {std::move(error)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}                  // NOLINT: implicit on purpose
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Result of an act that gives nothing back: `return done();` or `return fail(…);`.
using Status = Result<std::monostate>;
inline Status done() {
  return std::monostate{};
}

}  // namespace v2x
