#include "services/auth/mail/mail_message.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/try.h"
#include "services/auth/mail/mime.h"

namespace usher::auth {
namespace {

constexpr size_t kLongestAddress = 254;   // RFC 5321, 4.5.3.1.3
constexpr size_t kLongestLocalPart = 64;  // 4.5.3.1.1
constexpr size_t kLongestLabel = 63;

bool IsAtomCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("!#$%&'*+-/=?^_`{|}~", absl::string_view(&c, 1));
}

bool IsLocalPart(absl::string_view part) {
  if (part.size() > kLongestLocalPart) return false;
  for (const absl::string_view atom : absl::StrSplit(part, '.')) {
    if (atom.empty() || !std::all_of(atom.begin(), atom.end(), IsAtomCharacter)) return false;
  }
  return true;
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return c == '-' || absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

bool IsDomain(absl::string_view domain) {
  int labels = 0;
  for (const absl::string_view label : absl::StrSplit(domain, '.')) {
    if (!IsLabel(label)) return false;
    ++labels;
  }
  return labels >= 2;
}

// A part of the alternatives: of the two the reader shows the last that it can.
std::string Part(absl::string_view boundary, absl::string_view type, absl::string_view text) {
  return absl::StrCat("--", boundary, "\r\nContent-Type: ", type,
                      "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
                      QuotedPrintable(text), "\r\n");
}

std::string From(const Envelope& envelope) {
  if (envelope.from_title.empty()) return envelope.from;
  constexpr size_t kColumn = sizeof("From: ") - 1;
  return absl::StrCat(HeaderText(envelope.from_title, kColumn), "\r\n <", envelope.from, ">");
}

}  // namespace

absl::Status CheckMailAddress(absl::string_view address) {
  const size_t at = address.find('@');
  const bool good = address.size() <= kLongestAddress && at != absl::string_view::npos &&
                    IsLocalPart(address.substr(0, at)) && IsDomain(address.substr(at + 1));
  return good ? absl::OkStatus()
              : absl::InvalidArgumentError(
                    "the e-mail address is none that mail can be sent to (user@example.org)");
}

absl::StatusOr<std::string> ComposeMail(const Envelope& envelope, const Letter& letter) {
  RETURN_IF_ERROR(CheckMailAddress(envelope.from));
  RETURN_IF_ERROR(CheckMailAddress(envelope.to));
  const absl::string_view domain =
      absl::string_view(envelope.from).substr(envelope.from.find('@') + 1);
  // No quoted-printable text has "=_" in it.
  const std::string boundary = absl::StrCat("=_", envelope.mail_id);
  const absl::string_view language = letter.language == Language::kGerman ? "de" : "en";
  return absl::StrCat(
      "Date: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", envelope.date, absl::UTCTimeZone()),
      "\r\nFrom: ", From(envelope), "\r\nTo: ", envelope.to,
      "\r\nSubject: ", HeaderText(letter.subject, sizeof("Subject: ") - 1), "\r\nMessage-ID: <",
      envelope.mail_id, "@", domain, ">",
      "\r\nAuto-Submitted: auto-generated\r\nContent-Language: ", language,
      "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"", boundary,
      "\"\r\n\r\n", Part(boundary, "text/plain", letter.text),
      Part(boundary, "text/html", letter.html), "--", boundary, "--\r\n");
}

}  // namespace usher::auth
