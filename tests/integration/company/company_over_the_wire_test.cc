// CompanyService as its clients see it.
#include "tests/integration/company/company_over_the_wire.h"

#include "absl/strings/str_cat.h"

namespace usher {
namespace company_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

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

}  // namespace company_over_the_wire_test
}  // namespace usher
