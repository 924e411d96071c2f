#include "services/auth/mail/letters.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "common/base/printable.h"
#include "services/auth/mail/mime.h"

namespace usher::auth {
namespace {

constexpr size_t kMostShown = 80;  // characters of a name or a title
constexpr size_t kWidth = 72;      // of a line of text

// One letter in one language. In the paragraphs $0 is the company, $1 the user name.
struct Wording {
  Language language;
  const char* subject;
  const char* greeting;  // $0: the name
  const char* nameless_greeting;
  std::vector<const char*> before;  // paragraphs
  const char* username_line;        // $1
  const char* button;
  const char* good_for;  // $0: how long
  std::vector<const char*> after;
};

const Wording& ResetWording(Language language) {
  static const auto* const english = new Wording{
      Language::kEnglish,
      "Set a new password for $0",
      "Hello $0,",
      "Hello,",
      {"somebody, probably you, has asked for a new password for your account at $0. Open this "
       "link to set it:"},
      "Your user name is: $1",
      "Set a new password",
      "The link works once, for $0.",
      {"If you did not ask for it, ignore this mail: your password stays as it is."}};
  static const auto* const german = new Wording{
      Language::kGerman,
      "Neues Passwort für $0",
      "Guten Tag $0,",
      "Guten Tag,",
      {"jemand, vermutlich Sie selbst, hat für Ihr Konto bei $0 ein neues Passwort angefordert. "
       "Öffnen Sie diesen Link, um es festzulegen:"},
      "Ihr Benutzername lautet: $1",
      "Neues Passwort festlegen",
      "Der Link funktioniert einmal und ist $0 gültig.",
      {"Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist."}};
  return language == Language::kGerman ? *german : *english;
}

const Wording& InvitationWording(Language language) {
  static const auto* const english = new Wording{
      Language::kEnglish,
      "Your invitation to $0",
      "Hello $0,",
      "Hello,",
      {"you have been invited to $0. Open this link to finish setting up your account:"},
      "Your user name will be: $1",
      "Accept the invitation",
      "The link works once, for $0.",
      {"If you do not know what this is about, ignore this mail."}};
  static const auto* const german = new Wording{
      Language::kGerman,
      "Ihre Einladung zu $0",
      "Guten Tag $0,",
      "Guten Tag,",
      {"Sie wurden zu $0 eingeladen. Öffnen Sie diesen Link, um Ihr Konto fertig einzurichten:"},
      "Ihr Benutzername wird lauten: $1",
      "Einladung annehmen",
      "Der Link funktioniert einmal und ist $0 gültig.",
      {"Wenn Sie damit nichts anfangen können, brauchen Sie nichts zu tun."}};
  return language == Language::kGerman ? *german : *english;
}

// What somebody gave, on one line and of bounded length.
std::string Shortened(absl::string_view text) {
  std::string shown;
  for (size_t count = 0; !text.empty(); ++count) {
    if (count == kMostShown) return absl::StrCat(shown, "…");
    const Character character = FirstCharacter(text);
    const bool printable = character.code_point >= 0 && IsPrintable(character.code_point);
    absl::StrAppend(&shown, printable ? text.substr(0, character.bytes) : " ");
    text.remove_prefix(character.bytes);
  }
  return std::string(absl::StripAsciiWhitespace(shown));
}

// "1 hour", "90 minutes", "3 days".
std::string HowLong(Language language, absl::Duration duration) {
  const bool german = language == Language::kGerman;
  const auto count = [](int64_t number, const char* one, const char* many) {
    return absl::StrCat(number, " ", number == 1 ? one : many);
  };
  if (duration >= absl::Hours(48)) {
    return count(duration / absl::Hours(24), german ? "Tag" : "day", german ? "Tage" : "days");
  }
  const int64_t minutes = duration / absl::Minutes(1);
  if (minutes >= 60 && minutes % 60 == 0) {
    return count(minutes / 60, german ? "Stunde" : "hour", german ? "Stunden" : "hours");
  }
  return count(std::max<int64_t>(minutes, 1), german ? "Minute" : "minute",
               german ? "Minuten" : "minutes");
}

// How many columns of a terminal a text takes, near enough.
size_t Columns(absl::string_view text) {
  size_t columns = 0;
  for (const char c : text) columns += (c & 0xc0) == 0x80 ? 0 : 1;
  return columns;
}

std::string Wrapped(absl::string_view paragraph) {
  std::string text;
  size_t column = 0;
  for (const absl::string_view word : absl::StrSplit(paragraph, ' ')) {
    const size_t width = Columns(word);
    if (column > 0 && column + 1 + width > kWidth) {
      absl::StrAppend(&text, "\n");
      column = 0;
    }
    absl::StrAppend(&text, column == 0 ? "" : " ", word);
    column += width + (column == 0 ? 0 : 1);
  }
  return text;
}

// The paragraphs of a letter; where the link stands between them is `link_after`.
struct Paragraphs {
  std::string greeting;
  std::vector<std::string> before;
  std::vector<std::string> after;
};

Paragraphs ParagraphsOf(const Wording& wording, const LetterContent& content) {
  const std::string title = Shortened(content.title);
  const std::string username = Shortened(content.username);
  const std::string name = Shortened(content.name);
  Paragraphs paragraphs;
  paragraphs.greeting =
      name.empty() ? wording.nameless_greeting : absl::Substitute(wording.greeting, name);
  for (const char* paragraph : wording.before) {
    paragraphs.before.push_back(absl::Substitute(paragraph, title, username));
  }
  if (!username.empty()) {
    paragraphs.after.push_back(absl::Substitute(wording.username_line, title, username));
  }
  if (content.good_for > absl::ZeroDuration()) {
    paragraphs.after.push_back(
        absl::Substitute(wording.good_for, HowLong(wording.language, content.good_for)));
  }
  for (const char* paragraph : wording.after) {
    paragraphs.after.push_back(absl::Substitute(paragraph, title, username));
  }
  return paragraphs;
}

std::string TextOf(const Paragraphs& paragraphs, const LetterContent& content) {
  std::string text = absl::StrCat(Wrapped(paragraphs.greeting), "\n\n");
  for (const std::string& paragraph : paragraphs.before) {
    absl::StrAppend(&text, Wrapped(paragraph), "\n\n");
  }
  // On a line by itself, unbroken: terminals make it one that can be opened.
  absl::StrAppend(&text, content.link, "\n\n");
  for (const std::string& paragraph : paragraphs.after) {
    absl::StrAppend(&text, Wrapped(paragraph), "\n\n");
  }
  absl::StrAppend(&text, "-- \n", Shortened(content.title), "\n");
  return text;
}

std::string HtmlOf(const Wording& wording, const Paragraphs& paragraphs,
                   const LetterContent& content) {
  const auto paragraph = [](absl::string_view text) {
    return absl::StrCat("<p>", HtmlEscaped(text), "</p>\n");
  };
  const absl::string_view language = wording.language == Language::kGerman ? "de" : "en";
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"", language, "\">\n<head><meta charset=\"utf-8\"></head>\n",
      "<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n",
      paragraph(paragraphs.greeting));
  for (const std::string& text : paragraphs.before) absl::StrAppend(&html, paragraph(text));
  absl::StrAppend(&html, "<p><a href=\"", HtmlEscaped(content.link), "\">",
                  HtmlEscaped(wording.button), "</a></p>\n");
  for (const std::string& text : paragraphs.after) absl::StrAppend(&html, paragraph(text));
  absl::StrAppend(&html, "<p>", HtmlEscaped(Shortened(content.title)), "</p>\n</body>\n</html>\n");
  return html;
}

Letter Written(const Wording& wording, const LetterContent& content) {
  const Paragraphs paragraphs = ParagraphsOf(wording, content);
  Letter letter;
  letter.language = wording.language;
  letter.subject = absl::Substitute(wording.subject, Shortened(content.title));
  letter.text = TextOf(paragraphs, content);
  letter.html = HtmlOf(wording, paragraphs, content);
  return letter;
}

}  // namespace

Language LanguageOf(absl::string_view tag, Language otherwise) {
  if (tag.empty()) return otherwise;
  const std::string primary = absl::AsciiStrToLower(tag.substr(0, tag.find_first_of("-_")));
  return primary == "de" ? Language::kGerman : Language::kEnglish;
}

Letter ResetLetter(Language language, const LetterContent& content) {
  return Written(ResetWording(language), content);
}

Letter InvitationLetter(Language language, const LetterContent& content) {
  return Written(InvitationWording(language), content);
}

}  // namespace usher::auth
