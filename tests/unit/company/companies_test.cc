#include "services/company/companies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/company/company_wire.h"
#include "tests/support/a_caller.h"
#include "tests/support/contracts/company_store_contract.h"
#include "tests/support/fake_company_saga_store.h"
#include "tests/support/fake_company_store.h"
#include "tests/support/fake_tenants.h"
#include "tests/support/status_matchers.h"

namespace usher::company {
namespace companies_test {

using ::testing::ElementsAre;

class CompaniesTest : public ::testing::Test {
 protected:
  CompaniesTest() {
    for (const char* id : {"acme", "beta", "operator"}) {
      EXPECT_TRUE(*store_.InsertActive(ACall(), NamedCompany(id)));
    }
  }

  static Caller Platform(Permission permission) {
    return ACaller().In("operator").InOperatorCompany().With(permission).Build();
  }
  std::vector<std::string> Listed(const Caller& caller, const ListWish& wish) {
    std::vector<std::string> ids;
    const std::vector<Company> found = *companies_.List(caller, wish);
    for (const Company& company : found) ids.push_back(company.id.value());
    return ids;
  }
  static CompanyChange Renamed(const std::string& name) {
    CompanyChange change;
    change.display_name = name;
    return change;
  }

  FakeCompanyStore store_;
  FakeCompanySagaStore saga_store_;
  FakeTenants tenants_;
  CompanySagas sagas_{saga_store_, tenants_,    tenants_,
                      tenants_,    {&tenants_}, {absl::Seconds(18), absl::Minutes(10)}};
  Companies companies_{store_, sagas_, {"admin"}};
};

TEST_F(CompaniesTest, ListAnswersTheOwnCompanyAlone) {
  EXPECT_THAT(Listed(ACaller().Build(), {}), ElementsAre("acme"));
}

TEST_F(CompaniesTest, ListShowsOfOtherCompaniesTheDisplayNameAlone) {
  const auto shown =
      *companies_.List(ACaller().Build(), {.ids = {CompanyId("acme"), CompanyId("beta")}});
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].owner_email, "owner@acme.example");
  EXPECT_EQ(shown[1].display_name, "The beta");
  EXPECT_EQ(shown[1].owner_email, "");
}

TEST_F(CompaniesTest, ListAnswersAllToThePlatform) {
  EXPECT_THAT(Listed(Platform(Permission::kCompanyList), {}),
              ElementsAre("acme", "beta", "operator"));
  EXPECT_THAT(Listed(Platform(Permission::kCompanyAdmin), {.first = CompanyId("beta"), .limit = 1}),
              ElementsAre("beta"));
}

TEST_F(CompaniesTest, ListAnswersTheMetadataOfAllToThePlatformAndTheOwnToOthers) {
  CompanyChange change;
  change.metadata = {{"a", "b"}};
  ASSERT_OK(companies_.Update(Platform(Permission::kCompanyAdmin), CompanyId("beta"), change));
  const auto seen = [this](const Caller& caller) {
    return companies_.List(caller, {.ids = {CompanyId("beta")}, .with_metadata = true})
        ->front()
        .metadata;
  };
  EXPECT_EQ(seen(Platform(Permission::kCompanyList)), change.metadata);
  EXPECT_EQ(seen(ACaller().In("beta")), change.metadata);
  EXPECT_EQ(seen(ACaller()), text::Metadata());
}

TEST_F(CompaniesTest, ListAnswersAllWhereCompanyListWasGiven) {
  EXPECT_THAT(Listed(ACaller().With(Permission::kCompanyList).Build(), {}),
              ElementsAre("acme", "beta", "operator"));
}

