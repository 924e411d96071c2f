#include "services/company/company_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/contracts/company_store_contract.h"
#include "tests/support/status_matchers.h"

namespace usher::company {
namespace company_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

::companyService::CompanyListRequest AskingFor(const std::vector<std::string>& ids,
                                               uint32_t limit = 0) {
  ::companyService::CompanyListRequest request;
  request.set_limit(limit);
  for (const std::string& id : ids) request.add_companyidlist(id);
  return request;
}

Company AFullCompany() {
  Company company = NamedCompany("acme");
  company.created_at = absl::FromUnixSeconds(1764000000);
  company.branding.enabled = true;
  company.branding.title = "Title";
  company.branding.navbar_background = "#fff";
  company.branding.logo_url = "https://x/a.png";
  company.branding.logo_alternative_url = "https://x/b.png";
  company.branding.logo_height = 20;
  company.branding.logo_width = 40;
  company.branding.logo_square_48_url = "https://x/48.png";
  company.branding.logo_square_96_url = "https://x/96.png";
  company.metadata = {{"key", "value"}};
  company.books = {"c-1", "basic"};
  return company;
}

TEST(CompanyListWire, WithoutAWishItIsTheFirstHundred) {
  const auto wish = FromWire(::companyService::CompanyListRequest());
  ASSERT_OK(wish);
  EXPECT_EQ(wish->limit, 100u);
  EXPECT_TRUE(wish->first.empty());
  EXPECT_THAT(wish->ids, IsEmpty());
}

TEST(CompanyListWire, TheLimitIsTheSameWhetherCompaniesAreNamedOrNot) {
  std::vector<std::string> ids;
  for (int i = 100; i < 1100; ++i) ids.push_back(absl::StrCat("company-", i));
  for (const auto& named : {std::vector<std::string>(), ids}) {
    EXPECT_EQ(FromWire(AskingFor(named))->limit, 100u);
    EXPECT_EQ(FromWire(AskingFor(named, 1))->limit, 1u);
    EXPECT_EQ(FromWire(AskingFor(named, 1000))->limit, 1000u);
    EXPECT_THAT(FromWire(AskingFor(named, 1001)), HasReplyCode(::common::RANGE_ERROR));
  }
  EXPECT_EQ(FromWire(AskingFor(ids))->ids.size(), 1000u);
  ids.push_back("one-more");
  EXPECT_THAT(FromWire(AskingFor(ids)), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(CompanyListWire, CompaniesAreNamedInLettersOfAnySizeAndWhatCannotBeAnIdIsLeftOut) {
  EXPECT_THAT(FromWire(AskingFor({"NO", "ACME", "-a-", ""}))->ids, ElementsAre(CompanyId("acme")));
  EXPECT_EQ(FromWire(AskingFor({"NO"}))->limit, 0u);
}

TEST(CompanyListWire, PagingBeginsWhereTheClientSays) {
  ::companyService::CompanyListRequest request;
  request.set_companyidfrom("beta");
  EXPECT_EQ(FromWire(request)->first, CompanyId("beta"));
  request.set_companyidfrom("BETA");
  EXPECT_EQ(FromWire(request)->first, CompanyId("beta"));
  request.set_companyidfrom("b");  // need not be an ID itself
  EXPECT_EQ(FromWire(request)->first, CompanyId("b"));
  request.set_companyidfrom(std::string("b\0a", 3));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request.set_companyidfrom(std::string(256, 'b'));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(CompanyChangeWire, AChangeIsReadFieldByField) {
  const Company company = AFullCompany();
  ::common::Company wire = ToWire(company);
  wire.set_displayname("  Acme ");
  const auto change = FromWire(wire);
  ASSERT_OK(change);
  EXPECT_EQ(change->display_name, "Acme");
  ASSERT_TRUE(change->branding.has_value());
  EXPECT_TRUE(change->branding->enabled);
  EXPECT_EQ(change->branding->title, "Title");
  EXPECT_EQ(change->branding->navbar_background, "#fff");
  EXPECT_EQ(change->branding->logo_url, "https://x/a.png");
  EXPECT_EQ(change->branding->logo_alternative_url, "https://x/b.png");
  EXPECT_EQ(change->branding->logo_height, 20);
  EXPECT_EQ(change->branding->logo_width, 40);
  EXPECT_EQ(change->branding->logo_square_48_url, "https://x/48.png");
  EXPECT_EQ(change->branding->logo_square_96_url, "https://x/96.png");
  EXPECT_EQ(change->books, (Books{"c-1", "basic"}));
  EXPECT_THAT(change->metadata, ElementsAre(Pair("key", "value")));
}

TEST(CompanyChangeWire, OwnerAndCreationAreNotAChange) {
  ::common::Company wire;
  wire.set_ownerid("me@example.org");
  wire.set_createdat(1);
  EXPECT_TRUE(FromWire(wire)->empty());
}

TEST(CompanyChangeWire, EveryLogoIsHttpsAndPng) {
  const auto* fields = ::common::Branding::descriptor();
  int logos = 0;
  for (int i = 0; i < fields->field_count(); ++i) {
    const auto* field = fields->field(i);
    if (!absl::EndsWith(field->name(), "URL")) continue;
    ++logos;
    const auto with = [field](const std::string& url) {
      ::common::Company wire;
      wire.mutable_branding()->GetReflection()->SetString(wire.mutable_branding(), field, url);
      return FromWire(wire);
    };
    EXPECT_OK(with("https://x/a.png")) << field->name();
    for (const char* url : {"http://x/a.png", "https://x/a.gif", "javascript:alert(1)//.png"}) {
      const auto refused = with(url);
      EXPECT_THAT(refused, HasReplyCode(::common::PROTOCOL_ERROR)) << field->name() << url;
      EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr(field->name()));
    }
    EXPECT_THAT(with("https://" + std::string(300, 'x') + ".png"),
                HasReplyCode(::common::MAX_SIZE_EXCEEDED))
        << field->name();
  }
  EXPECT_EQ(logos, 4);
}

TEST(CompanyChangeWire, TheBooksAreNames) {
  ::common::Company wire;
  wire.set_customerid(" c-1 ");
  wire.set_planid(std::string(255, 'x'));
  const auto change = FromWire(wire);
  ASSERT_OK(change);
  EXPECT_EQ(change->books.customer_id, "c-1");
  EXPECT_EQ(DraftFromWire(wire)->books, change->books);
  wire.set_planid(std::string(256, 'x'));
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.set_planid("a\nb");
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(CompanyChangeWire, LogosHaveASizeInPixels) {
  for (const int64_t pixels : {int64_t{-1}, int64_t{100001}, INT64_MAX, INT64_MIN}) {
    ::common::Company wire;
    wire.mutable_branding()->set_logoheight(pixels);
    EXPECT_THAT(FromWire(wire), HasReplyCode(::common::RANGE_ERROR)) << pixels;
    wire.mutable_branding()->set_logoheight(0);
    wire.mutable_branding()->set_logowidth(pixels);
    EXPECT_THAT(FromWire(wire), HasReplyCode(::common::RANGE_ERROR)) << pixels;
  }
}

TEST(CompanyChangeWire, TextsAndMetadataHaveTheirSizes) {
  ::common::Company wire;
  wire.set_displayname(std::string(256, 'x'));
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.set_displayname("a\nb");
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR));
  wire.clear_displayname();
  wire.mutable_branding()->set_title(std::string(256, 'x'));
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.clear_branding();
  (*wire.mutable_metadata())["key"] = std::string(4096, 'x');
  EXPECT_OK(FromWire(wire));
  (*wire.mutable_metadata())["key"] = std::string(4097, 'x');
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.clear_metadata();
  for (int i = 0; i < 101; ++i) (*wire.mutable_metadata())[absl::StrCat(i)] = "x";
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(CompanyWire, TheBaseOfJoinLinksIsCheckedWhereACompanyIsMadeAndChanged) {
  ::common::Company wire;
  wire.set_displayname("Acme");
  auto& base = (*wire.mutable_metadata())[kJoinLinkBase];
  for (const char* right : {"https://meet.acme.example", ""}) {
    base = right;
    EXPECT_OK(FromWire(wire)) << right;
    EXPECT_OK(DraftFromWire(wire)) << right;
  }
  base = "http://meet.acme.example";
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(DraftFromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(CompanyReplyWire, ACompanyIsAnsweredWithAllItHas) {
  const ::common::Company wire = ToWire(AFullCompany());
  EXPECT_EQ(wire.displayname(), "The acme");
  EXPECT_EQ(wire.ownerid(), "owner@acme.example");
  EXPECT_EQ(wire.createdat(), 1764000000);
  EXPECT_EQ(wire.branding().logoheight(), 20);
  EXPECT_EQ(wire.branding().logosquare48url(), "https://x/48.png");
  EXPECT_EQ(wire.branding().logosquare96url(), "https://x/96.png");
  EXPECT_EQ(wire.customerid(), "c-1");
  EXPECT_EQ(wire.planid(), "basic");
  EXPECT_EQ(wire.metadata().at("key"), "value");
}

TEST(CompanyReplyWire, ABrandingIsAnsweredWhereThereIsOneWhateverItHolds) {
  EXPECT_FALSE(ToWire(NamedCompany("acme")).has_branding());
  Company company = NamedCompany("acme");
  company.branding.logo_width = 40;
  EXPECT_EQ(ToWire(company).branding().logowidth(), 40);
  company.branding = {};
  company.branding.logo_height = 20;
  EXPECT_EQ(ToWire(company).branding().logoheight(), 20);
  company.branding = {};
  company.branding.logo_square_96_url = "https://x/96.png";
  EXPECT_TRUE(ToWire(company).has_branding());
}

TEST(CompanyReplyWire, AListTellsItsOrderAndWhatTheClientAskedFor) {
  const std::vector<Company> companies = {AFullCompany(), NamedCompany("beta")};
  ::companyService::CompanyListReply reply;
  EXPECT_OK(ToWire(companies, false, &reply));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme", "beta"));
  EXPECT_EQ(reply.companies().at("acme").metadata().size(), 1u);

  reply.Clear();
  EXPECT_OK(ToWire(companies, true, &reply));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme", "beta"));
  EXPECT_THAT(reply.companies(), IsEmpty());
}

TEST(CompanyListWire, WhatAListAsksForIsReadFromTheAccessInfo) {
  ::companyService::CompanyListRequest request;
  EXPECT_FALSE(FromWire(request)->ids_only);
  EXPECT_FALSE(FromWire(request)->with_metadata);
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  request.mutable_accessinfo()->set_includemetadata(true);
  EXPECT_TRUE(FromWire(request)->ids_only);
  EXPECT_TRUE(FromWire(request)->with_metadata);
}

// F34b: 6,021,606 bytes were answered, which no usual client takes.
TEST(CompanyReplyWire, AListThatOneMessageCannotHoldIsRefused) {
  std::vector<Company> companies(100, AFullCompany());
  for (size_t i = 0; i < companies.size(); ++i) {
    companies[i].id = CompanyId("acme" + std::to_string(i));
    companies[i].metadata = {{"key", std::string(60000, 'x')}};
  }
  ::companyService::CompanyListReply reply;
  EXPECT_THAT(ToWire(companies, false, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
  EXPECT_OK(ToWire(companies, true, &reply));
}

}  // namespace company_wire_test
}  // namespace usher::company
