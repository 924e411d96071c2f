// CompanyService as its clients see it.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace company_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

class CompanyOverTheWire : public OverTheWire {
 protected:
  ::companyService::CompanyListReply List(const std::string& token,
                                          const std::vector<std::string>& ids = {}) {
    ::companyService::CompanyListRequest request;
    for (const std::string& id : ids) request.add_companyidlist(id);
    return Ask(&CompanyStub::companyList, As(token, request));
  }
  // In full, as whoever belongs to it sees it.
  ::common::Company Get(const std::string& company) {
    auto request = As<::companyService::CompanyListRequest>(TokenWith({}, company));
    request.mutable_accessinfo()->set_includemetadata(true);
    const auto reply = Ask(&CompanyStub::companyList, request);
    EXPECT_EQ(reply.companies().count(company), 1u) << reply.ShortDebugString();
    return reply.companies().count(company) > 0 ? reply.companies().at(company)
                                                : ::common::Company();
  }
  static ::companyService::CompanyUpdateRequest Renaming(const std::string& company,
                                                         const std::string& name) {
    ::companyService::CompanyUpdateRequest request;
    request.set_companyid(company);
    request.mutable_company()->set_displayname(name);
    return request;
  }
  ::common::ReplyInfo Update(const std::string& token,
                             const ::companyService::CompanyUpdateRequest& request) {
    return Ask(&CompanyStub::companyUpdate, As(token, request));
  }
  ::companyService::CompanyAvailableReply Available(const std::string& name) {
    ::companyService::CompanyAvailableRequest request;
    request.set_displayname(name);
    return Ask(&CompanyStub::companyAvailable, request);
  }
};

TEST_F(CompanyOverTheWire, WhoeverNamesNoneSeesTheOwnCompany) {
  const auto reply = List(TokenWith({}));
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme"));
  EXPECT_GT(reply.companies().at("acme").createdat(), 0);
  EXPECT_THAT(List(GuestToken()).orderedcompanyids(), ElementsAre("acme"));
}

TEST_F(CompanyOverTheWire, OfOthersTheDisplayNameIsAllThatIsShown) {
  const auto reply = List(AdminOf("acme"), {"globex", "acme", "nobody", "NO ID"});
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme", "globex"));
  ::common::Company name_only;
  name_only.set_displayname(Get("globex").displayname());
  EXPECT_THAT(reply.companies().at("globex"), EqualsProto(name_only));
  EXPECT_GT(reply.companies().at("acme").createdat(), 0);
}

