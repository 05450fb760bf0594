// report.html: the page people read. One file, works offline by double click.
#pragma once

#include <string>

#include "reports/history.hpp"
#include "reports/record.hpp"

namespace v2x::reports {

/// Fills the templates (resource "reports"). Links go to files beside it in the run's directory.
std::string report_html(const Run& run, const Changes& changes);

}  // namespace v2x::reports
