// Everything that the steps of one scenario work on: its boxes, its clock, its people, its mails, its record.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/actors/mail.hpp"
#include "harness/actors/people.hpp"
#include "harness/run/curves.hpp"
#include "harness/run/outcome.hpp"
#include "harness/run/record.hpp"
#include "harness/scenario/steps.hpp"
#include "harness/world/browser_host.hpp"
#include "harness/world/conductor.hpp"
#include "harness/world/stage.hpp"

namespace v2x::run {

/// What people act through.
enum class Via { http, browser };
std::string to_string(Via via);

/// Belongs to the scenario's thread.
class Session {
 public:
  /// `record` is null during set-up: nothing of it is compared. People act through `browsers`, which run; over HTTP
  /// when it is null. `pictures`: of each page at its first sight, not only where a step asks for them.
  Session(const scenario::Scenario& scenario, world::Stage& stage, Record* record, world::BrowserHost* browsers,
          bool pictures);

  const scenario::Scenario& scenario() const { return scenario_; }
  world::Stage& stage() { return stage_; }
  actors::People& people() { return people_; }
  Via via() const { return browsers_ ? Via::browser : Via::http; }
  world::Conductor& clock() { return clock_; }
  Time now() const { return clock_.now(); }

  /// Moves time to `t`, drawing curves on the way; stops early when a `never` or an invariant is broken.
  Result<world::Stop> advance_to(Time t);
  /// Moves time until one of `until` holds, at most to `t`.
  Result<world::Stop> wait_until(Time t, const std::vector<Json>& until);
  /// What people did takes effect now, mails too.
  Status settle();

  /// All mails since the scenario's start, in the order of their arrival.
  std::vector<actors::Mail>& mails() { return mails_; }
  /// The newest mail of this kind to this address that brings a URL. Error "page" when there is none.
  Result<std::string> mailed_url(const std::string& address, const std::vector<std::string>& kinds) const;

  Result<Json> read(const std::string& path);
  /// The simulator's verb as a step's result: passed, or the error that it is.
  StepResult tell_simulator(const std::string& verb, Json arguments, const std::string& who, const std::string& text);
  /// Something that the harness did or saw, into the record.
  void note(Json event);
  Record* record() { return record_; }
  /// Number of the step that runs now, from 1.
  int step = 0;

  /// The explanation of a wait that ended in vain.
  Explanation explain(std::string waited_for, std::string nearest_miss, std::string would_release) const;
  /// The breach of a `never` or an invariant that stopped time; empty when there was none.
  const std::string& breach() const { return breach_; }
  /// Forgets mails and browsers of the set-up.
  void begin();

 private:
  std::unique_ptr<actors::Browser> make_browser(const std::string& person, const std::string& address);
  void on_event(Time at, const Json& event);
  void on_page(const std::string& person, const actors::View& view);
  void collect_mails();
  void keep_stop(const world::Stop& stop);
  Status draw();

  const scenario::Scenario& scenario_;
  world::Stage& stage_;
  Record* record_;
  world::BrowserHost* browsers_;
  bool pictures_;
  actors::People people_;
  world::Conductor clock_;
  Curves curves_;
  std::vector<actors::Mail> mails_;
  std::map<std::string, Time> mail_times_;  ///< by Message-ID, as the backend told
  std::string breach_;

 public:
  const Curves& curves() const { return curves_; }
};

/// An Error of people or boxes as a step's result: the product's fault, or the bench's.
StepResult to_result(const Error& error);
StepResult to_result(const Status& status, std::string detail = {});

}  // namespace v2x::run
