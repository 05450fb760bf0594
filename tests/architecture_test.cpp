// Holds the architecture: which folder may include which, where third-party libraries live, and cheap rules of style.
// The rules are tables; the tests read the sources of the whole tree. Why they are so: docs/decisions.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = v2x::in_sources();
const std::vector<std::string> kTopFolders = {"common", "contracts", "sim", "backend", "reports", "harness", "tests"};
constexpr size_t kMaxLines = 450;  // a file can be read in one sitting

/// A regular expression that remembers its text.
struct Pattern {
  Pattern(const char* source) : text(source), compiled(source) {}  // NOLINT: implicit on purpose, for the tables

  std::string text;
  std::regex compiled;
};

// ---- The tables ----------------------------------------------------------------------------------------------------

struct Arrow {
  std::string from;             ///< files whose path begins with this; the longest match counts
  std::vector<std::string> to;  ///< what they may include, beside their own folder
};
const std::vector<Arrow> kArrows = {
    {"common/", {}},
    {"contracts/", {"common/"}},
    {"sim/core/", {"contracts/", "common/"}},
    {"sim/power/", {"sim/core/", "contracts/", "common/"}},
    {"sim/plant/", {"sim/power/", "sim/core/", "contracts/", "common/"}},
    {"sim/pcs/", {"sim/power/", "sim/core/", "contracts/", "common/"}},
    {"sim/ev/", {"sim/power/", "sim/core/", "contracts/", "common/"}},
    {"sim/gateway/", {"sim/power/", "sim/core/", "contracts/", "common/"}},
    {"sim/house/", {"sim/", "contracts/", "common/"}},
    {"sim/site/", {"sim/", "contracts/", "common/"}},
    {"backend/model/", {"common/"}},
    {"backend/service/", {"backend/model/", "contracts/", "common/"}},
    {"backend/store/", {"backend/service/", "backend/model/", "contracts/", "common/"}},
    {"backend/ingest/", {"backend/service/", "backend/model/", "contracts/", "common/"}},
    {"backend/mail/", {"backend/service/", "backend/model/", "contracts/", "common/"}},
    {"backend/web/", {"backend/service/", "backend/model/", "contracts/", "common/"}},
    {"backend/", {"backend/", "contracts/", "common/"}},
    {"reports/", {"common/"}},
    {"harness/scenario/", {"contracts/", "common/"}},
    {"harness/", {"harness/", "reports/", "contracts/", "common/"}},
};

struct Home {
  std::string library;
  Pattern includes;  ///< over the included name
  Pattern homes;     ///< over the including file
};
const std::vector<Home> kHomes = {
    {"SystemC", "systemc(\\.h|/.*)?|tlm.*", "sim/(core|site)/.*|sim/.*_module\\.[ch]pp"},
    {"libmodbus", "modbus/.*", "(sim/core|sim/gateway|harness/actors)/.*"},
    {"ZeroMQ", "zmq.*", "common/.*"},
    {"yaml-cpp", "yaml-cpp/.*", "common/.*"},
    {"spdlog", "spdlog/.*", "common/.*"},
    {"protobuf", "google/protobuf/.*|contracts/.*\\.pb\\.h", "(sim/gateway|backend/ingest|harness/(bench|conform))/.*"},
    {"SQLite", "sqlite3\\.h", "(backend/store|sim/gateway)/.*"},
    {"SOCI", "soci/.*", "backend/store/.*"},
    {"libpq", "(postgresql/)?libpq-fe\\.h", "backend/store/.*"},
    {"cpp-httplib", "httplib\\.h", "(backend/(web|store)|harness/(actors|bench|lab))/.*"},
    {"GMime", "gmime/.*", "(backend/mail|harness/actors)/.*"},
    {"libcurl", "curl/.*", "backend/mail/.*"},
    {"libsodium", "sodium.*", "backend/(service|ingest)/.*"},
    {"ICU", "unicode/.*", "backend/(service|ingest)/.*"},
    {"libxml2", "libxml/.*", "harness/actors/.*"},
    {"GLib", "glib\\.h", "harness/actors/.*"},
    {"mustache", "kainjow/.*", "(backend/(web|mail)|reports)/.*"},
    {"pugixml", "pugixml\\.hpp", "reports/.*"},
    {"CLI11", "CLI/.*", ".*_main\\.cpp"},
    {"nlohmann-json", "nlohmann/.*",
     "(common|contracts|reports|harness|sim/(core|gateway|site)|backend/(app|ingest|service|store|web))/.*|backend/[^/"
     "]*"},
    {"fmt", "fmt/.*", ".*"},
    {"Boost headers", "boost/.*", ".*"},
    {"POSIX and Linux",
     "(sys|netinet|arpa|linux)/"
     ".*|(dirent|fcntl|netdb|poll|pthread|pty|pwd|signal|spawn|stdlib|string|termios|unistd)\\.h",
     ".*"},
};

