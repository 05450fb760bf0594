// Makes the reports of a run from its record: JUnit, JSON, HTML and the history.
#pragma once

#include <filesystem>

#include "common/result.hpp"

namespace v2x::reports {

/// Where the reports are. All but `history` lie in the run's directory.
struct ReportPaths {
  std::filesystem::path html;
  std::filesystem::path junit;
  std::filesystem::path summary;
  std::filesystem::path history;
};

/// Reads `run_directory` (contracts/record.md) and writes its reports; can be repeated. The history lies in the
/// directory above. Fails with "no_record" or "not_written".
Result<ReportPaths> write_reports(const std::filesystem::path& run_directory);

}  // namespace v2x::reports
