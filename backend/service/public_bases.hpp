// The addresses under which people reach the sites: every link in pages and mails starts with one of them (SITE-05).
#pragma once

#include <string>

namespace v2x::service {

/// Without a trailing slash. Filled before anything runs, then constant.
struct PublicBases {
  std::string multi;   ///< 管理・登録サイト
  std::string regist;  ///< the same, for links in mails
  std::string entry;   ///< 販売店様 登録サイト
  std::string ctrl;    ///< モニタリングサイト
};

}  // namespace v2x::service
