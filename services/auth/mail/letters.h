// What is written to people, in their language.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/auth/mail/mail_message.h"

namespace usher::auth {

// What a letter is about. Names and titles are what somebody gave: they may hold anything.
struct LetterContent {
  std::string title;     // of the company, for people
  std::string name;      // whom it is for; "" greets nobody by name
  std::string username;  // "" is not told
  std::string link;      // of ParsePage's characters
  // How long the link is good; zero: not told.
  absl::Duration good_for = absl::ZeroDuration();
};

// By a BCP 47 tag: German for "de", "de-AT" and their like, English for all others, and `otherwise`
// where none is given.
Language LanguageOf(absl::string_view tag, Language otherwise);

Letter ResetLetter(Language language, const LetterContent& content);
Letter InvitationLetter(Language language, const LetterContent& content);

}  // namespace usher::auth
