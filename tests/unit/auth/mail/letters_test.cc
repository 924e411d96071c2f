#include "services/auth/mail/letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"

namespace usher::auth {
namespace letters_test {

using ::testing::HasSubstr;
using ::testing::Not;

LetterContent Content() {
  return {.title = "Müller & Söhne",
          .name = "Anna Schmidt",
          .username = "anna",
          .link = "https://meet.example.org/account#username=anna&token=abc",
          .good_for = absl::Hours(1)};
}

TEST(LettersTest, AResetInGerman) {
  const Letter letter = ResetLetter(Language::kGerman, Content());
  EXPECT_EQ(letter.subject, "Neues Passwort für Müller & Söhne");
  EXPECT_EQ(letter.text,
            "Guten Tag Anna Schmidt,\n"
            "\n"
            "jemand, vermutlich Sie selbst, hat für Ihr Konto bei Müller & Söhne ein\n"
            "neues Passwort angefordert. Öffnen Sie diesen Link, um es festzulegen:\n"
            "\n"
            "https://meet.example.org/account#username=anna&token=abc\n"
            "\n"
            "Ihr Benutzername lautet: anna\n"
            "\n"
            "Der Link funktioniert einmal und ist 1 Stunde gültig.\n"
            "\n"
            "Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort\n"
            "bleibt, wie es ist.\n"
            "\n"
            "-- \n"
            "Müller & Söhne\n");
  EXPECT_EQ(letter.html,
            "<!DOCTYPE html>\n"
            "<html lang=\"de\">\n"
            "<head><meta charset=\"utf-8\"></head>\n"
            "<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n"
            "<p>Guten Tag Anna Schmidt,</p>\n"
            "<p>jemand, vermutlich Sie selbst, hat für Ihr Konto bei Müller &amp; Söhne ein neues "
            "Passwort angefordert. Öffnen Sie diesen Link, um es festzulegen:</p>\n"
            "<p><a href=\"https://meet.example.org/account#username=anna&amp;token=abc\">Neues "
            "Passwort festlegen</a></p>\n"
            "<p>Ihr Benutzername lautet: anna</p>\n"
            "<p>Der Link funktioniert einmal und ist 1 Stunde gültig.</p>\n"
            "<p>Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es "
            "ist.</p>\n"
            "<p>Müller &amp; Söhne</p>\n"
            "</body>\n"
            "</html>\n");
}

TEST(LettersTest, AResetInEnglish) {
  LetterContent content = Content();
  content.name.clear();
  content.good_for = absl::Minutes(90);
  const Letter letter = ResetLetter(Language::kEnglish, content);
  EXPECT_EQ(letter.subject, "Set a new password for Müller & Söhne");
  EXPECT_EQ(letter.text,
            "Hello,\n"
            "\n"
            "somebody, probably you, has asked for a new password for your account at\n"
            "Müller & Söhne. Open this link to set it:\n"
            "\n"
            "https://meet.example.org/account#username=anna&token=abc\n"
            "\n"
            "Your user name is: anna\n"
            "\n"
            "The link works once, for 90 minutes.\n"
            "\n"
            "If you did not ask for it, ignore this mail: your password stays as it\n"
            "is.\n"
            "\n"
            "-- \n"
            "Müller & Söhne\n");
}

TEST(LettersTest, InvitationsInBothLanguages) {
  LetterContent content = Content();
  content.good_for = absl::Hours(24 * 7);
  const Letter german = InvitationLetter(Language::kGerman, content);
  EXPECT_EQ(german.subject, "Ihre Einladung zu Müller & Söhne");
  EXPECT_THAT(german.text, HasSubstr("Der Link funktioniert einmal und ist 7 Tage gültig.\n"));
  content.username.clear();
  content.good_for = absl::ZeroDuration();
  const Letter english = InvitationLetter(Language::kEnglish, content);
  EXPECT_EQ(english.text,
            "Hello Anna Schmidt,\n"
            "\n"
            "you have been invited to Müller & Söhne. Open this link to finish\n"
            "setting up your account:\n"
            "\n"
            "https://meet.example.org/account#username=anna&token=abc\n"
            "\n"
            "If you do not know what this is about, ignore this mail.\n"
            "\n"
            "-- \n"
            "Müller & Söhne\n");
}

TEST(LettersTest, NoLineButTheLinksIsWiderThanATerminal) {
  LetterContent content = Content();
  content.title = std::string(79, 'x');
  for (const Language language : {Language::kEnglish, Language::kGerman}) {
    for (const Letter& letter :
         {ResetLetter(language, Content()), InvitationLetter(language, Content())}) {
      for (const absl::string_view line : absl::StrSplit(letter.text, '\n')) {
        EXPECT_LE(line.size(), 80U) << line;
      }
    }
  }
}

TEST(LettersTest, L13WhatSomebodyGaveStaysOnItsLineAndOpensNoElement) {
  LetterContent content = Content();
  content.title = "A\r\nBcc: x\x1b[31m<script>\xE2\x80\xAE";
  content.name = "B\n\nhttps://evil.example/";
  content.username = std::string(500, 'c');
  const Letter letter = ResetLetter(Language::kEnglish, content);
  EXPECT_THAT(letter.subject, Not(HasSubstr("\n")));
  EXPECT_THAT(letter.subject, Not(HasSubstr("\x1b")));
  EXPECT_THAT(letter.text, ::testing::StartsWith("Hello B  https://evil.example/,\n\n"));
  EXPECT_THAT(letter.text, Not(HasSubstr("\nBcc")));
  EXPECT_THAT(letter.text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(letter.text, Not(HasSubstr(std::string(81, 'c'))));
  EXPECT_THAT(letter.html, Not(HasSubstr("<script>")));
}

TEST(LettersTest, TheLanguageIsTheUsers) {
  for (const char* tag : {"de", "DE", "de-DE", "de_AT", "de-CH-1996"}) {
    EXPECT_EQ(LanguageOf(tag, Language::kEnglish), Language::kGerman) << tag;
  }
  for (const char* tag : {"en", "en-US", "fr", "den", "nds"}) {
    EXPECT_EQ(LanguageOf(tag, Language::kGerman), Language::kEnglish) << tag;
  }
  EXPECT_EQ(LanguageOf("", Language::kGerman), Language::kGerman);
}

}  // namespace letters_test
}  // namespace usher::auth
