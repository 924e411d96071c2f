// A mail as it travels: RFC 5322 around what a template wrote.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::auth {

enum class Language { kEnglish, kGerman };

// What a person reads; UTF-8, lines of the text end in '\n'.
struct Letter {
  Language language = Language::kEnglish;
  std::string subject;
  std::string text;
  std::string html;
};

// Around a letter.
struct Envelope {
  std::string from;        // address
  std::string from_title;  // "" leaves it out
  std::string to;          // one address
  std::string mail_id;     // makes the Message-ID: the same whenever the mail is sent again
  absl::Time date;
};

// Header and body with CRLF: ASCII, but for an address that takes SMTPUTF8 (mail_address.h), which
// stands there as it is (RFC 6532). Whatever title and letter hold, the header has the lines that
// stand here and no other. kInvalidArgument for an address that is none.
absl::StatusOr<std::string> ComposeMail(const Envelope& envelope, const Letter& letter);

}  // namespace usher::auth
