// Attempts that are counted, so that nobody can try for ever: in the registry, so that counts hold over processes and
// restarts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

/// What is tried; the word is stored.
enum class AttemptKind {
  login,             ///< by account and address (SEC-07)
  login_of_address,  ///< SEC-07
  login_of_account,  ///< SEC-07
  registration,      ///< by address (SEC-09), as the following
  resend,
  reset,
  token_page,
  claim,
  gateway_password,  ///< by the gateway ID that was entered (GW-05)
  dealer_telephone,  ///< by the customer's account (LINK-01)
  api,               ///< by the app's token (SEC-09)
};
std::string to_string(AttemptKind kind);

struct AttemptKey {
  AttemptKind kind = AttemptKind::login;
  std::string subject;  ///< hash of whose attempts are counted together
};

class Attempts {
 public:
  virtual ~Attempts() = default;
  /// The times of the latest `most`, newest first.
  virtual std::vector<Time> newest(const AttemptKey& key, int most) = 0;
  /// Notes one now; it may be forgotten from `expires` on.
  virtual std::int64_t add(const AttemptKey& key, Time expires) = 0;
  virtual void remove(std::int64_t id) = 0;
  virtual void remove_all(const AttemptKey& key) = 0;
};

}  // namespace v2x::service
