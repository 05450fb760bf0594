// The fault catalogue (contracts/faults.yaml) as the simulator, the gateway, the backend, pages and mails read it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::contracts {

enum class FaultClass { grid, dc, thermal, hardware, comms, vehicle, island };
enum class Severity { notice, error };
enum class Effect { none, warn, derate, stop, trip };
enum class Recovery { automatic, manual, replug, service };

struct Fault {
  std::string code;      ///< "E1-1", "COM"; unique
  std::string title_ja;  ///< 系統過電圧
  std::string title_en;  ///< ASCII, ≤ 50 characters
  FaultClass fault_class = FaultClass::hardware;
  std::vector<std::string> applies;  ///< pv, ev, gateway, meter
  std::string detected_by;           ///< pcs, gateway, backend
  std::string condition;
  std::vector<std::pair<std::string, std::string>> inject;  ///< quantity path below the site or unit → value text
  std::vector<int> evt1_bits;                               ///< of 101.Evt1 and 701.Alrm
  std::vector<int> dc_alarm_bits;                           ///< of 714.DCAlrm
  Effect effect = Effect::none;
  Recovery recovery = Recovery::automatic;
  Duration recovery_wait{};
  int manual_after = 0;         ///< from this occurrence within an hour on a hand must recover it; 0 = never
  bool reconnect_wait = false;  ///< the reconnect wait follows
  Severity severity = Severity::error;
  bool mail = true;
  Duration hold{};  ///< before the mail (ALARM-03)

  /// Major and minor number of "E1-2"; 0, 0 for a word such as COM.
  int major() const;
  int minor() const;
  /// Which EvtVnd register pair (1–4) and bit carry this code; 0 when it has none. EvtVnd[(major+1)/2], bit minor,
  /// +16 when major is even.
  int vendor_register() const;
  int vendor_bit() const;
};

std::string to_string(FaultClass fault_class);

/// Immutable after loading; safe to share between threads.
class FaultCatalogue {
 public:
  static FaultCatalogue load();
  static FaultCatalogue load(const std::filesystem::path& file);

  const std::vector<Fault>& all() const { return faults_; }
  const Fault* find(const std::string& code) const;  ///< nullptr when unknown
  /// The fault that a vendor event bit stands for; nullptr when none does.
  const Fault* by_vendor_bit(int vendor_register, int bit) const;

 private:
  std::vector<Fault> faults_;
};

}  // namespace v2x::contracts
