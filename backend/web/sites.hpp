// The three sites: names, paths, cookies.
#pragma once

#include <string>
#include <string_view>

#include "backend/service/access.hpp"
#include "backend/service/settings.hpp"

namespace v2x::web {

struct Site {
  service::SiteId id;
  std::string_view name;
  std::string_view prefix;
  std::string_view cookie;
  std::string_view login_path;
  std::string_view home_path;  ///< where a log-in leads to
};

const Site& site_of(service::SiteId id);
/// The site whose prefix the path has; 管理・登録サイト for what belongs to none.
const Site& site_of_path(std::string_view path);
const std::string& base_of(const Site& site, const service::PublicBases& bases);

/// SEC-12: a path of this site that a log-in may lead to, else the site's home.
std::string safe_next(const Site& site, const std::string& wanted);

}  // namespace v2x::web
