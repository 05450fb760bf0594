#include "reports/reports.hpp"

#include "reports/files.hpp"
#include "reports/history.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/record.hpp"
#include "reports/summary.hpp"

namespace v2x::reports {

Result<ReportPaths> write_reports(const std::filesystem::path& run_directory) {
  const auto run = read_run(run_directory);
  if (!run) return fail(run.error());
  const ReportPaths paths{run_directory / "report.html", run_directory / "junit.xml", run_directory / "summary.json",
                          std::filesystem::absolute(run_directory / "..").lexically_normal() / "history.jsonl"};
  const Changes changes = changes_since(paths.history, *run);
  if (const auto written = write_file(paths.summary, summary_json(*run, changes)); !written)
    return fail(written.error());
  if (const auto written = write_file(paths.junit, junit_xml(*run)); !written) return fail(written.error());
  if (const auto written = write_file(paths.html, report_html(*run, changes)); !written) return fail(written.error());
  if (const auto written = append_history(paths.history, *run); !written) return fail(written.error());
  return paths;
}

}  // namespace v2x::reports
