#include "backend/model/link_expiry.hpp"

#include "common/jst.hpp"

namespace v2x::model {

Time link_dies_at(Time now, int valid_days) {
  return jst_midnight(now, valid_days + 1);
}

std::string last_good_day_on_page(Time dies_at) {
  return format_jst(dies_at - Duration(1), "%Y年%m月%d日");
}

std::string last_good_day_in_mail(Time dies_at) {
  return format_jst(dies_at - Duration(1), "%Y 年 %-m 月 %-d 日");
}

}  // namespace v2x::model
