#include "services/auth/mail/mail_message.h"

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/auth/mail/mail_address.h"
#include "services/auth/mail/mime.h"

namespace usher::auth {
namespace {

// A part of the alternatives: of the two the reader shows the last that it can.
std::string Part(absl::string_view boundary, absl::string_view type, absl::string_view text) {
  return absl::StrCat("--", boundary, "\r\nContent-Type: ", type,
                      "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
                      QuotedPrintable(text), "\r\n");
}

std::string From(const std::string& title, const std::string& address) {
  if (title.empty()) return address;
  constexpr size_t kColumn = sizeof("From: ") - 1;
  return absl::StrCat(HeaderText(title, kColumn), "\r\n <", address, ">");
}

}  // namespace

absl::StatusOr<std::string> ComposeMail(const Envelope& envelope, const Letter& letter) {
  ASSIGN_OR_RETURN(const MailAddress from, ParseMailAddress(envelope.from));
  ASSIGN_OR_RETURN(const MailAddress to, ParseMailAddress(envelope.to));
  const absl::string_view domain = absl::string_view(from.text).substr(from.text.find('@') + 1);
  // No quoted-printable text has "=_" in it.
  const std::string boundary = absl::StrCat("=_", envelope.mail_id);
  const absl::string_view language = letter.language == Language::kGerman ? "de" : "en";
  return absl::StrCat(
      "Date: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", envelope.date, absl::UTCTimeZone()),
      "\r\nFrom: ", From(envelope.from_title, from.text), "\r\nTo: ", to.text,
      "\r\nSubject: ", HeaderText(letter.subject, sizeof("Subject: ") - 1), "\r\nMessage-ID: <",
      envelope.mail_id, "@", domain, ">",
      "\r\nAuto-Submitted: auto-generated\r\nContent-Language: ", language,
      "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"", boundary,
      "\"\r\n\r\n", Part(boundary, "text/plain", letter.text),
      Part(boundary, "text/html", letter.html), "--", boundary, "--\r\n");
}

}  // namespace usher::auth