struct StyleRule {
  std::vector<std::string> words;  ///< a line without any of them is not looked at: regular expressions are slow
  Pattern pattern;                 ///< searched for in code, without comments and includes
  Pattern except;                  ///< over files; empty: nowhere
  std::string instead;
};
const std::vector<StyleRule> kStyle = {
    {{"sleep"},
     "\\b(sleep_for|sleep_until|usleep|nanosleep)\\b|\\bsleep\\(",
     "common/clock.*",
     "a condition: common/clock"},
    {{"system_clock", "gettimeofday", "clock_gettime", "time("},
     "\\b(system_clock|gettimeofday|clock_gettime)\\b|(^|[^.>:\\w]|std::)time\\((nullptr|NULL|0)\\)",
     "common/clock.*",
     "common/clock"},
    {{"rand", "mt19937"}, "\\b(random_device|mt19937|s?rand\\()", "", "common/random with a seed, or libsodium"},
    {{"new ", "malloc"}, "\\bnew [A-Z]\\w*\\(|\\bmalloc\\(", "harness/actors/page_scripts\\.hpp", "std::make_unique"},
    {{"using namespace"},
     "\\busing namespace (?!std::(chrono|literals|string_literals))",
     "tests/.*",
     "names, or a namespace alias"},
};
const std::vector<std::string> kLeftovers = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "HA"
    "CK:",
    "XX"
    "X:"};

// ---- Reading the tree ----------------------------------------------------------------------------------------------

struct Source {
  std::string path;  ///< relative to the root
  std::vector<std::string> lines;
};

std::vector<std::string> read_lines(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Source> read_tree(const std::set<std::string>& extensions) {
  std::vector<Source> sources;
  for (const auto& folder : kTopFolders)
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
      if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
        sources.push_back({fs::relative(entry.path(), kRoot).string(), read_lines(entry.path())});
  std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return sources;
}

const std::vector<Source>& cpp_sources() {
  static const std::vector<Source> sources = read_tree({".cpp", ".hpp"});
  return sources;
}

std::string without_comment(const std::string& line) {
  const size_t at = line.find("//");
  return at == std::string::npos || (at > 0 && line[at - 1] == ':') ? line : line.substr(0, at);
}

bool has_any(const std::string& line, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const auto& w) { return line.find(w) != std::string::npos; });
}

bool is_test(const std::string& path) {
  return path.starts_with("tests/");
}

// ---- The laws, as functions of one file and one include ------------------------------------------------------------

struct Include {
  std::string target;
  bool quoted = false;
};

std::optional<Include> parse_include(const std::string& line) {
  if (line.find('#') == std::string::npos) return std::nullopt;
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::smatch match;
  if (!std::regex_search(line, match, pattern)) return std::nullopt;
  return Include{match[2], match[1] == "\""};
}

/// What is wrong with `file` including `target`, if something is.
std::optional<std::string> arrow_breach(const std::string& file, const std::string& target) {
  const Arrow* rule = nullptr;
  for (const Arrow& arrow : kArrows)
    if (file.starts_with(arrow.from) && (!rule || arrow.from.size() > rule->from.size())) rule = &arrow;
  if (!rule) return fmt::format("no rule of kArrows says what {} may include", file);
  if (target.starts_with(rule->from)) return std::nullopt;
  for (const auto& allowed : rule->to)
    if (target.starts_with(allowed)) return std::nullopt;
  return fmt::format("{} must not include {}", rule->from, target);
}

std::optional<std::string> home_breach(const std::string& file, const std::string& target) {
  for (const Home& home : kHomes) {
    if (!std::regex_match(target, home.includes.compiled)) continue;
    if (std::regex_match(file, home.homes.compiled)) return std::nullopt;
    return fmt::format("{} ({}) is not at home here, only in {}", home.library, target, home.homes.text);
  }
  const bool is_standard = target.find_first_of("./") == std::string::npos;
  if (is_standard) return std::nullopt;
  return fmt::format("<{}> belongs to no library of kHomes: give it a home there and a line in docs/decisions.md",
                     target);
}

std::optional<std::string> style_breach(const std::string& file, const std::string& line) {
  if (parse_include(line)) return std::nullopt;
  const std::string code = without_comment(line);
  for (const StyleRule& rule : kStyle)
    if (has_any(code, rule.words) && std::regex_search(code, rule.pattern.compiled) &&
        !std::regex_match(file, rule.except.compiled))
      return fmt::format("'{}': use {}", code.substr(code.find_first_not_of(' ')), rule.instead);
  return std::nullopt;
}

