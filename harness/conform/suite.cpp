#include "harness/conform/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "common/bad_input.hpp"
#include "common/curve_key_file.hpp"
#include "common/jst.hpp"
#include "common/nearest.hpp"
#include "common/scratch_directory.hpp"
#include "harness/conform/case_run.hpp"
#include "harness/run/progress.hpp"
#include "harness/run/run_folder.hpp"
#include "harness/world/gateway_file.hpp"
#include "harness/world/port_block.hpp"

namespace v2x::conform {
namespace {

namespace fs = std::filesystem;
using run::ExitCode;
using std::chrono::milliseconds;

constexpr milliseconds kFirstHello{300'000};  // default: a person connects the gateway meanwhile
constexpr milliseconds kOwnHello{30'000};     // default
constexpr const char* kFolder = "conform/";   // of the scenarios' names in the record

/// The secret key in `file`, which is made when it isn't there.
CurveKeyPair kept_key_pair(const fs::path& file) {
  if (!fs::exists(file)) {
    const CurveKeyPair keys = make_curve_key_pair();
    std::ofstream out(file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    if (!(out << keys.secret_key << "\n" << std::flush))
      throw BadInput(file.string() + ": cannot be written, expected a place for keys");
    return keys;
  }
  const auto secret = read_curve_key(file);
  if (!secret) throw BadInput(secret.error().message);
  return {curve_public_key(*secret), *secret};
}

std::map<Hook, std::string> parse_hooks(const std::vector<std::string>& words) {
  std::map<Hook, std::string> commands;
  std::vector<std::string> names;
  for (const Hook hook : hooks()) names.push_back(to_string(hook));
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw BadInput("--hook: " + unknown_word(name, "hook", names));
    if (equals == std::string::npos || equals + 1 == word.size())
      throw BadInput(fmt::format("--hook: '{}' has no command, expected {}=COMMAND", word, name));
    commands[hooks()[static_cast<size_t>(found - names.begin())]] = word.substr(equals + 1);
  }
  return commands;
}

std::vector<const Case*> select(const std::vector<std::string>& names) {
  std::vector<const Case*> selected;
  for (const std::string& name : names) selected.push_back(&find_case(name));
  if (names.empty())
    for (const Case& one : cases()) selected.push_back(&one);
  return selected;
}

/// Directories, ports and processes of one run, in the order in which they must go away.
class Suite {
 public:
  explicit Suite(const SuiteOptions& options)
      : options_(options),
        selected_(select(options.cases)),
        hooks_(parse_hooks(options.hooks)),
        folder_(options.results, facts()),
        progress_(options.json ? stderr : stdout, selected_.size()),
        clock_(RealtimeClock::system()),
        keys_(options.run_own ? scratch_.path() / "keys" : options.keys),
        service_(telemetry_port(), server_keys(), clock_),
        units_(messaging_, {options.programs, options.world, logs(), scratch_.path(), modbus_port()}) {}

  ExitCode run() {
    if (const Status ready = get_ready(); !ready) {
      fmt::print(stderr, "v2x: {}\n", ready.error().message);
      return ExitCode::bench_error;
    }
    for (const Case* one : selected_) {
      if (interrupted()) break;
      run_case(*one);
    }
    if (own_)
      if (const Status stopped = own_->stop(); !stopped) fmt::print(stderr, "v2x: {}\n", stopped.error().message);
    if (const Status stopped = units_.stop(); !stopped) fmt::print(stderr, "v2x: {}\n", stopped.error().message);
    const ExitCode code = folder_.finish(results_, options_.json);
    return interrupted() ? ExitCode::interrupted : code;
  }

 private:
  bool interrupted() const { return options_.interrupted && *options_.interrupted; }
  fs::path logs() const { return folder_.path() / "conform" / "logs"; }
  int telemetry_port() const { return options_.run_own ? ports_.port(0) : options_.telemetry_port; }
  int modbus_port() const { return options_.run_own ? ports_.port(1) : options_.modbus_port; }

  run::RunFacts facts() const {
    run::RunFacts facts;
    facts.command = options_.command;
    facts.clock = "realtime";
    facts.selection = {{"paths", {"conform"}}, {"tags", run::Json::array()}, {"skip", run::Json::array()}};
    for (const Case* one : selected_) facts.scenarios.push_back(kFolder + one->name);
    return facts;
  }

  CurveKeyPair server_keys() const {
    fs::create_directories(keys_);
    return kept_key_pair(keys_ / "server.key");
  }

  Status get_ready() {
    const fs::path key_file = keys_ / "gateway.key";
    std::set<std::string> accepted{kept_key_pair(key_file).public_key};
    accepted.insert(options_.accepted_keys.begin(), options_.accepted_keys.end());
    service_.accept(accepted);
    fs::create_directories(logs());
    if (Status started = units_.start(); !started) return started;
    if (options_.run_own) {
      if (Status started = start_own(key_file); !started) return started;
    } else {
      owner_ = std::make_unique<CommandOwner>(hooks_, logs());
      tell_person(key_file);
    }
    bench_ = std::make_unique<Bench>(service_, units_, *owner_, clock_,
                                     Bench::Patience{std::chrono::seconds(options_.patience_s)},
                                     Bench::KeyFiles{keys_, accepted});
    return wait_for_gateway();
  }

  Status start_own(const fs::path& key_file) {
    const fs::path directory = scratch_.path() / "gateway";
    const fs::path spool = directory / "gateway.spool";
    world::GatewayService service{service_.endpoint(), service_.public_key(), {key_file}, spool};
    service.brisk = true;
    auto own = std::make_unique<OwnGateway>(OwnGateway::Options{
        options_.programs, directory, logs(), world::gateway_file(units_.site(), service), key_file, spool});
    own_ = own.get();
    owner_ = std::move(own);
    return own_->start();
  }

  void tell_person(const fs::path& key_file) const {
    std::FILE* out = options_.json ? stderr : stdout;
    fmt::print(out, "{:<16} {:<8} {:<20} {:<14} {}\n", "unit", "kind", "Modbus TCP", "RTU", "unit id");
    const std::string site = units_.site().value("name", "");
    for (const Json& unit : units_.site().at("units"))
      fmt::print(out, "{:<16} {:<8} {:<20} {:<14} {}\n", site + "." + unit.value("name", ""), unit.value("kind", ""),
                 unit.value("tcp", ""), unit.value("pty", ""), unit.value("unit_id", 0));
    fmt::print(out,
               "\nTelemetry: {}\n  server key  {}\n  gateway's   {} (its secret key), or one given by --accept\n"
               "\nWaiting for the gateway's Hello, {} s at most …\n",
               service_.endpoint(), service_.public_key(), key_file.string(), kFirstHello.count() / 1000);
    std::fflush(out);
  }

  Status wait_for_gateway() {
    const milliseconds patience = own_ ? kOwnHello : kFirstHello;
    const SteadyTime until = steady_now() + patience;
    while (service_.stream().empty() && steady_now() < until && !interrupted()) {
      service_.serve(milliseconds(100));
      if (auto end = died()) return fail("bench", *end);
    }
    if (!service_.stream().empty() || interrupted()) return done();
    return fail("bench", fmt::format("no gateway said Hello within {} s; {} handshakes with unknown keys were refused",
                                     patience.count() / 1000, service_.handshakes_refused()));
  }

  std::optional<std::string> died() {
    if (auto end = units_.died_unasked()) return end;
    return own_ ? own_->died_unasked() : std::nullopt;
  }

  void run_case(const Case& one) {
    CaseRun::Options options;
    options.name = kFolder + one.name;
    options.directory = folder_.path() / options.name;
    options.world = options_.world.stem().string();
    options.reproduce = fmt::format("v2x conform gateway {}{}", one.name, options_.run_own ? " --run-own" : " …");
    options.skip =
        one.needs && !owner_->can(*one.needs) ? fmt::format("needs --hook {}=COMMAND", to_string(*one.needs)) : "";
    options.died = [this] { return died(); };
    run::ScenarioResult result = CaseRun(one, *bench_, options).run();
    progress_.finished(result);
    results_.push_back(std::move(result));
  }

  const SuiteOptions& options_;
  std::vector<const Case*> selected_;
  std::map<Hook, std::string> hooks_;
  run::RunFolder folder_;
  run::Progress progress_;
  RealtimeClock clock_;
  ScratchDirectory scratch_;
  world::PortBlock ports_{world::PortBlock::default_locks()};
  fs::path keys_;
  MessagingContext messaging_;
  Service service_;
  Units units_;
  std::unique_ptr<Owner> owner_;
  OwnGateway* own_ = nullptr;  ///< owner_, when it is ours
  std::unique_ptr<Bench> bench_;
  std::vector<run::ScenarioResult> results_;
};

}  // namespace

ExitCode run_suite(const SuiteOptions& options) {
  return Suite(options).run();
}

}  // namespace v2x::conform
