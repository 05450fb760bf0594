#include "backend/service/secrets.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "common/log.hpp"

namespace v2x::service {
namespace {

constexpr size_t kBytes = 32;  // SEC-02: 256 bit
using Bytes = std::array<unsigned char, kBytes>;

void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (ready) return;
  log::error("libsodium cannot start: there is no source of randomness");
  std::abort();
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64url(const Bytes& bytes) {
  std::array<char, sodium_base64_ENCODED_LEN(kBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

}  // namespace

std::string new_token() {
  need_sodium();
  Bytes bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return base64url(bytes);
}

bool is_token(std::string_view text) {
  constexpr size_t kLength = sodium_base64_ENCODED_LEN(kBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING) - 1;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return text.size() == kLength && std::all_of(text.begin(), text.end(), allowed);
}

std::string hash_of(std::string_view token) {
  need_sodium();
  Bytes digest;
  crypto_generichash(digest.data(), digest.size(), raw(token), token.size(), nullptr, 0);
  std::array<char, kBytes * 2 + 1> text{};
  return sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
}

std::string csrf_of(std::string_view session_token) {
  need_sodium();
  constexpr std::string_view kPurpose = "csrf ";
  const std::string message = std::string(kPurpose) + std::string(session_token);
  Bytes digest;
  crypto_generichash(digest.data(), digest.size(), raw(message), message.size(), nullptr, 0);
  return base64url(digest);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace v2x::service
