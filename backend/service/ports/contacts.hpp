// 保守担当者: mail addresses of a dealer that get alarm mails once they are verified.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2x::service {

enum class ContactState { pending, verified, undeliverable };
std::string to_string(ContactState state);

struct Contact {
  std::int64_t id = 0;
  int dealer_id = 0;
  std::string name;
  std::string mail;
  ContactState state = ContactState::pending;
  bool notify_fault = true;
  bool notify_offline = true;
  int mails = 0;  ///< how many times it was asked to confirm
};

class Contacts {
 public:
  virtual ~Contacts() = default;
  virtual std::vector<Contact> of_dealer(int dealer_id) = 0;
  virtual std::optional<Contact> find(std::int64_t id) = 0;
  virtual std::int64_t add(const Contact& contact) = 0;
  /// Everything but id and dealer. A change of state begins a new count of failures.
  virtual void update(const Contact& contact) = 0;
  /// Whether a mail to a contact with this address (without case) was taken, or refused for good. The contacts that
  /// just failed `most` times in a row are undeliverable from now on (MAIL-04).
  virtual void note_delivery(const std::string& mail, bool delivered, int most) = 0;
  virtual void remove(std::int64_t id) = 0;
};

}  // namespace v2x::service
