// What every CompanyStore must do. Instantiated with a fixture that has `CompanyStore& store()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/reply_error.h"
#include "services/company/company_store.h"
#include "tests/support/a_caller.h"

namespace usher::company {

inline Company NamedCompany(const std::string& id) {
  Company company;
  company.id = CompanyId(id);
  company.display_name = "The " + id;
  company.owner_email = "owner@" + id + ".example";
  return company;
}

template <class Fixture>
class CompanyStoreContract : public Fixture {
 protected:
  std::vector<std::string> IdsFrom(const std::string& first, uint32_t limit) {
    std::vector<std::string> ids;
    const std::vector<Company> found = *this->store().List(ACall(), CompanyId(first), limit);
    for (const Company& company : found) ids.push_back(company.id.value());
    return ids;
  }
  void Insert(const std::string& id) {
    ASSERT_TRUE(*this->store().InsertActive(ACall(), NamedCompany(id)));
  }
};

TYPED_TEST_SUITE_P(CompanyStoreContract);

TYPED_TEST_P(CompanyStoreContract, AnInsertedCompanyIsFoundAsItWas) {
  this->Insert("acme");
  const auto found = *this->store().FindSome(ACall(), {CompanyId("acme")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].display_name, "The acme");
  EXPECT_EQ(found[0].owner_email, "owner@acme.example");
}

TYPED_TEST_P(CompanyStoreContract, ASecondCompanyOfTheSameIdIsNotMade) {
  this->Insert("acme");
  Company other = NamedCompany("acme");
  other.display_name = "Other";
  EXPECT_FALSE(*this->store().InsertActive(ACall(), other));
  EXPECT_EQ((*this->store().FindSome(ACall(), {CompanyId("acme")}))[0].display_name, "The acme");
}

TYPED_TEST_P(CompanyStoreContract, ListsInTheOrderOfIdsFromAnIdOn) {
  for (const char* id : {"ccc", "aaa", "bbb"}) this->Insert(id);
  EXPECT_THAT(this->IdsFrom("", 10), ::testing::ElementsAre("aaa", "bbb", "ccc"));
  EXPECT_THAT(this->IdsFrom("bbb", 10), ::testing::ElementsAre("bbb", "ccc"));
  EXPECT_THAT(this->IdsFrom("", 2), ::testing::ElementsAre("aaa", "bbb"));
}

TYPED_TEST_P(CompanyStoreContract, TakenIsWhatExists) {
  this->Insert("acme");
  EXPECT_TRUE(*this->store().IsTaken(ACall(), CompanyId("acme")));
  EXPECT_FALSE(*this->store().IsTaken(ACall(), CompanyId("other")));
}

TYPED_TEST_P(CompanyStoreContract, AnUpdateChangesWhatItNamesAndNothingElse) {
  this->Insert("acme");
  CompanyChange change;
  change.branding = Branding{.enabled = true, .title = "Acme", .logo_height = 20};
  change.metadata = {{"colour", "red"}, {"size", "l"}};
  ASSERT_TRUE(this->store().Update(ACall(), CompanyId("acme"), change)->has_value());
  CompanyChange second;
  second.metadata = {{"colour", ""}};
  ASSERT_TRUE(this->store().Update(ACall(), CompanyId("acme"), second)->has_value());

  const Company now = (*this->store().FindSome(ACall(), {CompanyId("acme")}))[0];
  EXPECT_EQ(now.display_name, "The acme");
  EXPECT_EQ(now.branding.title, "Acme");
  EXPECT_EQ(now.branding.logo_height, 20);
  EXPECT_THAT(now.metadata, ::testing::ElementsAre(::testing::Pair("size", "l")));
}

TYPED_TEST_P(CompanyStoreContract, AnUpdateOfNoCompanySaysSo) {
  EXPECT_FALSE(this->store().Update(ACall(), CompanyId("acme"), {})->has_value());
}

TYPED_TEST_P(CompanyStoreContract, MetadataThatWouldGrowTooLargeIsRefusedAndNothingIsChanged) {
  this->Insert("acme");
  for (int half = 0; half < 2; ++half) {
    CompanyChange change;
    for (int i = 0; i < 60; ++i) {
      change.metadata[std::to_string(half) + "/" + std::to_string(i)] = "x";
    }
    const auto updated = this->store().Update(ACall(), CompanyId("acme"), change);
    EXPECT_EQ(updated.ok(), half == 0);
    if (half == 1) {
      EXPECT_EQ(ReplyCodeOf(updated.status()), ::common::MAX_SIZE_EXCEEDED);
    }
  }
  EXPECT_EQ((*this->store().FindSome(ACall(), {CompanyId("acme")}))[0].metadata.size(), 60u);
}

REGISTER_TYPED_TEST_SUITE_P(CompanyStoreContract, AnInsertedCompanyIsFoundAsItWas,
                            ASecondCompanyOfTheSameIdIsNotMade, ListsInTheOrderOfIdsFromAnIdOn,
                            TakenIsWhatExists, AnUpdateChangesWhatItNamesAndNothingElse,
                            AnUpdateOfNoCompanySaysSo,
                            MetadataThatWouldGrowTooLargeIsRefusedAndNothingIsChanged);

}  // namespace usher::company
