// The run record as values: what contracts/record.md says, read from the files of one run. Reports know nothing else.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::reports {

/// The enumerators are the words of the record.
enum class Outcome { passed, failed, error, skipped };
inline constexpr std::array kOutcomes = {Outcome::failed, Outcome::error, Outcome::skipped,
                                         Outcome::passed};  // worst first
std::string to_text(Outcome outcome);

/// Why a wait failed, in texts for people.
struct Explanation {
  std::string waited_for;
  std::string nearest_miss;
  std::vector<std::string> last_events;
  std::string would_release;
};

struct Step {
  int n = 0;
  std::string verb;
  std::string text;  ///< as in the scenario file
  std::string at;    ///< file:line
  Time t;
  Time until;
  Outcome outcome = Outcome::error;
  std::optional<double> within_s;
  std::string detail;
  std::optional<Explanation> explanation;
};

struct Event {
  Time t;
  std::string what;
  std::string who;
  std::string text;
  int sent = 0;          ///< what "telemetry": records since the last such event
  int acknowledged = 0;  ///< likewise
  std::string act;       ///< what "process", "vehicle", "network", "write"
  bool cleared = false;  ///< what "fault", "alarm": it tells the end, not the beginning
};

struct Mail {
  Time t;
  std::string message_id;
  std::string kind;
  std::string from;
  std::string to;
  std::string subject;
  std::string body;
  int copies = 1;
};

struct Page {
  Time t;
  std::string as;
  std::string page;
  std::string method;
  std::string path;
  int status = 0;
  std::string file;                      ///< relative to the scenario's folder; may be empty
  std::string excerpt;                   ///< may be empty
  std::vector<std::string> screenshots;  ///< relative to the scenario's folder, from narrow to wide
};

struct Measurement {
  Time t;
  std::string name;
  double value = 0;
  std::string unit;
  std::optional<double> low;
  std::optional<double> high;
  Outcome outcome = Outcome::error;
  std::string why;
};

struct Ledger {
  std::string who;
  std::string stream;
  std::map<std::string, long> counts;  ///< made, acknowledged, stored, missing, doubled, put_aside, dropped
  Outcome outcome = Outcome::error;
};

/// A curve over virtual time.
struct Series {
  std::string path;
  std::string title;
  std::string unit;
  std::vector<std::pair<double, std::optional<double>>> points;  ///< seconds since start; no value: a gap
};

struct Scenario {
  std::string name;
  std::string path;
  std::string title;
  std::string why;
  std::vector<std::string> covers;
  std::vector<std::string> tags;
  std::string world;
  std::string case_name;  ///< empty without `cases:`
  std::string reproduce;
  Time start;
  Time end;
  double span_s = 0;                ///< simulated
  std::optional<double> elapsed_s;  ///< wall time, from run.json
  Outcome outcome = Outcome::error;
  std::string sentence;
  bool has_record = false;

  std::vector<Step> steps;
  std::vector<Event> events;
  std::vector<Mail> mails;
  std::vector<Page> pages;
  std::vector<Measurement> measurements;
  std::vector<Ledger> ledgers;
  std::vector<Series> series;
};

struct Run {
  std::filesystem::path directory;
  std::string name;     ///< of the directory
  std::string started;  ///< wall time, as text of the record
  std::optional<double> elapsed_s;
  bool finished = false;
  std::string seed;
  std::string command;
  std::string clock;
  std::vector<std::pair<std::string, std::string>> versions;
  std::vector<Scenario> scenarios;  ///< in the order of run.json, others behind by name
};

/// Fails with "no_record" when there is no readable run.json. A scenario whose record is missing, damaged or cut off is
/// part of the result, with the outcome `error` and a sentence that says so.
Result<Run> read_run(const std::filesystem::path& directory);

}  // namespace v2x::reports
