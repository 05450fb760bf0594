// What an operator does to accounts, terms and mails, and reads of trails. Passwords are neither asked for nor
// shown.
#pragma once

#include <cstdint>
#include <string>

#include "backend/app/options.hpp"

namespace v2x::app {

/// Prints who it is, its state, its gateways or links, and the terms that it agreed to. Throws BadInput for a user ID
/// that nobody has, as lock_account does.
void show_account(const BackendOptions& options, const std::string& login_id);
/// A locked account cannot log in, and its web sessions end at once. Its gateways, links and mails stay as they are.
void lock_account(const BackendOptions& options, const std::string& login_id, bool locked);

/// Prints the versions of the terms and which of them is in effect at the time of the newest commit.
void show_terms(const BackendOptions& options);
struct NewTerms {
  std::string of;  ///< customers, dealers
  std::string file;
  std::string from;  ///< day, YYYY-MM-DD, in effect from 00:00 JST on
};
/// From that day on every log-in asks for agreement first (REG-30). A running service knows of them at once. Throws
/// BadInput when the file is no text or the day is none that is to come.
void publish_terms(const BackendOptions& options, const NewTerms& terms);

/// Prints the trail of mail decisions, one line each; only those of an address unless `address` is empty.
void show_mails(const BackendOptions& options, const std::string& address);
/// Sends a mail again that failed, expired ones excepted. Throws BadInput when there is no such mail.
void resend_mail(const BackendOptions& options, std::int64_t outbox_id);

struct AuditFilter {
  int last = 100;
  std::string actor;  ///< "account 12", "dealer 4001", "operator"; empty: all
  std::string act;    ///< "login", "claim", "link"; empty: all
};
/// Prints the newest rows of the audit log, oldest of them first.
void show_audit(const BackendOptions& options, const AuditFilter& filter);

}  // namespace v2x::app
