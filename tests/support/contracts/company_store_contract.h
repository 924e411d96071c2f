// What every CompanyStore must do. Instantiated with a fixture that has `CompanyStore& store()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
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
    CompanyPage page;
    page.first = CompanyId(first);
    page.limit = limit;
    const std::vector<Company> found = *this->store().List(ACall(), page);
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
  const std::optional<Company> found = *this->store().Find(ACall(), CompanyId("acme"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->display_name, "The acme");
  EXPECT_EQ(found->owner_email, "owner@acme.example");
}

TYPED_TEST_P(CompanyStoreContract, ASecondCompanyOfTheSameIdIsNotMade) {
  this->Insert("acme");
  Company other = NamedCompany("acme");
  other.display_name = "Other";
  EXPECT_FALSE(*this->store().InsertActive(ACall(), other));
  EXPECT_EQ((*this->store().Find(ACall(), CompanyId("acme")))->display_name, "The acme");
}

TYPED_TEST_P(CompanyStoreContract, ListsInTheOrderOfIdsFromAnIdOn) {
  for (const char* id : {"ccc", "aaa", "bbb"}) this->Insert(id);
  EXPECT_THAT(this->IdsFrom("", 10), ::testing::ElementsAre("aaa", "bbb", "ccc"));
  EXPECT_THAT(this->IdsFrom("bbb", 10), ::testing::ElementsAre("bbb", "ccc"));
  EXPECT_THAT(this->IdsFrom("", 2), ::testing::ElementsAre("aaa", "bbb"));
}

TYPED_TEST_P(CompanyStoreContract, ListsThoseThatWereNamedAndWhatIsWantedOfThem) {
  CompanyChange change;
  change.metadata = {{"colour", "red"}};
  for (const char* id : {"aaa", "bbb", "ccc"}) {
    this->Insert(id);
    ASSERT_TRUE(this->store().Update(ACall(), CompanyId(id), change)->has_value());
  }
  CompanyPage page;
  page.only = std::vector<CompanyId>{CompanyId("ccc"), CompanyId("nobody"), CompanyId("bbb")};
  std::vector<Company> found = *this->store().List(ACall(), page);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, CompanyId("bbb"));
  EXPECT_EQ(found[0].display_name, "The bbb");
  EXPECT_TRUE(found[0].metadata.empty());
  EXPECT_EQ(found[1].id, CompanyId("ccc"));

  page.with_metadata = true;
  EXPECT_EQ((*this->store().List(ACall(), page))[1].metadata, change.metadata);
  page.in_full = CompanyId("bbb");
  found = *this->store().List(ACall(), page);
  EXPECT_EQ(found[0].metadata, change.metadata);
  EXPECT_TRUE(found[1].metadata.empty());
  page.first = CompanyId("bbc");
  EXPECT_EQ((*this->store().List(ACall(), page)).size(), 1u);
  page.only = std::vector<CompanyId>();
  EXPECT_TRUE((*this->store().List(ACall(), page)).empty());
}

// F34b: there was no bound at all.
TYPED_TEST_P(CompanyStoreContract, AListThatTakesTooManyBytesIsRefused) {
  CompanyChange change;
  change.metadata = {{"key", std::string(1000, 'x')}};
  for (const char* id : {"aaa", "bbb", "ccc"}) {
    this->Insert(id);
    ASSERT_TRUE(this->store().Update(ACall(), CompanyId(id), change)->has_value());
  }
  CompanyPage page;
  page.most_bytes = 2500;
  page.with_metadata = true;
  EXPECT_EQ(ReplyCodeOf(this->store().List(ACall(), page).status()), ::common::MAX_SIZE_EXCEEDED);
  page.limit = 2;
  EXPECT_EQ(this->store().List(ACall(), page)->size(), 2u);
  page.limit = 100;
  page.in_full = CompanyId("ccc");
  EXPECT_EQ(this->store().List(ACall(), page)->size(), 3u);
  page.in_full = CompanyId();
  page.ids_only = true;
  EXPECT_EQ(this->store().List(ACall(), page)->size(), 3u);
  page.ids_only = page.with_metadata = false;
  EXPECT_EQ(this->store().List(ACall(), page)->size(), 3u);
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

  const Company now = **this->store().Find(ACall(), CompanyId("acme"));
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
  EXPECT_EQ((*this->store().Find(ACall(), CompanyId("acme")))->metadata.size(), 60u);
}

REGISTER_TYPED_TEST_SUITE_P(CompanyStoreContract, AnInsertedCompanyIsFoundAsItWas,
                            ASecondCompanyOfTheSameIdIsNotMade, ListsInTheOrderOfIdsFromAnIdOn,
                            ListsThoseThatWereNamedAndWhatIsWantedOfThem,
                            AListThatTakesTooManyBytesIsRefused, TakenIsWhatExists,
                            AnUpdateChangesWhatItNamesAndNothingElse, AnUpdateOfNoCompanySaysSo,
                            MetadataThatWouldGrowTooLargeIsRefusedAndNothingIsChanged);

}  // namespace usher::company
