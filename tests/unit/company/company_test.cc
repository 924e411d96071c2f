#include "services/company/company.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/status_matchers.h"

namespace usher::company {
namespace company_test {

using ::testing::HasSubstr;

TEST(Company, ALogoIsHttpsAndPng) {
  for (const char* url : {"https://cdn.example/logo.png", "https://x/a.b.png", ""}) {
    EXPECT_OK(CheckLogoUrl("logoURL", url)) << url;
  }
}

TEST(Company, AnyOtherLogoIsRefused) {
  for (const char* url :
       {"http://cdn.example/logo.png", "https://cdn.example/logo.svg", "//cdn.example/logo.png",
        "https://cdn.example/logo.png?x=1", "javascript:alert(1)//.png", " https://x/a.png",
        "HTTPS://cdn.example/logo.png ", "data:image/png;base64,AAAA"}) {
    EXPECT_THAT(CheckLogoUrl("logoURL", url), HasReplyCode(::common::PROTOCOL_ERROR)) << url;
  }
}

TEST(Company, TheRefusalNamesTheFieldAndTheRule) {
  const std::string text(CheckLogoUrl("branding.logoURL", "x").message());
  EXPECT_THAT(text, HasSubstr("branding.logoURL"));
  EXPECT_THAT(text, HasSubstr("https://"));
  EXPECT_THAT(text, HasSubstr(".png"));
}

TEST(Company, JoinLinksBeginWithAnHttpsAddress) {
  const std::vector<std::pair<const char*, const char*>> bases = {
      {"https://meet.acme.example", "https://meet.acme.example"},
      {"https://meet.acme.example/", "https://meet.acme.example"},
      {"https://Meet.Acme.example:8443/app/", "https://meet.acme.example:8443/app"},
      {"", ""}};
  for (const auto& [written, shown] : bases) {
    EXPECT_OK(CheckJoinLinkBase(written)) << written;
    Company company;
    company.metadata = {{kJoinLinkBase, written}};
    EXPECT_EQ(JoinLinkBaseOf(company), shown);
  }
  EXPECT_EQ(JoinLinkBaseOf(Company()), "");
}

TEST(Company, JoinLinksBeginWithNothingElse) {
  for (const char* base :
       {"http://meet.acme.example", "meet.acme.example", "javascript:alert(1)", "https://",
        "https://meet.acme.example/#app", "https://meet.acme.example/?to=evil.example",
        "https://acme.example@evil.example", "https://evil.example\\.acme.example", "https://a b",
        "https://acme.example/../app", "//acme.example", " "}) {
    EXPECT_THAT(CheckJoinLinkBase(base), HasReplyCode(::common::PROTOCOL_ERROR)) << base;
    // One that an older release let in.
    Company company;
    company.metadata = {{kJoinLinkBase, base}};
    EXPECT_EQ(JoinLinkBaseOf(company), "") << base;
  }
}

TEST(Company, AChangeOfAnyFieldIsNotEmpty) {
  EXPECT_TRUE(CompanyChange().empty());
  CompanyChange change;
  change.display_name = "Acme";
  EXPECT_FALSE(change.empty());
  change = {};
  change.branding = Branding();
  EXPECT_FALSE(change.empty());
  change = {};
  change.metadata = {{"key", ""}};
  EXPECT_FALSE(change.empty());
  for (const Books& books : {Books{"c-1", ""}, Books{"", "basic"}}) {
    change = {};
    change.books = books;
    EXPECT_FALSE(change.empty());
  }
}

Company AnyCompany() {
  Company company;
  company.id = CompanyId("acme");
  company.display_name = "Acme";
  company.owner = UserId("01900000-0000-7000-9000-0000000000ff");
  company.owner_email = "owner@acme.example";
  company.created_at = absl::FromUnixSeconds(1893456000);
  company.branding.title = "Title";
  company.books = {"c-1", "basic"};
  company.metadata = {{"colour", "red"}, {"size", "l"}};
  return company;
}

TEST(CompanyMerge, WhatIsNotNamedStays) {
  const auto merged = Merge(AnyCompany(), {});
  ASSERT_OK(merged);
  EXPECT_EQ(merged->id, CompanyId("acme"));
  EXPECT_EQ(merged->display_name, "Acme");
  EXPECT_EQ(merged->owner, AnyCompany().owner);
  EXPECT_EQ(merged->owner_email, "owner@acme.example");
  EXPECT_EQ(merged->created_at, AnyCompany().created_at);
  EXPECT_EQ(merged->branding.title, "Title");
  EXPECT_EQ(merged->books, (Books{"c-1", "basic"}));
  EXPECT_EQ(merged->metadata, AnyCompany().metadata);
}

TEST(CompanyMerge, WhatIsNamedIsOverwrittenTheBrandingAsAWhole) {
  CompanyChange change;
  change.display_name = "Acme Inc.";
  change.branding = Branding{.enabled = true};
  change.metadata = {{"colour", ""}, {"new", "1"}};
  change.books.plan_id = "large";
  const auto merged = Merge(AnyCompany(), change);
  ASSERT_OK(merged);
  EXPECT_EQ(merged->books, (Books{"c-1", "large"}));
  EXPECT_EQ(merged->display_name, "Acme Inc.");
  EXPECT_TRUE(merged->branding.enabled);
  EXPECT_EQ(merged->branding.title, "");
  EXPECT_EQ(merged->metadata, (text::Metadata{{"new", "1"}, {"size", "l"}}));
}

TEST(CompanyMerge, MetadataThatWouldGrowTooLargeAreRefused) {
  Company company = AnyCompany();
  CompanyChange change;
  for (int i = 0; i < 98; ++i) change.metadata[std::to_string(i)] = "x";
  EXPECT_OK(Merge(company, change));
  change.metadata["one more"] = "x";
  EXPECT_THAT(Merge(company, change), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

}  // namespace company_test
}  // namespace usher::company
