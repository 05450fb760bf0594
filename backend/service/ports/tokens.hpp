// URLs in mails: single-use tokens, of which only the hash is kept.
#pragma once

#include <optional>
#include <string>

#include "common/clock.hpp"

namespace v2x::service {

/// What a token is good for; the word is stored with it.
enum class TokenPurpose {
  customer_registration,
  dealer_registration,
  contact_verification,
  password_reset,
  mail_change
};
std::string to_string(TokenPurpose purpose);

struct LinkToken {
  std::string hash;
  TokenPurpose purpose = TokenPurpose::customer_registration;
  std::int64_t subject = 0;  ///< id of the registration, contact or account
  Time expires{};
  std::optional<Time> used;
  int wrong = 0;  ///< wrong telephone numbers in a row
  std::optional<Time> locked_until;
};

class Tokens {
 public:
  virtual ~Tokens() = default;
  virtual std::optional<LinkToken> find(TokenPurpose purpose, const std::string& hash) = 0;
  /// Unused tokens of the same purpose and subject die: the newest URL wins.
  virtual void add(const LinkToken& token) = 0;
  virtual void use(const std::string& hash) = 0;
  virtual void count_wrong(const std::string& hash, int wrong, std::optional<Time> locked_until) = 0;
};

}  // namespace v2x::service
