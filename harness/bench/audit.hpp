// After a load: is every record that was acknowledged stored, and exactly once?
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/bench/bench_backend.hpp"
#include "harness/bench/generator.hpp"

namespace v2x::bench {

struct Audit {
  std::uint64_t acknowledged = 0;  ///< highest numbers that gateways were told, summed
  std::uint64_t stored = 0;
  std::uint64_t missing = 0;  ///< acknowledged and not in the store, or a hole below the store's mark
  std::uint64_t doubled = 0;
  std::uint64_t put_aside = 0;
  std::uint64_t asked_again = 0;  ///< acknowledged, and then the service asked for it: a gateway may have deleted it
  std::string first_finding;      ///< names a gateway; empty when all is well

  bool clean() const { return missing == 0 && doubled == 0 && asked_again == 0; }
  nlohmann::json json() const;
};

/// What one gateway was told against what its streams' ledgers count; adds to `audit`. `streams`: the answer of the
/// control verb `ledger`.
void hold(const GatewayBook& book, const nlohmann::json& streams, Audit& audit);

/// Kills the service and starts it again, so that only what was durable counts, and asks for each gateway's ledger,
/// which it counts from the store's rows.
Result<Audit> audit(BenchBackend& backend, const std::vector<GatewayBook>& books);

}  // namespace v2x::bench
