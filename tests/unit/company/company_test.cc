#include "services/company/company.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::company {
namespace {

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
}

}  // namespace
}  // namespace usher::company
