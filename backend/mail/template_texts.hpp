// Mail texts from template files: first line "Subject: …", an empty line, then the body.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backend/service/mail_texts.hpp"
#include "backend/service/settings.hpp"

namespace v2x::mail {

/// The bases multi, regist, entry, ctrl need not be among a mail's fields. CR, LF and other control characters are
/// removed from what is put in (MAIL-02).
class TemplateTexts final : public service::MailTexts {
 public:
  /// Reads every KIND.txt of `directory`. Throws BadInput when one has no subject. `bases` must outlive this.
  TemplateTexts(const std::filesystem::path& directory, const service::PublicBases& bases);

  service::MailText render(const service::OutboxMail& mail) const override;
  std::vector<std::string> kinds() const;

 private:
  struct Template {
    std::string subject;
    std::string body;
    std::vector<std::string> needed;  ///< variables outside of sections
  };
  std::map<std::string, Template> templates_;
  const service::PublicBases& bases_;
};

}  // namespace v2x::mail
