#include "backend/mail/smtp.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "backend/mail/message.hpp"
#include "common/bad_input.hpp"
#include "common/failpoint.hpp"

namespace v2x::mail {
namespace {

using service::Handover;
using service::HandoverResult;

constexpr long kFirstPermanentCode = 500;  // RFC 5321 4.2.1

const failpoint::Point kInData{"smtp.in_data"};

struct CurlCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Upload {
  const std::string& text;
  size_t taken = 0;
};

size_t give(char* buffer, size_t size, size_t count, void* context) {
  auto& upload = *static_cast<Upload*>(context);
  if (upload.taken == upload.text.size() && kInData.pass()) return CURL_READFUNC_ABORT;
  const size_t length = std::min(size * count, upload.text.size() - upload.taken);
  std::memcpy(buffer, upload.text.data() + upload.taken, length);
  upload.taken += length;
  return length;
}

size_t keep_last_line(char* buffer, size_t size, size_t count, void* context) {
  auto& last = *static_cast<std::string*>(context);
  last.assign(buffer, size * count);
  while (!last.empty() && (last.back() == '\n' || last.back() == '\r')) last.pop_back();
  return size * count;
}

HandoverResult result_of(CURL* curl, CURLcode code, std::string last_line) {
  if (code == CURLE_OK) return {Handover::accepted, std::move(last_line)};
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  if (last_line.empty()) last_line = curl_easy_strerror(code);
  // A server that vanished after a good reply is no refusal: only its own 5xx is final.
  return {reply >= kFirstPermanentCode ? Handover::permanent : Handover::temporary, std::move(last_line)};
}

}  // namespace

SmtpTransport::SmtpTransport(Options options) : options_(std::move(options)) {
  if (options_.server.find(':') == std::string::npos)
    throw BadInput(fmt::format("--smtp {}: has no port, expected host:port", options_.server));
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

SmtpTransport::~SmtpTransport() {
  curl_global_cleanup();
}

HandoverResult SmtpTransport::send(const service::DueMail& mail, Time date) {
  const std::string text = make_message(mail, date);
  const std::string url = fmt::format("smtp://{}/kp-net.com", options_.server);  // the path is our EHLO name
  const std::string from = fmt::format("<{}>", kSender);
  const std::unique_ptr<curl_slist, CurlCleanup> to(curl_slist_append(nullptr, fmt::format("<{}>", mail.to).c_str()));
  Upload upload{text};
  std::string last_line;

  const std::unique_ptr<CURL, CurlCleanup> curl(curl_easy_init());
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, give);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, keep_last_line);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &last_line);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options_.io_timeout.count()));
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");  // mail is never sent through what http_proxy names
  const CURLcode code = curl_easy_perform(curl.get());
  return result_of(curl.get(), code, std::move(last_line));
}

}  // namespace v2x::mail
