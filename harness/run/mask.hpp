// Writes what is secret or drawn anew as a word in angle quotes, so that two runs of one seed leave the same bytes.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace v2x::run {

/// ‹host› for 127.0.0.1:port, ‹csrf›, ‹token› (43 characters of base64url), ‹request›: contracts/record.md.
std::string mask(const std::string& text);
/// The same for every text in `json`.
void mask(nlohmann::json& json);

}  // namespace v2x::run
