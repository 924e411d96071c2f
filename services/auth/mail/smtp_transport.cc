#include "services/auth/mail/smtp_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/printable.h"
#include "common/status/try.h"
#include "common/token/key_file.h"

namespace usher::auth {
namespace {

constexpr size_t kLongestAnswer = 200;  // bytes

CURLcode StartLibrary() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  return started;
}

bool IsServer(absl::string_view server) {
  const bool scheme =
      absl::ConsumePrefix(&server, "smtp://") || absl::ConsumePrefix(&server, "smtps://");
  return scheme && !server.empty() && server.find_first_of("/?#@ \\") == absl::string_view::npos;
}

}  // namespace

// One delivery, as libcurl's callbacks see it.
struct SmtpTransport::Exchange {
  absl::string_view rest;  // of the message
  const std::atomic<bool>* ending = nullptr;
  bool named_recipient = false;
  bool over = false;  // we take our leave
  bool offers_utf8 = false;
  std::string last_answer;  // of the server, until then
  int last_code = 0;

  static size_t Read(char* buffer, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const size_t taken = std::min(size * count, exchange.rest.size());
    std::memcpy(buffer, exchange.rest.data(), taken);
    exchange.rest.remove_prefix(taken);
    return taken;
  }

  static int Progress(void* self, curl_off_t /*down_total*/, curl_off_t /*down*/,
                      curl_off_t /*up_total*/, curl_off_t /*up*/) {
    const auto& exchange = *static_cast<Exchange*>(self);
    return exchange.ending != nullptr && exchange.ending->load() ? 1 : 0;
  }

  // Looks which command was the last; nothing of it is kept, as some of them are secrets.
  static int Debug(CURL* /*curl*/, curl_infotype type, char* data, size_t size, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const absl::string_view line(data, size);
    if (type == CURLINFO_HEADER_OUT) {
      if (absl::StartsWith(line, "RCPT TO")) exchange.named_recipient = true;
      if (absl::StartsWith(line, "QUIT") || absl::StartsWith(line, "RSET")) exchange.over = true;
    }
    if (type == CURLINFO_HEADER_IN && !exchange.over) {
      exchange.last_answer = PrintableOf(absl::StripTrailingAsciiWhitespace(line), kLongestAnswer);
      // "250-SMTPUTF8" of EHLO. What was offered before TLS is offered anew behind it.
      if (absl::StartsWith(line, "220")) exchange.offers_utf8 = false;
      const absl::string_view offer =
          absl::StripTrailingAsciiWhitespace(line.substr(std::min<size_t>(line.size(), 4)));
      if (absl::StartsWith(line, "250") && absl::EqualsIgnoreCase(offer, "SMTPUTF8")) {
        exchange.offers_utf8 = true;
      }
      if (!absl::SimpleAtoi(line.substr(0, 3), &exchange.last_code)) exchange.last_code = 0;
    }
    return 0;
  }
};

absl::StatusOr<std::unique_ptr<SmtpTransport>> SmtpTransport::Open(SmtpOptions options) {
  if (!IsServer(options.server)) {
    return absl::InvalidArgumentError(
        "--mail_server must be smtp://host:port, or smtps://host:port for TLS from the start");
  }
  if (options.plain && !options.user.empty()) {
    return absl::InvalidArgumentError(
        "--mail_user takes TLS: without it the password could be read on the way");
  }
  if (options.longest < absl::Seconds(1) || options.longest > absl::Minutes(10)) {
    return absl::InvalidArgumentError("--mail_timeout must be between 1s and 10m");
  }
  CURL* const curl = StartLibrary() == CURLE_OK ? curl_easy_init() : nullptr;
  if (curl == nullptr) return absl::InternalError("libcurl does not start");
  std::unique_ptr<SmtpTransport> transport(new SmtpTransport(std::move(options), curl));
  RETURN_IF_ERROR(transport->Prepare());
  return transport;
}

SmtpTransport::~SmtpTransport() { curl_easy_cleanup(static_cast<CURL*>(curl_)); }

// What holds for each delivery; kInvalidArgument, kPermissionDenied or kNotFound for the password.
absl::Status SmtpTransport::Prepare() {
  CURL* const curl = static_cast<CURL*>(curl_);
  curl_easy_reset(curl);  // connections stay
  curl_easy_setopt(curl, CURLOPT_URL, options_.server.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(options_.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (!options_.user.empty()) {
    ASSIGN_OR_RETURN(const Secret password, token::LoadSecretFile(options_.password_file));
    std::string text(password.Reveal());
    curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, text.c_str());
    WipeText(text);
  }
  const auto longest = static_cast<long>(absl::ToInt64Milliseconds(options_.longest));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, longest);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, longest / 3);
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   std::max(1L, static_cast<long>(absl::ToInt64Seconds(options_.longest))));
  return absl::OkStatus();
}

DeliveryReport SmtpTransport::Deliver(const Parcel& parcel,
                                      const std::shared_ptr<const std::atomic<bool>>& ending) {
  if (parcel.takes_utf8) {
    bool offered = false;
    const DeliveryReport asked = AskForUtf8(ending, &offered);
    if (asked.outcome != Delivery::kTaken) return asked;
    if (!offered) {
      return {Delivery::kRefused,
              "the mail server does not offer SMTPUTF8, which this address takes"};
    }
  }
  CURL* const curl = static_cast<CURL*>(curl_);
  if (const absl::Status prepared = Prepare(); !prepared.ok()) {
    return {Delivery::kNoServer, std::string(prepared.message())};
  }
  Exchange exchange;
  exchange.rest = parcel.message;
  exchange.ending = ending.get();
  const std::string from = absl::StrCat("<", parcel.from, ">");
  const std::string to = absl::StrCat("<", parcel.to, ">");
  curl_slist* const recipients = curl_slist_append(nullptr, to.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &Exchange::Read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
  const DeliveryReport report = Perform(&exchange);
  curl_slist_free_all(recipients);
  return report;
}

// By a connection of its own: one that is kept says no more what the server offers. The mail goes
// by it, or by the one that was kept.
DeliveryReport SmtpTransport::AskForUtf8(const std::shared_ptr<const std::atomic<bool>>& ending,
                                         bool* offered) {
  CURL* const curl = static_cast<CURL*>(curl_);
  if (const absl::Status prepared = Prepare(); !prepared.ok()) {
    return {Delivery::kNoServer, std::string(prepared.message())};
  }
  Exchange exchange;
  exchange.ending = ending.get();
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
  const DeliveryReport report = Perform(&exchange);
  *offered = exchange.offers_utf8;
  return report;
}

DeliveryReport SmtpTransport::Perform(Exchange* exchange) {
  CURL* const curl = static_cast<CURL*>(curl_);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Exchange::Progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &Exchange::Debug);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, exchange);
  const CURLcode result = curl_easy_perform(curl);
  if (result == CURLE_OK) return {Delivery::kTaken, ""};
  if (!exchange->named_recipient || result == CURLE_OPERATION_TIMEDOUT ||
      result == CURLE_ABORTED_BY_CALLBACK || exchange->last_code < 400) {
    return {Delivery::kNoServer, curl_easy_strerror(result)};
  }
  return {exchange->last_code >= 500 ? Delivery::kRefused : Delivery::kLater,
          exchange->last_answer};
}

}  // namespace usher::auth
