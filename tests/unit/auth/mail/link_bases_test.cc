#include "services/auth/mail/link_bases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace link_bases_test {

LinkBases Bases() {
  const auto bases =
      LinkBases::Parse({"https://meet.example.org/account", "https://example.com:8443/"});
  EXPECT_OK(bases);
  return bases.value_or(LinkBases());
}

// The page's text, or the name of the refusal.
std::string PageOf(const std::string& wish) {
  const auto page = Bases().PageFor("resetURL", wish);
  if (!page.ok()) return ReplyCodeName(page.status());
  return page->has_value() ? (*page)->Text() : "none";
}

TEST(LinkBasesTest, L12AnAddressIsTakenAtOrBelowABase) {
  EXPECT_EQ(PageOf("https://meet.example.org/account"), "https://meet.example.org/account");
  EXPECT_EQ(PageOf("https://meet.example.org/account/"), "https://meet.example.org/account/");
  EXPECT_EQ(PageOf("https://meet.example.org/account/reset"),
            "https://meet.example.org/account/reset");
  EXPECT_EQ(PageOf("https://meet.example.org:443/account/reset?lang=de"),
            "https://meet.example.org/account/reset?lang=de");
  EXPECT_EQ(PageOf("HTTPS://Meet.Example.ORG/account/#/reset"),
            "https://meet.example.org/account/#/reset");
  EXPECT_EQ(PageOf("https://example.com:8443"), "https://example.com:8443/");
  EXPECT_EQ(PageOf("https://example.com:8443/anything"), "https://example.com:8443/anything");
}

TEST(LinkBasesTest, NoAddressIsTheFirstBase) {
  EXPECT_EQ(PageOf(""), "https://meet.example.org/account");
}

class RefusedPageTest : public ::testing::TestWithParam<const char*> {};

TEST_P(RefusedPageTest, L12LeadsNowhere) { EXPECT_EQ(PageOf(GetParam()), "HOSTNAME_INVALID"); }

INSTANTIATE_TEST_SUITE_P(
    All, RefusedPageTest,
    ::testing::Values(
        // Elsewhere.
        "https://evil.example/account", "http://meet.example.org/account",
        "https://meet.example.org", "https://meet.example.org/",
        "https://meet.example.org/accounts", "https://meet.example.org/account.evil",
        "https://meet.example.org:444/account", "https://example.com/", "https://example.com:843/",
        "//meet.example.org/account", "/account", "javascript:alert(1)",
        "https:meet.example.org/account", "https:/meet.example.org/account",
        "https:///meet.example.org/account",
        // Hosts that only look like it.
        "https://meet.example.org.evil.example/account",
        "https://meet.example.org@evil.example/account",
        "https://user:password@meet.example.org/account",
        "https://evil.example#meet.example.org/account",
        "https://evil.example?meet.example.org/account",
        "https://evil.example\\meet.example.org/account",
        "https://evil.example\\@meet.example.org/account",
        "https://meet.example.org\\.evil.example/account", "https://meet%2eexample.org/account",
        "https://meet.example.org%00.evil.example/account", "https://meet.example.org:/account",
        "https://meet.example.org:0443a/account", "https://meet.example.org:70000/account",
        "https://meet.example.org:-1/account", "https://meet..example.org/account",
        "https://.meet.example.org/account", "https://[::1]/account",
        "https://m\xC3\xA9"
        "et.example.org/account",
        // Paths that lead out of it.
        "https://meet.example.org/account/../evil", "https://meet.example.org/account/./evil",
        "https://meet.example.org/account/%2e%2e/evil",
        "https://meet.example.org/account/.%2E/evil",
        "https://meet.example.org/account%2f..%2fevil", "https://meet.example.org/account/%5c..",
        "https://meet.example.org//evil.example/account", "https://meet.example.org/account//evil",
        "https://meet.example.org/account\\..\\evil", "https://meet.example.org/evil/../account",
        // What would break a mail.
        "https://meet.example.org/account\r\nBcc: eve@evil.example",
        "https://meet.example.org/account\n.\n",
        "https://meet.example.org/account%0d%0aBcc:", "https://meet.example.org/account%00",
        "https://meet.example.org/account\"><script>", "https://meet.example.org/account'x",
        "https://meet.example.org/account x", " https://meet.example.org/account",
        "https://meet.example.org/account\t", "https://meet.example.org/account%",
        "https://meet.example.org/account%2", "https://meet.example.org/account%zz",
        "https://meet.example.org/account%+1", "https://meet.example.org/account<b>",
        "https://meet.example.org/account`", "https://meet.example.org/{a}"));

TEST(LinkBasesTest, AnAddressThatIsTooLongLeadsNowhere) {
  EXPECT_EQ(PageOf("https://meet.example.org/account/" + std::string(2000, 'a')),
            "HOSTNAME_INVALID");
}

TEST(LinkBasesTest, WithoutABaseNoAddressIsTakenAndNoneIsThere) {
  EXPECT_THAT(LinkBases().PageFor("resetURL", "https://meet.example.org/"),
              HasReplyCode(::common::HOSTNAME_INVALID));
  const auto page = LinkBases().PageFor("resetURL", "");
  ASSERT_OK(page);
  EXPECT_FALSE(page->has_value());
}

TEST(LinkBasesTest, ABaseHasToBeAPageWithoutQueryAndFragment) {
  for (const char* base : {"http://example.org", "https://", "example.org", "https://a@b.org",
                           "https://example.org/?a=b", "https://example.org/#a"}) {
    EXPECT_THAT(LinkBases::Parse({base}), StatusIs(absl::StatusCode::kInvalidArgument)) << base;
  }
}

TEST(LinkBasesTest, ValuesStandInTheFragmentWhichNoServerIsSent) {
  const auto page = ParsePage("https://meet.example.org/account?lang=de");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(LinkTo(*page, {{"username", "an na&=#\r\n\xC3\xA4"}, {"token", "aZ-_9"}}),
            "https://meet.example.org/account?lang=de"
            "#username=an%20na%26%3d%23%0d%0a%c3%a4&token=aZ-_9");
  EXPECT_EQ(LinkTo(*ParsePage("https://meet.example.org/#/reset"), {{"a", "b"}, {"c", "d"}}),
            "https://meet.example.org/#/reset?a=b&c=d");
}

}  // namespace link_bases_test
}  // namespace usher::auth
