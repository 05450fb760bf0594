// The catalogue of named quantities (contracts/quantities.yaml): what a device, a site, a car or a gateway publishes,
// in which unit, with which words, and what a scenario may set. Maps, models, control paths and scenarios are all
// checked against it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace v2x::contracts {

enum class QuantityAccess {
  r,    ///< published only
  rw,   ///< may be written by the bus
  pin,  ///< a physical cause: a scenario may `set` it and `clear` it
};

struct Quantity {
  std::string name;                ///< "ac.power", "dc[2].voltage" (indices written out)
  std::string unit;                ///< base unit of common/units; empty for counts, words and text
  std::vector<std::string> words;  ///< of an enumeration, numbered from 0; empty otherwise
  std::vector<std::string> bits;   ///< of a set of bits, bit 0 first; empty otherwise
  bool text = false;
  QuantityAccess access = QuantityAccess::r;
  std::string title;
};

/// Immutable after loading; safe to share between threads.
class QuantityCatalogue {
 public:
  /// Reads <share>/contracts/quantities.yaml; throws BadInput with its place.
  static QuantityCatalogue load();
  static QuantityCatalogue load(const std::filesystem::path& file);

  /// The owners: pv_pcs, ev_pcs, meter, site, car, gateway.
  std::vector<std::string> kinds() const;
  /// In file order, indices expanded. Throws BadInput for an unknown kind.
  const std::vector<Quantity>& of(const std::string& kind) const;
  /// nullptr when `kind` has no such quantity.
  const Quantity* find(const std::string& kind, const std::string& name) const;

 private:
  std::map<std::string, std::vector<Quantity>> kinds_;
};

}  // namespace v2x::contracts
