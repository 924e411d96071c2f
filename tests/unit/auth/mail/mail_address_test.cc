#include "services/auth/mail/mail_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace mail_address_test {

std::string Parsed(const std::string& address) {
  const auto parsed = ParseMailAddress(address);
  if (!parsed.ok()) return "none";
  return absl::StrCat(parsed->text, parsed->takes_utf8 ? " in UTF-8" : "");
}

class RefusedAddressTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RefusedAddressTest, L13IsNobodysAddress) {
  EXPECT_THAT(ParseMailAddress(GetParam()), StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    Ascii, RefusedAddressTest,
    ::testing::Values(
        "", "anna", "@example.org", "anna@", "anna@example", "anna@@example.org",
        "anna@example.org,eve@evil.example", "anna@example.org, eve@evil.example",
        "anna@example.org eve@evil.example", "anna@example.org\r\nBcc: eve@evil.example",
        "anna@example.org\n", "\nanna@example.org", "anna@example.org>", "<anna@example.org>",
        "anna@example.org> SIZE=1", "anna\r\nRCPT TO:<eve@evil.example>@example.org",
        "\"a b\"@example.org", "anna@[127.0.0.1]", "an na@example.org", "anna(x)@example.org",
        ".anna@example.org", "anna.@example.org", "an..na@example.org", "anna@example..org",
        "anna@.example.org", "anna@-example.org", "anna@example-.org", "anna@example.org.",
        "anna@exa_mple.org", "anna:@example.org", "anna;@example.org", "anna@evil@example.org",
        "anna\\@example.org", std::string("anna\0@example.org", 17),
        std::string(65, 'a') + "@example.org", "a@" + std::string(64, 'b') + ".org",
        "a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') +
            "." + std::string(60, 'b') + "." + std::string(20, 'b') + ".org"));

INSTANTIATE_TEST_SUITE_P(
    Utf8, RefusedAddressTest,
    ::testing::Values(
        // What leaves no mark, turns the line, or may look like anything.
        "an\u200bna@example.org", "\u202eanna@example.org", "an\u0085na@example.org",
        "an\u00a0na@example.org", "an\u2028na@example.org", "\ue000@example.org",
        "\xff@example.org", "\xc3@example.org", "\u00e4..a@example.org", "anna@b\u00fcro",
        "anna@b\u00fcro..example", "anna@b\u00fcro.example\r\nBcc: eve@evil.example",
        "anna@b\u00fcro .example", "anna@b\u00fcro_x.example", "anna@b\xff.example",
        "anna@b\u202er.example", "anna@\u0301a.example", "anna@-b\u00fcro.example",
        "anna@b\u00fcro@evil.example", std::string("anna@b\u00fc\0ro.example", 19),
        "\uff20example.org", "anna@b\u00fcro.example>",
        // 64 octets before the @, 63 in a label.
        absl::StrCat(std::string(63, 'a'), "\u00e4@example.org"),
        absl::StrCat("a@", std::string(60, 'b'), "\u00fc.example")));

TEST(MailAddressTest, OrdinaryAddressesAreTakenAsTheyAre) {
  for (const char* address :
       {"anna@example.org", "a.b+tag@mail.example.co.uk", "o'neil@x-y.org", "1@2.3",
        "{a}|~!#$%&*-/=?^_`@example.org", "Anna@Example.ORG", "anna@xn--bro-hoa.example"}) {
    EXPECT_EQ(Parsed(address), address);
  }
}

TEST(MailAddressTest, ADomainBeyondAsciiIsSentInAscii) {
  EXPECT_EQ(Parsed("anna@b\u00fcro.example"), "anna@xn--bro-hoa.example");
  EXPECT_EQ(Parsed("anna@B\u00dcRO.Example"), "anna@xn--bro-hoa.example");
  EXPECT_EQ(Parsed("anna@bu\u0308ro.example"), "anna@xn--bro-hoa.example");
  EXPECT_EQ(Parsed("anna@stra\u00dfe.example"), "anna@xn--strae-oqa.example");
  EXPECT_EQ(Parsed("anna@\u4f8b\u5b50\u3002\u6d4b\u8bd5"), "anna@xn--fsqu00a.xn--0zwm56d");
}

TEST(MailAddressTest, WhatStandsBeforeTheAtTakesSmtpUtf8WhereItIsNotAscii) {
  EXPECT_EQ(Parsed("\u00e4nna@example.org"), "\u00e4nna@example.org in UTF-8");
  EXPECT_EQ(Parsed("\u4f8b.a@b\u00fcro.example"), "\u4f8b.a@xn--bro-hoa.example in UTF-8");
  EXPECT_EQ(Parsed("m\u0131ke@example.org"), "m\u0131ke@example.org in UTF-8");
}

TEST(MailAddressTest, WhatWasParsedIsParsedToTheSame) {
  for (const char* address : {"anna@b\u00fcro.example", "\u00e4nna@b\u00fcro.example"}) {
    const auto once = ParseMailAddress(address);
    ASSERT_OK(once);
    const auto twice = ParseMailAddress(once->text);
    ASSERT_OK(twice);
    EXPECT_EQ(twice->text, once->text);
    EXPECT_EQ(twice->takes_utf8, once->takes_utf8);
  }
}

TEST(MailAddressTest, TheRefusalDoesNotNameTheAddress) {
  EXPECT_FALSE(absl::StrContains(ParseMailAddress("secret person@x").status().message(), "secret"));
}

}  // namespace mail_address_test
}  // namespace usher::auth