using Findings = std::vector<std::string>;

void expect_none(const Findings& findings) {
  EXPECT_TRUE(findings.empty()) << fmt::format("{} finding(s):\n{}", findings.size(), fmt::join(findings, "\n"));
}

/// Calls `law(source, line number, line)` for every line of C++ and collects what it finds.
template <class Law>
Findings judge_lines(const Law& law) {
  Findings findings;
  for (const Source& source : cpp_sources())
    for (size_t i = 0; i < source.lines.size(); ++i)
      if (const auto breach = law(source, source.lines[i]))
        findings.push_back(fmt::format("{}:{}: {}", source.path, i + 1, *breach));
  return findings;
}

bool is_own_include(const std::string& target) {
  return std::any_of(kTopFolders.begin(), kTopFolders.end(),
                     [&](const auto& top) { return target.starts_with(top + "/"); });
}

// ---- The tree holds them -------------------------------------------------------------------------------------------

TEST(Architecture, arrows_between_folders_go_down_only) {
  expect_none(judge_lines([](const Source& source, const std::string& line) -> std::optional<std::string> {
    const auto include = parse_include(line);
    if (!include || is_test(source.path) || !is_own_include(include->target)) return std::nullopt;
    return arrow_breach(source.path, include->target);
  }));
}

TEST(Architecture, third_party_libraries_stay_in_their_homes) {
  expect_none(judge_lines([](const Source& source, const std::string& line) -> std::optional<std::string> {
    const auto include = parse_include(line);
    if (!include || is_test(source.path)) return std::nullopt;
    const bool is_generated = include->target.ends_with(".pb.h");
    if (is_own_include(include->target) && !is_generated) return std::nullopt;
    return home_breach(source.path, include->target);
  }));
}

TEST(Architecture, own_includes_are_quoted_rooted_and_exist) {
  expect_none(judge_lines([](const Source&, const std::string& line) -> std::optional<std::string> {
    const auto include = parse_include(line);
    if (!include || include->target.ends_with(".pb.h")) return std::nullopt;
    const bool own = is_own_include(include->target);
    if (own != include->quoted)
      return "own files are included as \"folder/file.hpp\", others as <file>: " + include->target;
    if (own && !fs::exists(kRoot / include->target)) return include->target + " does not exist";
    return std::nullopt;
  }));
}

TEST(Style, code_takes_time_and_chance_from_common_and_never_sleeps) {
  expect_none(judge_lines([](const Source& source, const std::string& line) -> std::optional<std::string> {
    if (source.path == "tests/architecture_test.cpp") return std::nullopt;  // quotes the words it forbids
    return style_breach(source.path, line);
  }));
}

TEST(Style, nothing_is_left_to_be_done) {
  expect_none(judge_lines([](const Source&, const std::string& line) -> std::optional<std::string> {
    if (!has_any(line, kLeftovers)) return std::nullopt;
    return "finish it, or write down in docs/decisions.md why not";
  }));
}

TEST(Style, files_are_short_enough_for_one_sitting) {
  Findings findings;
  for (const Source& source : cpp_sources())
    if (source.lines.size() > kMaxLines)
      findings.push_back(fmt::format("{}: {} lines, at most {}", source.path, source.lines.size(), kMaxLines));
  expect_none(findings);
}

TEST(Style, headers_say_first_what_they_are_for) {
  Findings findings;
  for (const Source& source : cpp_sources()) {
    if (!source.path.ends_with(".hpp")) continue;
    if (source.lines.empty() || !source.lines[0].starts_with("// ") || source.lines[0].size() < 15)
      findings.push_back(source.path + ":1: expected a comment that says what the file is for");
    if (std::find(source.lines.begin(), source.lines.end(), "#pragma once") == source.lines.end())
      findings.push_back(source.path + ": expected #pragma once");
  }
  expect_none(findings);
}

/// Whether the folder's CMakeLists.txt has `name` as a word.
bool lists(const fs::path& folder, const std::string& name) {
  for (const auto& line : read_lines(kRoot / folder / "CMakeLists.txt")) {
    std::istringstream words(std::regex_replace(line, std::regex("[()]"), " "));
    for (std::string word; words >> word;)
      if (word == name) return true;
  }
  return false;
}

bool is_listed(const fs::path& file) {
  for (fs::path folder = file.parent_path(); !folder.empty(); folder = folder.parent_path())
    if (lists(folder, fs::relative(file, folder).string())) return true;
  return false;
}

