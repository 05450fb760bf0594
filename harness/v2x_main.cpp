// v2x: runs scenarios, checks them, shows their reports, and opens a lab.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <map>

#include "common/bad_input.hpp"
#include "common/resources.hpp"
#include "harness/bench/ingest.hpp"
#include "harness/bench/references.hpp"
#include "harness/conform/cases.hpp"
#include "harness/conform/suite.hpp"
#include "harness/lab/lab.hpp"
#include "harness/lab/lab_commands.hpp"
#include "harness/run/run.hpp"
#include "harness/scenario/reference.hpp"
#include "harness/scenario/vocabulary.hpp"
#include "reports/reports.hpp"

namespace v2x {
namespace {

using run::ExitCode;

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // set by a signal handler

void on_signal(int) {
  interrupted = true;
}

int code(ExitCode exit) {
  return static_cast<int>(exit);
}

void add_run(CLI::App& app, run::RunOptions& options) {
  CLI::App* command = app.add_subcommand("run", "Runs scenarios in virtual time and writes their report");
  command->add_option("PATH", options.selection.paths, "scenario files or folders; file.yaml@CASE for one case")
      ->default_val("scenarios");
  command->add_option("-j,--jobs", options.jobs, "scenarios at a time")->default_val(2)->check(CLI::Range(1, 64));
  command->add_option("--seed", options.seed, "seed of everything random")->default_val(1);
  command->add_option("--repeat", options.repeat, "passes of each scenario")
      ->default_val(1)
      ->check(CLI::Range(1, 1000));
  command->add_flag("--check-determinism", options.check_determinism, "two passes must leave the same record");
  command->add_option("--results", options.results, "where runs are kept")->default_val("reports/results");
  command->add_option("--tag", options.selection.tags, "only scenarios with one of these tags");
  command->add_option("--skip", options.selection.skip, "no scenarios with one of these tags");
  command->add_flag("--fail-fast", options.fail_fast, "stop at the first that does not pass");
  command->add_flag("--keep", options.keep, "keep data directories and say where they are");
  command->add_flag("--json", options.json, "the summary as JSON on stdout");
  const std::map<std::string, run::Via> ways{{"http", run::Via::http}, {"browser", run::Via::browser}};
  command->add_option("--via", options.via, "how people act: http, browser (Chromium), or http,browser")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(ways))
      ->default_str("http");
  command->add_flag("--pictures", options.pictures,
                    "through Chromium, screenshots of every page, not only where steps ask for them or fail");
}

ExitCode validate(const std::vector<std::string>& paths) {
  const auto scenarios = run::select({paths, {}, {}});
  fmt::print("{} scenarios are good\n", scenarios.size());
  return scenarios.empty() ? ExitCode::nothing_ran : ExitCode::passed;
}

/// Which requirement is covered by which scenarios.
void print_coverage(const std::vector<scenario::Scenario>& scenarios) {
  std::map<std::string, std::vector<std::string>> by;
  for (const auto& scenario : scenarios)
    for (const std::string& requirement : scenario.covers) by[requirement].push_back(scenario.name);
  for (const auto& [requirement, names] : by) fmt::print("{:<12} {}\n", requirement, fmt::join(names, ", "));
}

ExitCode list(const std::vector<std::string>& paths, bool coverage) {
  const auto scenarios = run::select({paths, {}, {}});
  if (coverage) {
    print_coverage(scenarios);
  } else {
    for (const auto& scenario : scenarios)
      fmt::print("{:<44} {}  [{}]\n", scenario.name, scenario.title, fmt::join(scenario.tags, ", "));
  }
  return scenarios.empty() ? ExitCode::nothing_ran : ExitCode::passed;
}

ExitCode report(const std::string& directory) {
  const auto reports = reports::write_reports(directory);
  if (!reports) throw BadInput(directory + ": " + reports.error().message);
  fmt::print("report: {}\n", reports->html.string());
  return ExitCode::passed;
}

ExitCode lab(lab::LabOptions options) {
  const Status ended = lab::run_lab(options);
  if (ended) return ExitCode::passed;
  fmt::print(stderr, "v2x: {}\n", ended.error().message);
  return ExitCode::bench_error;
}

ExitCode act_on_lab(const std::string& name, const std::vector<std::string>& words) {
  const Status acted = lab::command(name, words, interrupted);
  if (acted) return ExitCode::passed;
  fmt::print(stderr, "v2x: {}\n", acted.error().message);
  return ExitCode::bad_input;
}

struct ConformCommand {
  conform::SuiteOptions suite;
  bool list = false;
  bool markdown = false;
};

void add_conform(CLI::App& app, ConformCommand& options) {
  CLI::App* command = app.add_subcommand("conform", "Holds a device against what the service demands of it")
                          ->require_subcommand(1)
                          ->add_subcommand("gateway", "Any gateway that speaks telemetry.proto and polls our units");
  conform::SuiteOptions& suite = options.suite;
  command->add_option("CASE", suite.cases, "cases, see --list; none: all");
  command->add_flag("--list", options.list, "only lists the cases");
  command->add_flag("--markdown", options.markdown, "only prints the reference page");
  command->add_option("--world", suite.world, "world with a meter, a PV PCS and an EV PCS")
      ->default_str(suite.world.string())
      ->check(CLI::ExistingFile);
  command->add_flag("--run-own", suite.run_own, "v2x-gateway is the gateway; all ports and keys are made");
  std::string words;
  for (const conform::Hook hook : conform::hooks()) words += (words.empty() ? "" : ", ") + conform::to_string(hook);
  command->add_option("--hook", suite.hooks, "WORD=COMMAND that does it to the gateway: " + words);
  command->add_option("--accept", suite.accepted_keys, "public key of the gateway, when it has its own");
  command->add_option("--keys", suite.keys, "directory of the service's and the gateway's key, kept for the next run")
      ->default_str(suite.keys.string());
  command->add_option("--telemetry-port", suite.telemetry_port, "of the service's side")
      ->default_val(suite.telemetry_port)
      ->check(CLI::Range(1, 65535));
  command->add_option("--modbus-port", suite.modbus_port, "of the units")
      ->default_val(suite.modbus_port)
      ->check(CLI::Range(1, 65535));
  command->add_option("--patience", suite.patience_s, "seconds for what the gateway does by its own time-outs")
      ->default_val(suite.patience_s)
      ->check(CLI::Range(5, 3600));
  command->add_option("--results", suite.results, "where runs are kept")->default_val("reports/results");
  command->add_flag("--json", suite.json, "the summary as JSON on stdout");
}

ExitCode conform(const ConformCommand& options) {
  if (options.markdown) {
    fmt::print("{}", conform::reference_page());
  } else if (options.list) {
    for (const conform::Case& one : conform::cases()) fmt::print("{:<40} {}\n", one.name, one.shows);
  } else {
    return conform::run_suite(options.suite);
  }
  return ExitCode::passed;
}

struct BenchCommand {
  bench::IngestOptions ingest;
  bool saturate = false;
  int seconds = 10;
  std::string base, head;
};

/// What both benches take.
void add_load(CLI::App& command, BenchCommand& options) {
  bench::IngestOptions& ingest = options.ingest;
  command.add_option("--gateways", ingest.plan.gateways, "how many, each with its own key and connection")
      ->default_val(ingest.plan.gateways)
      ->check(CLI::Range(1, 100'000));
  CLI::Option* rate =
      command.add_option("--rate", ingest.plan.rate, "records per second of all together")->check(CLI::PositiveNumber);
  command.add_flag("--saturate", options.saturate, "each gateway sends as soon as it is answered")->excludes(rate);
  command.add_option("--duration", options.seconds, "seconds under load")
      ->default_val(options.seconds)
      ->check(CLI::Range(1, 86'400));
  command.add_option("--shape", ingest.plan.shape, "steady, storm, restart, backfill, midnight")
      ->transform(CLI::CheckedTransformer(bench::shapes()))
      ->default_str("steady");
  command.add_option("--batch", ingest.plan.batch, "records in a message at most (1, or 512 to back-fill)")
      ->check(CLI::Range(1, 512));
  command.add_option("--store", ingest.store, "where telemetry goes: sqlite, postgresql, clickhouse")
      ->transform(CLI::CheckedTransformer(bench::store_kinds()))
      ->default_str("sqlite");
  command.add_option("--pairs", ingest.pairs, "rounds of a comparison")
      ->default_val(ingest.pairs)
      ->check(CLI::Range(1, 100));
  command.add_option("--fleet", ingest.fleet, "sample file of v2x-sim fleet; made once when there is none")
      ->check(CLI::ExistingFile);
  command.add_option("--world", ingest.world, "world of the customer who looks")
      ->default_str(ingest.world.string())
      ->check(CLI::ExistingFile);
  command.add_option("--seed", ingest.plan.seed, "seed of everything random")->default_val(1);
  command.add_flag("!--no-onlooker", ingest.looks, "nobody looks at pages meanwhile");
  command.add_flag("!--no-audit", ingest.audits, "don't count what is stored afterwards");
  command.add_option("--results", ingest.results, "where results are kept")->default_val("reports/results");
  command.add_flag("--json", ingest.json, "the facts as JSON on stdout");
}

void add_bench(CLI::App& app, BenchCommand& options) {
  CLI::App* group = app.add_subcommand("bench", "Loads the service and measures what it holds")->require_subcommand(1);
  CLI::App* ingest = group->add_subcommand("ingest", "A fleet of gateways sends telemetry");
  add_load(*ingest, options);
  std::string names;
  for (const std::string& name : bench::reference_names()) names += (names.empty() ? "" : ", ") + name;
  ingest->add_option("--against", options.ingest.against, "references that run in turns: " + names)
      ->delimiter(',')
      ->check(CLI::IsMember(bench::reference_names()));
  ingest->add_option("--require", options.ingest.requirements,
                     "PATH>=NUMBER or PATH<=NUMBER of a fact, else exit code 4");
  ingest
      ->add_option("--of-saturation", options.ingest.of_saturation,
                   "rate as a share (0.5) or a multiple (10) of what a saturating turn before it holds")
      ->check(CLI::PositiveNumber)
      ->excludes("--rate")
      ->excludes("--saturate");
  ingest
      ->add_option("--wrong-logins", options.ingest.wrong_logins,
                   "clients that try wrong passwords; then --pairs of runs without and with them")
      ->check(CLI::Range(0, 1000));
  ingest->add_option("--crash-at", options.ingest.crash_at, "--shape restart: a point of contracts/fail_points.yaml");
  CLI::App* compare = group->add_subcommand("compare", "Two builds of v2x-backend in turns, beside a null run");
  add_load(*compare, options);
  compare->add_option("BASE", options.base, "directory with its programs")->required()->check(CLI::ExistingDirectory);
  compare->add_option("HEAD", options.head, "directory with its programs")->required()->check(CLI::ExistingDirectory);
}

int run_bench(CLI::App& group, BenchCommand& options) {
  bench::IngestOptions& ingest = options.ingest;
  if (!options.saturate && ingest.plan.rate == 0 && ingest.of_saturation == 0)
    throw BadInput("bench: expected --rate RECORDS_PER_S, --saturate or, of ingest, --of-saturation SHARE");
  if (ingest.of_saturation > 0 && (!ingest.against.empty() || ingest.wrong_logins > 0))
    throw BadInput("bench: --of-saturation goes with neither --against nor --wrong-logins");
  ingest.plan.duration = std::chrono::seconds(options.seconds);
  const bench::BenchExit exit = group.got_subcommand("compare")
                                    ? bench::bench_compare(ingest, options.base, options.head)
                                    : bench::bench_ingest(ingest);
  return static_cast<int>(exit);
}

int run_command(int argc, char** argv) {
  CLI::App app("Hardware-in-the-loop scenarios for the マルチV2X remote monitoring service");
  app.require_subcommand(1);
  run::RunOptions run_options;
  add_run(app, run_options);
  std::vector<std::string> paths;
  for (const char* name : {"validate", "list"})
    app.add_subcommand(name, name == std::string("list") ? "Lists scenarios" : "Checks scenarios without running them")
        ->add_option("PATH", paths, "scenario files or folders")
        ->default_val("scenarios");
  bool coverage = false;
  app.get_subcommand("list")->add_flag("--coverage", coverage, "by requirement: which scenarios cover it");
  bool markdown = false;
  bool schema = false;
  CLI::App* verbs = app.add_subcommand("verbs", "Prints the vocabulary of scenarios");
  verbs->add_flag("--markdown", markdown, "as the reference page, with pages, labels and fields");
  verbs->add_flag("--json-schema", schema, "as JSON Schema, for editors")->excludes("--markdown");
  std::string directory;
  app.add_subcommand("report", "Makes the reports of a run again")
      ->add_option("RUN", directory, "a run's directory")
      ->required();
  lab::LabOptions lab_options;
  CLI::App* lab_command = app.add_subcommand("lab", "Devices of a world on the wall clock");
  lab_command->add_option("WORLD", lab_options.world, "world file")->required()->check(CLI::ExistingFile);
  lab_command->add_flag("--json", lab_options.json, "one line of JSON first on stdout");
  lab_command->add_option("--gateway-file", lab_options.gateway_file, "write the file with which v2x-gateway joins");
  lab_command->add_option("--speed", lab_options.speed, "service seconds per second")->default_val(1);
  lab_command->add_option("--modbus-port", lab_options.modbus_port, "Modbus TCP port of the first site")
      ->default_val(1502);
  ConformCommand conform_command;
  add_conform(app, conform_command);
  BenchCommand bench_command;
  add_bench(app, bench_command);
  std::vector<std::string> words;
  for (const lab::CommandHelp& help : lab::commands())
    app.add_subcommand(help.name, help.help)->add_option("words", words, help.arguments)->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? code(ExitCode::passed) : code(ExitCode::bad_input);
  }
  for (const lab::CommandHelp& help : lab::commands())
    if (app.got_subcommand(help.name)) {
      std::signal(SIGINT, on_signal);
      return code(act_on_lab(help.name, words));
    }
  conform::SuiteOptions& suite = conform_command.suite;
  run_options.command.assign(argv, argv + argc);
  suite.command = run_options.command;
  bench::IngestOptions& ingest = bench_command.ingest;
  run_options.programs = lab_options.programs = suite.programs = ingest.programs = program_directory();
  run_options.interrupted = lab_options.interrupted = suite.interrupted = ingest.interrupted = &interrupted;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  if (app.got_subcommand("run")) return code(run::run(run_options));
  if (app.got_subcommand("validate")) return code(validate(paths));
  if (app.got_subcommand("list")) return code(list(paths, coverage));
  if (app.got_subcommand("report")) return code(report(directory));
  if (app.got_subcommand("conform")) return code(conform(conform_command));
  if (app.got_subcommand("bench")) return run_bench(*app.get_subcommand("bench"), bench_command);
  if (app.got_subcommand("lab")) return code(lab(lab_options));
  fmt::print("{}", schema     ? scenario::scenario_schema().dump(2) + "\n"
                   : markdown ? scenario::reference_page()
                              : scenario::describe_vocabulary());
  return code(ExitCode::passed);
}

}  // namespace
}  // namespace v2x

int main(int argc, char** argv) {
  try {
    return v2x::run_command(argc, argv);
  } catch (const v2x::BadInput& error) {
    fmt::print(stderr, "v2x: {}\n", error.what());
    return static_cast<int>(v2x::run::ExitCode::bad_input);
  }
}