TEST_F(CompanyOverTheWire, ThePlatformSeesAllAndPagesThroughThem) {
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

TEST_F(CompanyOverTheWire, CompanyAdminOfAnyOtherCompanyOpensNothing) {
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
TEST_F(CompanyOverTheWire, CompanyListAndCompanyCreateCountWhereverTheyWereGiven) {
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

TEST_F(CompanyOverTheWire, IdsAloneAreAnsweredWhereThatIsAskedFor) {
  auto request = As<::companyService::CompanyListRequest>(TokenWith({}));
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  const auto reply = Ask(&CompanyStub::companyList, request);
  EXPECT_THAT(reply.orderedcompanyids(), ElementsAre("acme"));
  EXPECT_THAT(reply.companies(), IsEmpty());
}

TEST_F(CompanyOverTheWire, ListRefusesWhatIsTooMuch) {
  auto request = As<::companyService::CompanyListRequest>(TokenWith({}));
  request.set_limit(1001);
  EXPECT_THAT(Ask(&CompanyStub::companyList, request), Answers(::common::RANGE_ERROR));
  EXPECT_THAT(List(TokenWith({}), std::vector<std::string>(1001, "acme")),
              Answers(::common::MAX_SIZE_EXCEEDED));
}

// "Enough to read the own profile and company"; a join token is for the room and the profile.
TEST_F(CompanyOverTheWire, AnActivationTokenReadsTheCompanyAndAJoinTokenDoesNot) {
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

TEST_F(CompanyOverTheWire, AnAdministratorChangesWhatIsNamedAndNothingElse) {
  const ::common::Company before = Get("acme");
  auto request = Renaming("acme", "Acme Inc.");
  request.mutable_company()->mutable_branding()->set_enabled(true);
  request.mutable_company()->mutable_branding()->set_logourl("https://acme.example/logo.png");
  (*request.mutable_company()->mutable_metadata())["colour"] = "red";
  request.mutable_company()->set_ownerid("thief@acme.example");
  request.mutable_company()->set_createdat(1);
  ASSERT_THAT(Update(TokenWith({Permission::kGrantPermissions}), request), Answers(::common::OK));
  const ::common::Company after = Get("acme");
  EXPECT_EQ(after.displayname(), "Acme Inc.");
  EXPECT_EQ(after.branding().logourl(), "https://acme.example/logo.png");
  EXPECT_EQ(after.metadata().at("colour"), "red");
  EXPECT_EQ(after.ownerid(), before.ownerid());
  EXPECT_EQ(after.createdat(), before.createdat());

  ::companyService::CompanyUpdateRequest forget;
  forget.set_companyid("acme");
  (*forget.mutable_company()->mutable_metadata())["colour"] = "";
  ASSERT_THAT(Update(AdminOf("acme"), forget), Answers(::common::OK));
  EXPECT_EQ(Get("acme").metadata().count("colour"), 0u);
  EXPECT_EQ(Get("acme").displayname(), "Acme Inc.");
}

TEST_F(CompanyOverTheWire, UpdateIsRefusedToUsersGuestsAndStrangers) {
  const auto request = Renaming("acme", "Mine");
  EXPECT_THAT(Update(TokenWith({Permission::kUserAdmin, Permission::kRoomAdmin}), request),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(GuestToken({Permission::kGrantPermissions}), request),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  // As if it did not exist.
  const auto elsewhere = Update(AdminOf("globex"), request);
  const auto nowhere = Update(AdminOf("globex"), Renaming("nobody", "Mine"));
  EXPECT_THAT(elsewhere, Answers(::common::NOT_FOUND));
  EXPECT_THAT(nowhere, Answers(::common::NOT_FOUND));
  EXPECT_EQ(elsewhere.statusmessage(), nowhere.statusmessage());
  EXPECT_NE(Get("acme").displayname(), "Mine");
}

TEST_F(CompanyOverTheWire, ThePlatformAdministratorUpdatesEveryCompany) {
  ASSERT_THAT(Update(AdminOf("operator"), Renaming("globex", "Globex Corp.")),
              Answers(::common::OK));
  EXPECT_EQ(Get("globex").displayname(), "Globex Corp.");
  EXPECT_THAT(Update(AdminOf("operator"), Renaming("nobody", "X")), Answers(::common::NOT_FOUND));
}

TEST_F(CompanyOverTheWire, TheOwnerUpdatesTheCompanyWithoutAnyPermission) {
  token::AccessToken token;
  token.user = UserId(house_.globex().administrator);
  token.company = CompanyId("globex");
  EXPECT_THAT(Update(house_.Sign(token), Renaming("globex", "The owner's")), Answers(::common::OK));
  EXPECT_THAT(Update(TokenWith({}, "globex"), Renaming("globex", "Mine")),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Get("globex").displayname(), "The owner's");
}

// S13: whoever took the address, when it was free, was the owner.
TEST_F(CompanyOverTheWire, WhoeverTakesTheOwnersAddressIsNotTheOwner) {
  const std::string email = absl::StrCat("owner-", NewUuid(), "@globex.example");
  house_.database("company").Run("UPDATE companies SET owner_email = '" + email +
                                 "' WHERE company_id = 'globex'");
  ::user::UserCreateRequest create;
  create.mutable_user()->set_email(email);
  const auto made = Ask(&UserStub::userCreate, As(AdminOf("globex"), create));
  ASSERT_THAT(made, Answers(::common::OK));
  token::AccessToken token;
  token.user = UserId(made.userid());
  token.company = CompanyId("globex");
  EXPECT_THAT(Update(house_.Sign(token), Renaming("globex", "Mine")),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Get("globex").ownerid(), email);
}

TEST_F(CompanyOverTheWire, GuestsDoNotSeeWhoseTheCompanyIs) {
  house_.database("company").Run(
      "UPDATE companies SET owner_email = 'owner@acme.example' WHERE company_id = 'acme'");
  EXPECT_EQ(List(TokenWith({})).companies().at("acme").ownerid(), "owner@acme.example");
  EXPECT_EQ(List(GuestToken()).companies().at("acme").ownerid(), "");
}

TEST_F(CompanyOverTheWire, UpdateRefusesWhatIsMissingOrMalformed) {
  ::companyService::CompanyUpdateRequest request;
  EXPECT_THAT(Update(AdminOf("acme"), request), Answers(::common::REQUEST_EMPTY));
  request.set_companyid("acme");
  EXPECT_THAT(Update(AdminOf("acme"), request), Answers(::common::REQUEST_EMPTY));
  for (const char* url : {"http://acme.example/logo.png", "https://acme.example/logo.svg"}) {
    request.mutable_company()->mutable_branding()->set_logourl(url);
    const auto refused = Update(AdminOf("acme"), request);
    EXPECT_THAT(refused, Answers(::common::PROTOCOL_ERROR)) << url;
    EXPECT_THAT(refused.statusmessage(), HasSubstr("logoURL"));
  }
  EXPECT_THAT(Update(AdminOf("acme"), Renaming("acme", std::string(256, 'x'))),
              Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(CompanyOverTheWire, AvailableTellsAnybodyTheIdAndWhetherItIsFree) {
  const auto free = Available("Café Zoë & Söhne GmbH");
  EXPECT_THAT(free, Answers(::common::OK));
  EXPECT_EQ(free.companyid(), "cafe-zoe-sohne-gmbh");
  EXPECT_TRUE(free.available());
  EXPECT_EQ(Available("ACME").companyid(), "acme");
  for (const char* name : {"ACME", "admin", "Support", "ab", "!!!"}) {
    const auto reply = Available(name);
    EXPECT_THAT(reply, Answers(::common::OK)) << name;
    EXPECT_FALSE(reply.available()) << name;
  }
}

TEST_F(CompanyOverTheWire, AvailableRefusesANameThatIsNone) {
  EXPECT_THAT(Available(""), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Available("  "), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Available(std::string(256, 'x')), Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(Available("a\tb"), Answers(::common::PROTOCOL_ERROR));
}

TEST_F(CompanyOverTheWire, CreateAndDestroyLookAtPermissionsBeforeTheRequest) {
  ::companyService::CompanyDestroyRequest destroy;
  destroy.set_companyid("globex");
  for (const std::string& token : {AdminOf("acme"), TokenWith({}, "operator")}) {
    EXPECT_THAT(Ask(&CompanyStub::companyCreate, As<::companyService::CompanyCreateRequest>(token)),
                Answers(::common::INSUFFICIENT_PERMISSIONS));
    EXPECT_THAT(Ask(&CompanyStub::companyDestroy, As(token, destroy)),
                Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_THAT(Ask(&CompanyStub::companyDestroy,
                  As(TokenWith({Permission::kCompanyCreate}, "operator"), destroy)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(List(AdminOf("operator")).orderedcompanyids(), IsSupersetOf({"globex"}));
}

TEST_F(CompanyOverTheWire, AllButAvailableAskForAToken) {
  EXPECT_THAT(Ask(&CompanyStub::companyList, ::companyService::CompanyListRequest()),
              Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Ask(&CompanyStub::companyUpdate, Renaming("acme", "Mine")),
              Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Ask(&CompanyStub::companyCreate, ::companyService::CompanyCreateRequest()),
              Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Ask(&CompanyStub::companyDestroy, ::companyService::CompanyDestroyRequest()),
              Answers(::common::ACCESS_INFO_MISSING));
}

// One meaning of a limit: a list of rooms had this one, a list of companies another.
TEST_F(CompanyOverTheWire, ALimitOfNothingIsAHundredAlsoWhereCompaniesAreNamed) {
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
TEST_F(CompanyOverTheWire, CompaniesThatOneMessageCannotHoldAreRefusedWithAWayOut) {
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

}  // namespace company_over_the_wire_test
}  // namespace usher
