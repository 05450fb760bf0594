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
/// Sets or clears the physical cause of a fault code.
struct Fault {
  std::string unit;  ///< "home.pcs1"
  std::string code;
  bool inject = true;  ///< false: repair
};
struct Vehicle {
  std::string site;
  std::string act;      ///< plug, unplug, depart, return
  bool forced = false;  ///< of unplug: also a locked plug, at once
  double trip_wh = 0;   ///< of return
};
/// Somebody turns the unit's run switch off and on again.
struct Reset {
  std::string unit;
};
struct Gateway {
  std::string site;
  std::string act;             ///< reboot, power_off, power_on, lose_spool, skew, confirm_units
  std::optional<Duration> by;  ///< of skew: how far its clock is ahead
};
struct Bus {
  std::string unit;  ///< "home.pcs2"
  Json arguments;    ///< of the control verb
  std::string shown;
};
/// A request of a master that is no gateway of ours.
struct Modbus {
  std::string unit;
  int function = 3;  ///< 3, 4, 6, 16
  int first = 0;
  int count = 1;
  std::vector<std::uint16_t> values;  ///< that are written, or must be read
  std::optional<int> exception;       ///< that must be the answer
  bool silent = false;                ///< no answer may come
  std::string shown;

  bool writes() const { return function == 6 || function == 16; }
};
struct Wan {
  std::string site;
  Json arguments;  ///< of the control verb
  std::string shown;
};
/// How the mail server behaves from now on.
struct Smtp {
  std::string kind;          ///< up, down, refuse_4xx, refuse_5xx, drop_after_data, slow
  std::string to;            ///< only mails to this address; empty: all
  std::optional<int> times;  ///< so many mails, then up again
};

// processes
struct Process {
  enum class Act { kill, stop, start, pause };
  Act act = Act::kill;
  std::string who;  ///< backend, mail_server
};
struct FailAt {
  std::string point;  ///< contracts/fail_points.yaml
  std::string act;    ///< crash, error
  int count = 1;      ///< the point is passed this often
};
/// A fault comes and goes while the backend is killed again and again: one alarm mail and one recovery each.
struct Crashes {
  int count = 0;
  Setting fault;
  std::vector<std::string> to;  ///< addresses
};

// people: all of them name a customer or a dealer of the world
using FieldTexts = std::vector<std::pair<std::string, std::string>>;

/// What a page must say instead of going on; empty when nothing is refused.
struct Refused {
  std::string text;   ///< anywhere on the page
  FieldTexts beside;  ///< field: text in its #err-<field>

  bool wanted() const { return !text.empty() || !beside.empty(); }
};
/// How an errand departs from what the world's people would enter, and how it ends then.
struct Deviation {
  FieldTexts with;
  Refused refused;
};
struct Register {
  std::string customer;
  std::string site;  ///< whose gateway
  Deviation deviation;
};
struct DealerSignUp {
  std::string dealer;
  Deviation deviation;
};
struct Activate {
  std::string person;
  Deviation deviation;
};
struct LogIn {
  std::string person;
  std::string where;  ///< management, entry, monitoring
  Deviation deviation;
};
struct Claim {
  std::string customer;
  std::string site;
  Deviation deviation;
};
/// By the customer, or by the dealer, who ends the care.
struct Unlink {
  std::string person;
  std::string dealer;
  std::string site;
  Deviation deviation;
};
struct Release {
  std::string customer;
  std::string site;
  Deviation deviation;
};
struct ChangeProfile {
  std::string person;
  Deviation deviation;
  bool verify = true;  ///< a new mail address is confirmed by the mailed URL
};
struct ChangePassword {
  std::string person;
  std::string to;
  Deviation deviation;
};
/// Asks for the mail and sets a new password with its URL.
struct ForgotPassword {
  std::string person;
  std::string to;
  Deviation deviation;
};
struct LogOut {
  std::string person;
  std::string where;
};
struct Link {
  std::string customer;
  std::string dealer;
  std::string site;
  Deviation deviation;
};
struct Contacts {
  std::string dealer;
  std::vector<std::string> names;
  bool verify = true;
  Deviation deviation;
};
/// 「現在値の取得」 on M08.
struct ReadSettings {
  std::string person;
  std::string site;
  Refused refused;
  std::string result;  ///< what M10 says; empty: the values are shown
};
/// M08 to M10; reads first where nothing was read yet.
struct ChangeSettings {
  std::string person;
  std::string site;
  Deviation deviation;
  std::string result;  ///< what M10 says in the end
  bool wait = true;    ///< until the request is final
};
/// What the file says from now on that the backend takes forecasts and warnings from.
struct Weather {
  std::string area;      ///< a prefecture's code
  std::string tomorrow;  ///< sunny, partly, cloudy, rain, snow, unknown; empty: stays as it is
  std::optional<bool> warning;
  std::string shown;
};
/// An act of the operator, who has v2x-backend's command line and no page.
struct Operator {
  std::string act;        ///< publish_terms, release, lock, unlock
  std::string terms_for;  ///< customers, dealers
  std::string from;       ///< first day of the terms, YYYY-MM-DD
  std::string terms;      ///< their text
  std::string site;       ///< whose gateway is released
  std::string person;     ///< whose account is locked or unlocked
  std::string shown;
};
struct Page {
  enum class Begin { open, follow, back, renew, stay };
  std::string person;
  Begin begin = Begin::stay;
  const PageName* page = nullptr;  ///< that is opened, or must be shown
  std::string mail;                ///< whose URL is followed: "M-01"
  bool log_in = true;              ///< when a login page comes instead
  std::string site;                ///< whose gateway, when the page shows one
  FieldTexts fill;
  std::string press;                   ///< element id of a button
  const PageName* leads_to = nullptr;  ///< the page that must be shown in the end
  FieldTexts shows;                    ///< label of that page: text
  std::vector<std::string> contains;
  std::vector<std::string> lacks;
  Refused refused;
  std::optional<int> status;
  bool screenshot = false;  ///< through Chromium: of a phone's width and a PC's
};
/// A request of a person's app.
struct Api {
  std::string person;
  std::string method;
  std::string path;  ///< below /api/v1, with the gateway's ID in it
  Json body;         ///< null: none
  int status = 200;
  FieldTexts shows;  ///< member, like "today.pv_wh" or "faults.0.code": its value as text
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
  int days_ago = 0;           ///< of a page that shows whole days; else today so far
  Duration since{};           ///< time of day from which the totals count: of a claim
  double tolerance_wh = 100;  // scenarios.md §1: within 0.1 kWh
};
struct Ledger {
  std::string site;
};

using Act = std::variant<Advance, At, Set, Clear, Fault, Vehicle, Reset, Gateway, Bus, Modbus, Wan, Smtp, Process,
                         FailAt, Crashes, Register, DealerSignUp, Activate, LogIn, LogOut, Claim, Link, Unlink, Release,
                         ChangeProfile, ChangePassword, ForgotPassword, Contacts, ReadSettings, ChangeSettings, Weather,
                         Operator, Page, Api, Expect, Mail, Measure, Truth, Ledger>;

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