TEST(Style, every_source_file_is_built) {
  Findings findings;
  for (const Source& source : cpp_sources())
    if (source.path.ends_with(".cpp") && !is_listed(source.path))
      findings.push_back(source.path + ": in no CMakeLists.txt of its folder");
  expect_none(findings);
}

TEST(Style, templates_escape_everything) {
  Findings findings;
  for (const Source& source : read_tree({".html", ".mustache", ".svg"}))
    for (size_t i = 0; i < source.lines.size(); ++i)
      if (source.lines[i].find("{{{") != std::string::npos || source.lines[i].find("{{&") != std::string::npos)
        findings.push_back(fmt::format("{}:{}: unescaped value, expected {{{{name}}}}", source.path, i + 1));
  expect_none(findings);
}

// ---- And the laws can fail -----------------------------------------------------------------------------------------

struct Case {
  std::string file;
  std::string target;
};

TEST(ArchitectureLaws, refuse_what_goes_up_or_across) {
  const std::vector<Case> refused = {
      {"common/clock.cpp", "contracts/fault_catalogue.hpp"}, {"sim/site/site.cpp", "backend/model/alarm.hpp"},
      {"backend/web/pages.cpp", "sim/core/device.hpp"},      {"sim/pcs/relay.hpp", "sim/ev/battery.hpp"},
      {"sim/gateway/poll.cpp", "sim/pcs/relay.hpp"},         {"sim/core/door.hpp", "sim/plant/sun.hpp"},
      {"backend/model/alarm.hpp", "backend/service/x.hpp"},  {"backend/web/pages.cpp", "backend/store/registry.hpp"},
      {"backend/service/x.cpp", "backend/store/sql.hpp"},    {"harness/run/runner.cpp", "sim/core/device.hpp"},
      {"harness/run/runner.cpp", "backend/model/a.hpp"},     {"reports/html.cpp", "harness/run/record.hpp"},
      {"reports/html.cpp", "contracts/fault_catalogue.hpp"}, {"elsewhere/a.cpp", "common/clock.hpp"},
  };
  for (const auto& [file, target] : refused) EXPECT_TRUE(arrow_breach(file, target)) << file << " -> " << target;
}

TEST(ArchitectureLaws, allow_what_goes_down) {
  const std::vector<Case> allowed = {
      {"sim/pcs/relay.hpp", "sim/core/device.hpp"},   {"sim/pcs/relay.hpp", "sim/power/line.hpp"},
      {"sim/site/site.cpp", "sim/pcs/relay.hpp"},     {"backend/backend_main.cpp", "backend/store/sql.hpp"},
      {"backend/web/a.cpp", "backend/service/x.hpp"}, {"harness/v2x_main.cpp", "reports/reports.hpp"},
  };
  for (const auto& [file, target] : allowed) EXPECT_FALSE(arrow_breach(file, target)) << file << " -> " << target;
}

TEST(ArchitectureLaws, refuse_libraries_that_stray_or_are_unknown) {
  const std::vector<Case> refused = {
      {"sim/pcs/relay.hpp", "systemc"},
      {"backend/web/a.cpp", "soci/soci.h"},
      {"sim/gateway/uplink.cpp", "zmq.hpp"},
      {"backend/service/a.cpp", "sqlite3.h"},
      {"reports/a.cpp", "httplib.h"},
      {"harness/run/a.cpp", "yaml-cpp/yaml.h"},
      {"harness/run/a.cpp", "contracts/telemetry.pb.h"},
      {"common/a.cpp", "left/pad.h"},
      {"backend/web/a.cpp", "CLI/CLI.hpp"},
  };
  for (const auto& [file, target] : refused) EXPECT_TRUE(home_breach(file, target)) << file << " -> " << target;
  EXPECT_FALSE(home_breach("sim/pcs/pv_pcs_module.hpp", "systemc"));
  EXPECT_FALSE(home_breach("sim/pcs/relay.hpp", "vector"));
}

TEST(ArchitectureLaws, refuse_sleeping_and_foreign_clocks_in_code_but_not_in_comments) {
  EXPECT_TRUE(style_breach("sim/a.cpp", "  std::this_thread::sleep_for(1s);"));
  EXPECT_TRUE(style_breach("sim/a.cpp", "  const auto t = std::chrono::system_clock::now();"));
  EXPECT_TRUE(style_breach("sim/a.cpp", "  std::mt19937 generator(1);" + std::string(" srand(1);")));
  EXPECT_FALSE(style_breach("sim/a.cpp", "  // never sleep_for(1s) here"));
  EXPECT_FALSE(style_breach("sim/a.cpp", "  sample.start = row.time(0);"));
  EXPECT_FALSE(style_breach("common/clock.cpp", "  std::chrono::system_clock::now()"));
}

}  // namespace
