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
namespace {

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

class RefusedAddressTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RefusedAddressTest, L13IsNobodysAddress) {
  EXPECT_THAT(CheckMailAddress(GetParam()), StatusIs(absl::StatusCode::kInvalidArgument));
  Envelope envelope = AnEnvelope();
  envelope.to = GetParam();
  EXPECT_THAT(ComposeMail(envelope, ALetter()), StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedAddressTest,
    ::testing::Values(
        "", "anna", "@example.org", "anna@", "anna@example", "anna@@example.org",
        "anna@example.org,eve@evil.example", "anna@example.org, eve@evil.example",
        "anna@example.org eve@evil.example", "anna@example.org\r\nBcc: eve@evil.example",
        "anna@example.org\n", "\nanna@example.org", "anna@example.org>", "<anna@example.org>",
        "anna@example.org> SIZE=1", "anna\r\nRCPT TO:<eve@evil.example>@example.org",
        "\"a b\"@example.org", "anna@[127.0.0.1]", "an na@example.org", "anna(x)@example.org",
        ".anna@example.org", "anna.@example.org", "an..na@example.org", "anna@example..org",
        "anna@.example.org", "anna@-example.org", "anna@example-.org", "anna@example.org.",
        "anna@exa_mple.org", "\xC3\xA4nna@example.org", "anna@ex\xC3\xA4mple.org",
        "m\xC4\xB1ke@example.org", "anna:@example.org", "anna;@example.org",
        "anna@evil@example.org", "anna\\@example.org", std::string("anna\0@example.org", 17),
        std::string(65, 'a') + "@example.org", "a@" + std::string(64, 'b') + ".org",
        "a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') +
            "." + std::string(60, 'b') + "." + std::string(20, 'b') + ".org"));

TEST(MailAddressTest, OrdinaryAddressesAreTaken) {
  for (const char* address : {"anna@example.org", "a.b+tag@mail.example.co.uk", "o'neil@x-y.org",
                              "1@2.3", "{a}|~!#$%&*-/=?^_`@example.org"}) {
    EXPECT_OK(CheckMailAddress(address)) << address;
  }
}

TEST(MailAddressTest, TheRefusalDoesNotNameTheAddress) {
  EXPECT_THAT(std::string(CheckMailAddress("secret person@x").message()),
              ::testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace usher::auth
