// Tokens for mail links and web sessions: random, given out once, kept only as hashes (SEC-02).
#pragma once

#include <string>
#include <string_view>

namespace v2x::service {

/// 256 random bits as base64url: 43 characters of [A-Za-z0-9_-].
std::string new_token();
/// Whether it has the form of new_token().
bool is_token(std::string_view text);
/// BLAKE2b-256 in hexadecimal: what a store may know of a token.
std::string hash_of(std::string_view token);
/// The _csrf value of a browser session: derived from its token, so that it needs no storage and dies with it.
std::string csrf_of(std::string_view session_token);
/// Takes the same time wherever the two differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace v2x::service
