// Companies as those who list them see them.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/company/company_over_the_wire.h"

namespace usher {
namespace company_list_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

using CompanyListOverTheWire = CompanyOverTheWire;

TEST_F(CompanyListOverTheWire, WhoeverNamesNoneSeesTheOwnCompany) {
  const auto reply = List(TokenWith({}));
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme"));
  EXPECT_GT(reply.companies().at("acme").createdat(), 0);
  EXPECT_THAT(List(GuestToken()).orderedcompanyids(), ElementsAre("acme"));
}

TEST_F(CompanyListOverTheWire, OfOthersTheDisplayNameIsAllThatIsShown) {
  const auto reply = List(AdminOf("acme"), {"globex", "acme", "nobody", "NO ID"});
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme", "globex"));
  ::common::Company name_only;
  name_only.set_displayname(Get("globex").displayname());
  EXPECT_THAT(reply.companies().at("globex"), EqualsProto(name_only));
  EXPECT_GT(reply.companies().at("acme").createdat(), 0);
}

TEST_F(CompanyListOverTheWire, ThePlatformSeesAllAndPagesThroughThem) {
  for (const Permission permission : {Permission::kCompanyList, Permission::kCompanyAdmin}) {
    const std::string token = TokenWith({permission}, "operator");
    EXPECT_THAT(List(token).orderedcompanyids(), IsSupersetOf({"acme", "globex", "operator"}));
    EXPECT_GT(List(token, {"globex"}).companies().at("globex").createdat(), 0);
    auto request = As<::companyService::CompanyListRequest>(token);
    request.set_companyidfrom("globex");
    request.set_limit(1);
    EXPECT_THAT(Ask(&CompanyStub::companyList, request).orderedcompanyids(), ElementsAre("globex"));
  }
}

TEST_F(CompanyListOverTheWire, CompanyAdminOfAnyOtherCompanyOpensNothing) {
  const std::string token = TokenWith({Permission::kCompanyAdmin});
  EXPECT_THAT(List(token).orderedcompanyids(), ElementsAre("acme"));
  EXPECT_EQ(List(token, {"globex"}).companies().at("globex").createdat(), 0);
  EXPECT_THAT(Update(token, Renaming("globex", "Mine")), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Update(token, Renaming("acme", "Mine")), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Ask(&CompanyStub::companyCreate, As<::companyService::CompanyCreateRequest>(token)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  ::companyService::CompanyDestroyRequest destroy;
  destroy.set_companyid("globex");
  EXPECT_THAT(Ask(&CompanyStub::companyDestroy, As(token, destroy)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
}

// A platform administrator gave them, as nobody else can.
TEST_F(CompanyListOverTheWire, CompanyListAndCompanyCreateCountWhereverTheyWereGiven) {
  const std::string lister = TokenWith({Permission::kCompanyList});
  EXPECT_THAT(List(lister).orderedcompanyids(), IsSupersetOf({"acme", "globex", "operator"}));
  EXPECT_GT(List(lister, {"globex"}).companies().at("globex").createdat(), 0);
  EXPECT_THAT(Update(lister, Renaming("globex", "Mine")), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Ask(&CompanyStub::companyCreate, As<::companyService::CompanyCreateRequest>(lister)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  const std::string creator = TokenWith({Permission::kCompanyCreate});
  EXPECT_THAT(List(creator).orderedcompanyids(), ElementsAre("acme"));
  EXPECT_THAT(Ask(&CompanyStub::companyCreate, As<::companyService::CompanyCreateRequest>(creator)),
              Answers(::common::REQUEST_EMPTY));
}

TEST_F(CompanyListOverTheWire, IdsAloneAreAnsweredWhereThatIsAskedFor) {
  auto request = As<::companyService::CompanyListRequest>(TokenWith({}));
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  const auto reply = Ask(&CompanyStub::companyList, request);
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme"));
  EXPECT_THAT(reply.companies(), IsEmpty());
}

TEST_F(CompanyListOverTheWire, ListRefusesWhatIsTooMuch) {
  auto request = As<::companyService::CompanyListRequest>(TokenWith({}));
  request.set_limit(1001);
  EXPECT_THAT(Ask(&CompanyStub::companyList, request), Answers(::common::RANGE_ERROR));
  EXPECT_THAT(List(TokenWith({}), std::vector<std::string>(1001, "acme")),
              Answers(::common::MAX_SIZE_EXCEEDED));
}

// "Enough to read the own profile and company"; a join token is for the room and the profile.
TEST_F(CompanyListOverTheWire, AnActivationTokenReadsTheCompanyAndAJoinTokenDoesNot) {
  token::AccessToken token;
  token.type = token::TokenType::kActivation;
  token.user = UserId(NewUuid());
  token.company = CompanyId("acme");
  EXPECT_THAT(List(house_.Sign(token)).orderedcompanyids(), ElementsAre("acme"));
  EXPECT_THAT(Update(house_.Sign(token), Renaming("acme", "Mine")),
              Answers(::common::AUTHENTICATION_ERROR));
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(NewUuid());
  EXPECT_THAT(List(house_.Sign(token)), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanyListOverTheWire, GuestsDoNotSeeWhoseTheCompanyIs) {
  house_.database("company").Run(
      "UPDATE companies SET owner_email = 'owner@acme.example' WHERE company_id = 'acme'");
  EXPECT_EQ(List(TokenWith({})).companies().at("acme").ownerid(), "owner@acme.example");
  EXPECT_EQ(List(GuestToken()).companies().at("acme").ownerid(), "");
}

// One meaning of a limit: a list of rooms had this one, a list of companies another.
TEST_F(CompanyListOverTheWire, ALimitOfNothingIsAHundredAlsoWhereCompaniesAreNamed) {
  house_.database("company").Run(
      "INSERT INTO companies (company_id, display_name, state)"
      " SELECT 'named-' || i, 'N', 2 FROM generate_series(100, 219) i");
  ::companyService::CompanyListRequest request;
  for (int i = 100; i < 220; ++i) request.add_companyidlist(absl::StrCat("NAMED-", i));
  const auto first = Ask(&CompanyStub::companyList, As(TokenWith({}), request));
  ASSERT_EQ(first.orderedcompanyids_size(), 100);
  request.set_companyidfrom(absl::StrCat(first.orderedcompanyids(99), "-"));
  EXPECT_EQ(Ask(&CompanyStub::companyList, As(TokenWith({}), request)).orderedcompanyids_size(),
            20);
  request.clear_companyidfrom();
  request.set_limit(1000);
  EXPECT_EQ(Ask(&CompanyStub::companyList, As(TokenWith({}), request)).companies_size(), 120);
  house_.database("company").Run("DELETE FROM companies WHERE company_id LIKE 'named-%'");
}

// F34b: the answer had 6,021,606 bytes, which the client did not take.
TEST_F(CompanyListOverTheWire, CompaniesThatOneMessageCannotHoldAreRefusedWithAWayOut) {
  house_.database("company").Run(
      "INSERT INTO companies (company_id, display_name, state, metadata)"
      " SELECT 'large-' || i, 'L', 2, jsonb_build_object('k', repeat('x', 60000))"
      " FROM generate_series(1, 100) i");
  auto request = As<::companyService::CompanyListRequest>(AdminOf("operator"));
  request.mutable_accessinfo()->set_includemetadata(true);
  request.set_limit(1000);
  const auto refused = Ask(&CompanyStub::companyList, request);
  EXPECT_THAT(refused, Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(refused.replyinfo().statusmessage(), HasSubstr("companyIdFrom"));
  request.set_limit(40);
  EXPECT_THAT(Ask(&CompanyStub::companyList, request), Answers(::common::OK));
  request.set_limit(1000);
  request.mutable_accessinfo()->set_includemetadata(false);
  EXPECT_GT(Ask(&CompanyStub::companyList, request).companies_size(), 100);
  house_.database("company").Run("DELETE FROM companies WHERE company_id LIKE 'large-%'");
}

}  // namespace company_list_over_the_wire_test
}  // namespace usher
