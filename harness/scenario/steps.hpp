// The steps of a scenario, typed: what the loader makes and the runner performs. One struct per verb.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/clock.hpp"
#include "harness/scenario/page_table.hpp"
#include "harness/scenario/paths.hpp"

namespace v2x::scenario {

// time
struct Advance {
  Duration by{};
};
struct At {
  Duration time_of_day{};  ///< the next instant, after now, with this JST time of day
};

// plant and devices
struct Setting {
  std::string path;
  Json value;
  std::string shown;
};
struct Set {
  std::vector<Setting> settings;
  std::optional<Duration> lasting;  ///< `for`
};
struct Clear {
  std::string path;
};
struct Vehicle {
  std::string site;
  std::string act;  ///< plug, unplug
};
struct Gateway {
  std::string site;
  std::string act;  ///< reboot, power_off, power_on
};
struct Wan {
  std::string site;
  std::string kind;  ///< up, down
};

// processes
struct Process {
  enum class Act { kill, stop, start };
  Act act = Act::kill;
  std::string who;  ///< backend
};
struct FailAt {
  std::string point;  ///< contracts/fail_points.yaml
  std::string act;    ///< crash, error
  int count = 1;      ///< the point is passed this often
};

// people: all of them name a customer or a dealer of the world
struct Register {
  std::string customer;
  std::string site;  ///< whose gateway
};
struct DealerSignUp {
  std::string dealer;
};
struct Activate {
  std::string person;
};
struct LogIn {
  std::string person;
  std::string where;  ///< management, entry, monitoring
};
struct LogOut {
  std::string person;
  std::string where;
};
struct Link {
  std::string customer;
  std::string dealer;
  std::string site;
};
struct Contacts {
  std::string dealer;
  std::vector<std::string> names;
  bool verify = true;
};
struct Page {
  std::string person;
  const PageName* page = nullptr;
  std::string site;  ///< whose gateway, when the page shows one
  std::vector<std::pair<std::string, std::string>> fill;
  std::string press;  ///< element id of a button
  std::vector<std::pair<std::string, std::string>> shows;
  std::string contains;
  int status = 200;
};

// checks
struct Expect {
  Condition condition;
  std::optional<Duration> within;
  std::optional<Duration> lasting;  ///< `for`; neither: now
};
struct Mail {
  std::string to;  ///< address
  std::string kind;
  std::string subject;
  std::vector<std::string> contains;
  std::optional<Duration> within;
  std::optional<int> exactly;
  bool none = false;
};
struct Measure {
  std::string name;
  std::string path;
  std::string unit;
  std::optional<double> low;
  std::optional<double> high;
  std::string why;
};
struct Truth {
  std::string person;
  std::string site;
  const PageName* page = nullptr;
  double tolerance_wh = 100;  // scenarios.md §1: within 0.1 kWh
};
struct Ledger {
  std::string site;
};

using Act = std::variant<Advance, At, Set, Clear, Vehicle, Gateway, Wan, Process, FailAt, Register, DealerSignUp, Activate,
                         LogIn, LogOut, Link, Contacts, Page, Expect, Mail, Measure, Truth, Ledger>;

struct Step {
  std::string verb;
  std::string text;   ///< the source, one line
  std::string place;  ///< "scenarios/faults/x.yaml:12"
  Act act;
};

/// One scenario, checked: everything it names exists.
struct Scenario {
  std::string name;  ///< "faults/trip_codes@E1-1"
  std::string path;  ///< "scenarios/faults/trip_codes.yaml"
  std::string title;
  std::string why;
  std::vector<std::string> covers;
  std::vector<std::string> tags;
  Time start{};
  std::string case_name;
  std::vector<std::pair<std::string, std::string>> case_values;
  std::vector<Step> steps;
  std::vector<Condition> never;
  World world;
};

}  // namespace v2x::scenario
