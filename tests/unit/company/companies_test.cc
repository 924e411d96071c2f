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
namespace {

using ::testing::ElementsAre;

class FakeOwnEmail final : public OwnEmail {
 public:
  absl::StatusOr<std::string> Of(const Caller&) override { return email; }
  std::string email;
};

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
  FakeOwnEmail own_email_;
  FakeCompanySagaStore saga_store_;
  FakeTenants tenants_;
  CompanySagas sagas_{saga_store_, tenants_,    tenants_,
                      tenants_,    {&tenants_}, {absl::Seconds(18), absl::Minutes(10)}};
  Companies companies_{store_, sagas_, own_email_, {"admin"}};
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

TEST_F(CompaniesTest, UpdateIsForTheOwnerWhateverTheCaseOfTheAddress) {
  own_email_.email = "OWNER@acme.example";
  EXPECT_TRUE(companies_.Update(ACaller().Build(), CompanyId("acme"), Renamed("New")).ok());
  own_email_.email = "";
  EXPECT_THAT(companies_.Update(ACaller().Build(), CompanyId("acme"), Renamed("New")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(CompaniesTest, UpdateIsNotForGuests) {
  const Caller guest = ACaller().AsGuest("Gwen").With(Permission::kGrantPermissions).Build();
  EXPECT_THAT(companies_.Update(guest, CompanyId("acme"), Renamed("New")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(CompaniesTest, UpdateWithoutAnythingToChangeIsRefused) {
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

}  // namespace
}  // namespace usher::company
