// Curves of the timeline: one plot per unit, thinned to what can be seen.
#pragma once

#include <vector>

#include "reports/record.hpp"
#include "reports/timeline.hpp"

namespace v2x::reports {

/// One plot per unit in the order of the series. Its polylines are relative to the plot's own y, which is left 0.
std::vector<Plot> make_plots(const std::vector<Series>& series, double length_s);

/// Per column of the picture at most the first, lowest, highest and last point; gaps stay.
Series thinned(const Series& series, double length_s, int columns);

}  // namespace v2x::reports
