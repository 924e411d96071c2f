#include "services/auth/mail/mail_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace mail_message_test {

using ::testing::HasSubstr;

Envelope AnEnvelope() {
  return {.from = "usher@example.org",
          .from_title = "Acme",
          .to = "anna@example.com",
          .mail_id = "01900000-0000-7000-8000-000000000001",
          .date = absl::FromUnixSeconds(1893456000)};
}

Letter ALetter() {
  return {.language = Language::kGerman,
          .subject = "Neues Passwort",
          .text = "Guten Tag,\n\nhttps://example.org/#a=b\n",
          .html = "<p>Guten Tag,</p>\n"};
}

// The names of the header's lines.
std::vector<std::string> HeaderNames(absl::string_view mail) {
  std::vector<std::string> names;
  for (const absl::string_view line :
       absl::StrSplit(mail.substr(0, mail.find("\r\n\r\n")), "\r\n")) {
    if (line.empty() || line.front() == ' ') continue;
    names.emplace_back(line.substr(0, line.find(':')));
  }
  return names;
}

TEST(ComposeMailTest, AMailIsWrittenAsRfc5322HasIt) {
  EXPECT_THAT(
      ComposeMail(AnEnvelope(), ALetter()),
      IsOkAndHolds(std::string("Date: Tue, 01 Jan 2030 00:00:00 +0000\r\n"
                               "From: Acme\r\n"
                               " <usher@example.org>\r\n"
                               "To: anna@example.com\r\n"
                               "Subject: Neues Passwort\r\n"
                               "Message-ID: <01900000-0000-7000-8000-000000000001@example.org>\r\n"
                               "Auto-Submitted: auto-generated\r\n"
                               "Content-Language: de\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: multipart/alternative;\r\n"
                               " boundary=\"=_01900000-0000-7000-8000-000000000001\"\r\n"
                               "\r\n"
                               "--=_01900000-0000-7000-8000-000000000001\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: quoted-printable\r\n"
                               "\r\n"
                               "Guten Tag,\r\n"
                               "\r\n"
                               "https://example.org/#a=3Db\r\n"
                               "\r\n"
                               "--=_01900000-0000-7000-8000-000000000001\r\n"
                               "Content-Type: text/html; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: quoted-printable\r\n"
                               "\r\n"
                               "<p>Guten Tag,</p>\r\n"
                               "\r\n"
                               "--=_01900000-0000-7000-8000-000000000001--\r\n")));
}

class InjectionTest : public ::testing::TestWithParam<const char*> {};

TEST_P(InjectionTest, L13TheHeaderHasItsLinesAndNoOther) {
  Envelope envelope = AnEnvelope();
  const auto plain = ComposeMail(envelope, ALetter());
  ASSERT_OK(plain);
  envelope.from_title = GetParam();
  Letter letter = ALetter();
  letter.subject = absl::StrCat("For ", GetParam());
  letter.text = absl::StrCat("Hello ", GetParam(), "\n.\n--=_", envelope.mail_id, "--\n");
  letter.html = letter.text;
  const auto mail = ComposeMail(envelope, letter);
  ASSERT_OK(mail);
  EXPECT_EQ(HeaderNames(*mail), HeaderNames(*plain));
  // Nothing ends the mail or one of its parts early, and no line is too long.
  std::multiset<std::string> boundaries;
  for (const absl::string_view line : absl::StrSplit(*mail, "\r\n")) {
    EXPECT_LE(line.size(), 78U) << line;
    EXPECT_NE(line.substr(0, 1), ".") << line;
    EXPECT_EQ(line.find_first_of("\r\n"), absl::string_view::npos);
    if (line.substr(0, 4) == "--=_") boundaries.insert(std::string(line));
  }
  EXPECT_EQ(boundaries.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(All, InjectionTest,
                         ::testing::Values("\r\nBcc: eve@evil.example", "\nBcc: eve@evil.example",
                                           "\rBcc: x", "Acme\r\n\r\nbody", "\n.\n",
                                           "\r\n.\r\nMAIL FROM:<x@y.org>",
                                           "\" <eve@evil.example>, \"", "eve@evil.example>",
                                           "a\xE2\x80\xA8X-To: x", "a\xC2\x85X-To: x", "\xff\xfe",
                                           "=?UTF-8?Q?=0D=0ABcc:_x?=", "\x7f\x01\x1b[31m",
                                           "\xE2\x80\xAEgro.elpmaxe", ""));

TEST(MailMessageTest, AnAddressStandsThereAsItIsSent) {
  Envelope envelope = AnEnvelope();
  envelope.to = "anna@b\u00fcro.example";
  const auto mail = ComposeMail(envelope, ALetter());
  ASSERT_OK(mail);
  EXPECT_THAT(*mail, HasSubstr("\r\nTo: anna@xn--bro-hoa.example\r\n"));
  envelope.to = "\u00e4nna@example.org";
  const auto in_utf8 = ComposeMail(envelope, ALetter());
  ASSERT_OK(in_utf8);
  EXPECT_THAT(*in_utf8, HasSubstr("\r\nTo: \u00e4nna@example.org\r\n"));
}

TEST(MailMessageTest, L13OfTwoAddressesThereIsNoMail) {
  for (std::string Envelope::*address : {&Envelope::from, &Envelope::to}) {
    Envelope envelope = AnEnvelope();
    envelope.*address = "anna@example.org, eve@evil.example";
    EXPECT_THAT(ComposeMail(envelope, ALetter()), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace mail_message_test
}  // namespace usher::auth
