// Who might get a gateway's alarm mails at this moment, with what speaks for and against it (ALARM-06).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2x::service {

/// A dealer's contact, the owner, or a linked dealer without any contact.
struct Listener {
  std::string mail{};         ///< empty: the dealer has no contact
  std::string recipient{};    ///< "contact 3", "account 7"; of a dealer without contact "dealer 4001"
  std::string dealer_name{};  ///< empty for the owner
  bool verified = false;
  bool wants_faults = false;
  bool wants_offline = false;
};

struct Audience {
  std::int64_t ownership_id = 0;
  std::string site_name;
  std::string owner_name;  ///< 姓 + space + 名
  int linked_dealers = 0;
  std::vector<Listener> listeners;  ///< by link, then by contact; the owner is the last
};

class Audiences {
 public:
  virtual ~Audiences() = default;
  /// Of the current ownership; nullopt when nobody owns the gateway.
  virtual std::optional<Audience> of(const std::string& gateway_id) = 0;
};

}  // namespace v2x::service
