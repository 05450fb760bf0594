// How long the URL in a mail is good (REG-22): through the last instant of a day in Japan.
#pragma once

#include <string>

#include "common/clock.hpp"

namespace v2x::model {

/// The first instant at which a URL made `now` is dead: 00:00 JST after the last of `valid_days` days.
Time link_dies_at(Time now, int valid_days);
/// 「2020年02月21日」: the last good day, as pages show it.
std::string last_good_day_on_page(Time dies_at);
/// 「2019 年 6 月 24 日」: the last good day, as mails show it.
std::string last_good_day_in_mail(Time dies_at);

}  // namespace v2x::model
