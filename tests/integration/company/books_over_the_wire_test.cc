// What a company is in the operator's books, and its square logos, as clients see them.
#include "tests/support/credentials.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace books_over_the_wire_test {

using ::companyService::CompanyCreateRequest;
using ::companyService::CompanyUpdateRequest;
using ::testing::HasSubstr;

class BooksOverTheWire : public OverTheWire {
 protected:
  static CompanyCreateRequest Founding(const std::string& name) {
    CompanyCreateRequest request;
    ::common::Company& company = *request.mutable_company();
    company.set_displayname(name);
    company.set_customerid("c-1");
    company.set_planid("basic");
    company.mutable_branding()->set_logosquare48url("https://x.example/48.png");
    company.mutable_branding()->set_logosquare96url("https://x.example/96.png");
    *request.mutable_usercreaterequest()->mutable_authenticationrequest() =
        WithPassword("", "ann", "the password of a founder");
    return request;
  }
  // The ID.
  std::string Found(const std::string& token) {
    const auto founded =
        Ask(&CompanyStub::companyCreate, As(token, Founding(absl::StrCat("Books ", NewUuid()))));
    EXPECT_THAT(founded, Answers(::common::OK));
    return founded.companyid();
  }
  ::common::Company Seen(const std::string& token, const std::string& company) {
    ::companyService::CompanyListRequest request;
    request.add_companyidlist(company);
    const auto reply = Ask(&CompanyStub::companyList, As(token, request));
    EXPECT_EQ(reply.companies().count(company), 1u) << reply.ShortDebugString();
    return reply.companies().count(company) == 1 ? reply.companies().at(company)
                                                 : ::common::Company();
  }
  ::common::ReplyInfo Update(const std::string& token, const std::string& company,
                             const ::common::Company& change) {
    CompanyUpdateRequest request;
    request.set_companyid(company);
    *request.mutable_company() = change;
    return Ask(&CompanyStub::companyUpdate, As(token, request));
  }
  static ::common::Company Books(const std::string& customer, const std::string& plan) {
    ::common::Company company;
    company.set_customerid(customer);
    company.set_planid(plan);
    return company;
  }
};

TEST_F(BooksOverTheWire, WhoeverFoundsNamesThemAndTheCompanySeesThem) {
  for (const std::string& founder :
       {AdminOf("operator"), TokenWith({Permission::kCompanyCreate}, "operator")}) {
    const std::string company = Found(founder);
    const ::common::Company seen = Seen(TokenWith({}, company), company);
    EXPECT_EQ(seen.customerid(), "c-1");
    EXPECT_EQ(seen.planid(), "basic");
    EXPECT_EQ(seen.branding().logosquare48url(), "https://x.example/48.png");
    EXPECT_EQ(seen.branding().logosquare96url(), "https://x.example/96.png");
    EXPECT_EQ(Seen(AdminOf("acme"), company).customerid(), "");
  }
}

TEST_F(BooksOverTheWire, ThePlatformAdministratorChangesThemAndNobodyElse) {
  const std::string company = Found(AdminOf("operator"));
  const std::string administrator = TokenWith(kCompanyAdministrator, company);
  for (const auto& change : {Books("c-2", ""), Books("", "large")}) {
    const auto refused = Update(administrator, company, change);
    EXPECT_THAT(refused, Answers(::common::INSUFFICIENT_PERMISSIONS));
    EXPECT_THAT(refused.statusmessage(), HasSubstr("platform administrator"));
  }
  EXPECT_EQ(Seen(administrator, company).customerid(), "c-1");
  EXPECT_THAT(Update(AdminOf("operator"), company, Books("c-2", "")), Answers(::common::OK));
  EXPECT_EQ(Seen(administrator, company).customerid(), "c-2");
  EXPECT_EQ(Seen(administrator, company).planid(), "basic");
}

TEST_F(BooksOverTheWire, AnAdministratorWhoSendsBackWhatWasAnsweredChangesTheRest) {
  const std::string company = Found(AdminOf("operator"));
  const std::string administrator = TokenWith(kCompanyAdministrator, company);
  ::common::Company whole = Seen(administrator, company);
  whole.set_displayname("Renamed");
  EXPECT_THAT(Update(administrator, company, whole), Answers(::common::OK));
  EXPECT_EQ(Seen(administrator, company).displayname(), "Renamed");
  EXPECT_EQ(Seen(administrator, company).customerid(), "c-1");
}

TEST_F(BooksOverTheWire, SquareLogosAreHttpsAndPng) {
  ::common::Company change;
  change.mutable_branding()->set_logosquare48url("http://acme.example/48.png");
  const auto refused = Update(AdminOf("acme"), "acme", change);
  EXPECT_THAT(refused, Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(refused.statusmessage(), HasSubstr("logoSquare48URL"));
  change.mutable_branding()->set_logosquare48url("https://acme.example/48.png");
  change.mutable_branding()->set_logosquare96url("https://acme.example/96.gif");
  EXPECT_THAT(Update(AdminOf("acme"), "acme", change), Answers(::common::PROTOCOL_ERROR));
}

}  // namespace books_over_the_wire_test
}  // namespace usher
