// The settings of the use cases for people. The values here are the defaults, which the tests use.
#pragma once

#include <chrono>
#include <string>

#include "backend/service/attempt_limits.hpp"
#include "common/clock.hpp"

namespace v2x::service {

/// Public bases of the four sites, without a slash at the end (SITE-01 … SITE-04).
struct PublicBases {
  std::string multi;
  std::string regist;
  std::string entry;
  std::string ctrl;
};

struct Settings {
  PublicBases bases;
  int link_valid_days = 7;                              // REG-22, DEAL-04
  Duration reset_link_lives = std::chrono::hours(24);   // AUTH-10
  Duration draft_lives = std::chrono::minutes(30);      // PAGE-04
  Duration session_idle = std::chrono::minutes(30);     // SEC-03
  Duration session_absolute = std::chrono::hours(12);   // SEC-03
  Duration app_idle = std::chrono::days(14);            // API-02
  Duration app_absolute = std::chrono::days(30);        // API-02
  int wrong_telephones = 5;                             // REG-24
  Duration lock_lasts = std::chrono::minutes(15);       // REG-24, SEC-07
  int registration_mails_an_hour = 3;                   // REG-26
  int registration_mails_a_day = 10;                    // REG-26
  AttemptLimits attempts = default_attempt_limits();    // SEC-07, SEC-09, GW-05, LINK-01
  Duration registrations_kept = std::chrono::days(30);  // REG-29: after the URL's death
  Duration logins_kept = std::chrono::days(400);        // AUTH-04
  Duration audit_kept = std::chrono::days(400);         // SEC-13
  Duration setting_history_kept = std::chrono::days(731);  // SET-07: 2 years
  int contacts_per_dealer = 10;                         // DEAL-04
  int gateways_per_account = 100;                       // GW-06
};

/// Where a request came from, for the audit log and the login history.
struct Caller {
  std::string address;
  std::string user_agent;
};

}  // namespace v2x::service