TEST_F(CompaniesTest, CompanyAdminOfAnyOtherCompanyOpensNothing) {
  const Caller caller = ACaller().With(Permission::kCompanyAdmin).Build();
  EXPECT_THAT(Listed(caller, {}), ElementsAre("acme"));
  EXPECT_THAT(companies_.Update(caller, CompanyId("beta"), Renamed("Mine")),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(CompaniesTest, UpdateIsForAdministrators) {
  EXPECT_THAT(companies_.Update(ACaller().Build(), CompanyId("acme"), Renamed("New")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  const Caller administrator = ACaller().With(Permission::kGrantPermissions).Build();
  EXPECT_TRUE(companies_.Update(administrator, CompanyId("acme"), Renamed("New")).ok());
  EXPECT_THAT(companies_.Update(administrator, CompanyId("beta"), Renamed("New")),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(CompaniesTest, ManageCompanyUpdatesTheOwnCompanyAndNothingElse) {
  const Caller manager = ACaller().With(Permission::kManageCompany);
  EXPECT_OK(companies_.Update(manager, CompanyId("acme"), Renamed("New")));
  EXPECT_THAT(companies_.Update(manager, CompanyId("beta"), Renamed("New")),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(Listed(manager, {}), ElementsAre("acme"));
  CompanyChange books;
  books.books.plan_id = "large";
  EXPECT_THAT(companies_.Update(manager, CompanyId("acme"), books),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(companies_.Destroy(manager, CompanyId("acme")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(CompaniesTest, ManageBillingOpensNothing) {
  const Caller caller = ACaller().With(Permission::kManageBilling);
  EXPECT_THAT(companies_.Update(caller, CompanyId("acme"), Renamed("New")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(CompaniesTest, UpdateIsForTheOwnerWhoIsKnownByUserId) {
  const Caller owner = ACaller().As(NamedCompany("acme").owner);
  EXPECT_OK(companies_.Update(owner, CompanyId("acme"), Renamed("New")));
  EXPECT_THAT(companies_.Update(owner, CompanyId("beta"), Renamed("New")),
              HasReplyCode(::common::NOT_FOUND));
}

// The owner's address may be anybody's by now.
TEST_F(CompaniesTest, ACompanyWithoutAnOwnerHasNobodyForOne) {
  Company company = NamedCompany("orphan");
  company.owner = UserId();
  ASSERT_TRUE(*store_.InsertActive(ACall(), company));
  EXPECT_THAT(companies_.Update(ACaller().In("orphan"), company.id, Renamed("New")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(CompaniesTest, MetadataThatWouldGrowTooLargeAreRefusedAndNothingIsChanged) {
  CompanyChange change;
  for (int i = 0; i < 100; ++i) change.metadata[std::to_string(i)] = "x";
  const Caller administrator = ACaller().With(Permission::kGrantPermissions);
  ASSERT_OK(companies_.Update(administrator, CompanyId("acme"), change));
  CompanyChange more = Renamed("New");
  more.metadata = {{"one more", "x"}};
  EXPECT_THAT(companies_.Update(administrator, CompanyId("acme"), more),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(companies_.List(administrator, {})->front().display_name, "The acme");
  more.metadata["1"] = "";
  EXPECT_OK(companies_.Update(administrator, CompanyId("acme"), more));
}

TEST_F(CompaniesTest, GuestsDoNotSeeWhoseTheCompanyIs) {
  const auto seen = [this](const Caller& caller) {
    return companies_.List(caller, {})->front().owner_email;
  };
  EXPECT_EQ(seen(ACaller()), "owner@acme.example");
  EXPECT_EQ(seen(ACaller().AsGuest("Gwen")), "");
  EXPECT_EQ(seen(ACaller().AsGuest("Gwen").With(Permission::kGrantPermissions)), "");
}

TEST_F(CompaniesTest, TheBooksAreThePlatformsToChange) {
  const CompanyId acme("acme");
  const Caller administrator = ACaller().With(Permission::kGrantPermissions);
  const Caller owner = ACaller().As(NamedCompany("acme").owner);
  CompanyChange change;
  change.books = {"c-1", "basic"};
  for (const Caller& caller : {administrator, owner}) {
    const absl::Status refused = companies_.Update(caller, acme, change);
    EXPECT_THAT(refused, HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
    EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("customerId"));
  }
  EXPECT_EQ(companies_.List(administrator, {})->front().books, Books());
  EXPECT_OK(companies_.Update(Platform(Permission::kCompanyAdmin), acme, change));
  EXPECT_EQ(companies_.List(administrator, {})->front().books, change.books);
}

// Clients change what they were answered, and send all of it back.
TEST_F(CompaniesTest, WhoeverSendsTheBooksBackAsTheyAreChangesTheRest) {
  const CompanyId acme("acme");
  CompanyChange change;
  change.books = {"c-1", "basic"};
  ASSERT_OK(companies_.Update(Platform(Permission::kCompanyAdmin), acme, change));
  change.display_name = "New";
  const Caller administrator = ACaller().With(Permission::kGrantPermissions);
  EXPECT_OK(companies_.Update(administrator, acme, change));
  EXPECT_EQ(companies_.List(administrator, {})->front().display_name, "New");
  change.display_name = "Newer";
  change.books.plan_id = "large";
  EXPECT_THAT(companies_.Update(administrator, acme, change),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(companies_.List(administrator, {})->front().display_name, "New");
}

TEST_F(CompaniesTest, TheBooksAreSeenByWhoSeesTheCompanyInFullButNotByGuests) {
  CompanyChange change;
  change.books = {"c-1", "basic"};
  ASSERT_OK(companies_.Update(Platform(Permission::kCompanyAdmin), CompanyId("acme"), change));
  const auto seen = [this](const Caller& caller) {
    return companies_.List(caller, {.ids = {CompanyId("acme")}})->front().books;
  };
  EXPECT_EQ(seen(ACaller()), change.books);
  EXPECT_EQ(seen(Platform(Permission::kCompanyList)), change.books);
  EXPECT_EQ(seen(ACaller().In("beta")), Books());
  EXPECT_EQ(seen(ACaller().AsGuest("Gwen")), Books());
}

TEST_F(CompaniesTest, UpdateWithoutAnythingToChangeIsRefused) {
  EXPECT_THAT(companies_.Update(ACaller(), CompanyId("acme"), {}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(companies_.Update(Platform(Permission::kCompanyAdmin), CompanyId("beta"), {}),
              HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(CompaniesTest, ThePlatformUpdatesEveryCompany) {
  EXPECT_TRUE(
      companies_.Update(Platform(Permission::kCompanyAdmin), CompanyId("beta"), Renamed("Beta Inc"))
          .ok());
  EXPECT_THAT(
      companies_.Update(Platform(Permission::kCompanyAdmin), CompanyId("nobody"), Renamed("X")),
      HasReplyCode(::common::NOT_FOUND));
}

TEST_F(CompaniesTest, AvailableTellsTheIdAndWhetherItIsFree) {
  const auto ask = [this](const std::string& name) { return *companies_.Available(ACall(), name); };
  EXPECT_EQ(ask("Café Zoë & Co").id.value(), "cafe-zoe-co");
  EXPECT_TRUE(ask("Café Zoë & Co").available);
  EXPECT_FALSE(ask("ACME").available);
  EXPECT_FALSE(ask("Admin").available);
  EXPECT_FALSE(ask("ab").available);
}

}  // namespace companies_test
}  // namespace usher::company
