// Who may found and destroy companies, and which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "services/company/companies.h"
#include "services/company/company_errors.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_company_saga_store.h"
#include "tests/support/fake_company_store.h"
#include "tests/support/fake_tenants.h"
#include "tests/support/status_matchers.h"

namespace usher::company {
namespace founding_rules_test {

class FoundingRulesTest : public ::testing::Test {
 protected:
  FoundingRulesTest() { administrator_.credentials = Secret("credentials"); }

  static Caller Platform(Permission permission) {
    return ACaller().In("operator").InOperatorCompany().With(permission).Build();
  }
  absl::StatusOr<Founded> Create(const Caller& caller, const std::string& name) {
    Company draft;
    draft.display_name = name;
    return companies_.Create(caller, draft, administrator_);
  }

  FakeCompanyStore store_;
  FakeCompanySagaStore saga_store_;
  FakeTenants tenants_;
  CompanySagas sagas_{saga_store_, tenants_,    tenants_,
                      tenants_,    {&tenants_}, {absl::Seconds(18), absl::Minutes(10)}};
  Companies companies_{store_, sagas_, {"admin"}};
  FirstAdministrator administrator_;
};

TEST_F(FoundingRulesTest, FoundingTakesCompanyCreateWhereverItWasGiven) {
  EXPECT_THAT(Create(ACaller().With(Permission::kGrantPermissions).Build(), "Acme"),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(ACaller().With(Permission::kCompanyAdmin).Build(), "Acme"),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(Create(ACaller().With(Permission::kCompanyCreate).Build(), "Acme"));
  EXPECT_OK(Create(Platform(Permission::kCompanyAdmin), "Beta"));
}

TEST_F(FoundingRulesTest, GuestsFoundNothing) {
  EXPECT_THAT(Create(ACaller().AsGuest().With(Permission::kCompanyCreate).Build(), "Acme"),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(FoundingRulesTest, TheIdComesOfTheDisplayName) {
  const auto founded = Create(Platform(Permission::kCompanyAdmin), "Café Straße & Co");
  ASSERT_OK(founded);
  EXPECT_EQ(founded->company, CompanyId("cafe-strasse-co"));
}

// L16: one normal form for asking and founding.
// docs/contract.md, "CompanyService".
TEST_F(FoundingRulesTest, TheIdIsFoldedDecomposedAndJoined) {
  const std::map<std::string, std::string> ids = {{"GROSSE Straße", "grosse-strasse"},
                                                  {"ẞ is ss", "ss-is-ss"},
                                                  {"ﬁne Ⅷ ½", "fine-viii-1-2"},
                                                  {"  -- A  --  B -- ", "a-b"},
                                                  {"ÀÉÎÕÜ ça", "aeiou-ca"},
                                                  {"Αθήνα 2004", "2004"},
                                                  {"ＦＵＬＬ　ｗｉｄｔｈ", "full-width"},
                                                  {std::string(70, 'x'), std::string(63, 'x')}};
  for (const auto& [name, id] : ids) {
    const auto founded = Create(Platform(Permission::kCompanyAdmin), name);
    ASSERT_OK(founded) << name;
    EXPECT_EQ(founded->company, CompanyId(id)) << name;
  }
}

TEST_F(FoundingRulesTest, WhoeverFoundsSaysWhatIsInTheBooks) {
  Company draft;
  draft.display_name = "Acme";
  draft.books = {"c-1", "basic"};
  EXPECT_OK(
      companies_.Create(ACaller().With(Permission::kCompanyCreate).Build(), draft, administrator_));
}

// L16: shortest name, reserved names.
TEST_F(FoundingRulesTest, WhatComesToNoIdOrToAReservedOneIsRefused) {
  for (const char* name : {"Admin", "ab", "!!!"}) {
    EXPECT_EQ(Create(Platform(Permission::kCompanyAdmin), name).status(), CompanyIdNotAllowed())
        << name;
  }
}

TEST_F(FoundingRulesTest, NobodyFoundsACompanyThatNobodyCanSignInTo) {
  administrator_.credentials = Secret();
  EXPECT_THAT(Create(Platform(Permission::kCompanyAdmin), "Acme"),
              HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(FoundingRulesTest, TheOwnerIsShownByTheAddressOfTheFirstAdministrator) {
  administrator_.email = "ann@acme.example";
  EXPECT_THAT(Create(Platform(Permission::kCompanyAdmin), ""),
              HasReplyCode(::common::REQUEST_EMPTY));
  ASSERT_OK(Create(Platform(Permission::kCompanyAdmin), "Acme"));
}

TEST_F(FoundingRulesTest, DestroyingIsForPlatformAdministrators) {
  ASSERT_OK(Create(Platform(Permission::kCompanyAdmin), "Acme"));
  for (const Caller& caller :
       {ACaller().With(Permission::kGrantPermissions).Build(),
        ACaller().With(Permission::kCompanyAdmin).Build(), Platform(Permission::kCompanyCreate)}) {
    EXPECT_THAT(companies_.Destroy(caller, CompanyId("acme")),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_OK(companies_.Destroy(Platform(Permission::kCompanyAdmin), CompanyId("acme")));
}

TEST_F(FoundingRulesTest, TheOperatorsCompanyStays) {
  EXPECT_EQ(companies_.Destroy(Platform(Permission::kCompanyAdmin), CompanyId("operator")),
            OperatorStays());
}

TEST_F(FoundingRulesTest, WhatIsNotThereIsNotFound) {
  EXPECT_THAT(companies_.Destroy(Platform(Permission::kCompanyAdmin), CompanyId("nobody")),
              HasReplyCode(::common::NOT_FOUND));
}

}  // namespace founding_rules_test
}  // namespace usher::company
