#include "backend/web/sites.hpp"

#include <algorithm>
#include <array>

namespace v2x::web {
namespace {

using service::SiteId;

constexpr std::array<Site, 3> kSites = {{
    {SiteId::reg, "遠隔モニタリングサービス 管理・登録サイト", "/reg", "reg_session", "/reg/login", "/reg/menu"},
    {SiteId::entry, "遠隔モニタリングサービス 販売店様 登録サイト", "/entry", "entry_session", "/entry/login",
     "/entry/menu"},
    {SiteId::ctrl, "遠隔モニタリングサービス モニタリングサイト", "/ctrl", "ctrl_session", "/ctrl/login", "/ctrl/home"},
}};

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) &&
         (path.size() == prefix.size() || path[prefix.size()] == '/' || path[prefix.size()] == '?');
}

}  // namespace

const Site& site_of(SiteId id) {
  return *std::find_if(kSites.begin(), kSites.end(), [&](const Site& site) { return site.id == id; });
}

const Site& site_of_path(std::string_view path) {
  for (const Site& site : kSites)
    if (is_below(path, site.prefix)) return site;
  return kSites[0];
}

const std::string& base_of(const Site& site, const service::PublicBases& bases) {
  switch (site.id) {
    case SiteId::reg:
      return bases.multi;
    case SiteId::entry:
      return bases.entry;
    case SiteId::ctrl:
    case SiteId::api:
      return bases.ctrl;
  }
  return bases.multi;
}

std::string safe_next(const Site& site, const std::string& wanted) {
  const bool control = std::any_of(wanted.begin(), wanted.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  const bool tricky = wanted.find("//") != std::string::npos || wanted.find('\\') != std::string::npos ||
                      wanted.find(':') != std::string::npos || control;
  return is_below(wanted, site.prefix) && !tricky ? wanted : std::string(site.home_path);
}

}  // namespace v2x::web
