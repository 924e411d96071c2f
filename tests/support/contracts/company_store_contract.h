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
#include "tests/support/status_matchers.h"

namespace usher::company {

inline Company NamedCompany(const std::string& id) {
  Company company;
  company.id = CompanyId(id);
  company.display_name = "The " + id;
  company.owner = UserId("01900000-0000-7000-9000-0000000000ff");
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
  std::optional<Company> Find(const std::string& id) {
    CompanyPage page;
    page.only = {CompanyId(id)};
    page.with_metadata = true;
    const auto found = this->store().List(ACall(), page);
    EXPECT_OK(found);
    if (!found.ok() || found->empty()) return std::nullopt;
    return found->front();
  }
  absl::StatusOr<bool> Update(const std::string& id, const CompanyChange& change) {
    return this->store().Update(ACall(), CompanyId(id),
                                [&](const Company& company) { return Merge(company, change); });
  }
  // As the one who decides about an update sees it.
  UserId OwnerOf(const std::string& id) {
    UserId owner;
    EXPECT_EQ(ReplyCodeOf(this->store()
                              .Update(ACall(), CompanyId(id),
                                      [&](const Company& company) -> absl::StatusOr<Company> {
                                        owner = company.owner;
                                        return PermissionMissing("nothing");
                                      })
                              .status()),
              ::common::INSUFFICIENT_PERMISSIONS);
    return owner;
  }
};

TYPED_TEST_SUITE_P(CompanyStoreContract);

TYPED_TEST_P(CompanyStoreContract, AnInsertedCompanyIsFoundAsItWas) {
  this->Insert("acme");
  const std::optional<Company> found = this->Find("acme");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->display_name, "The acme");
  EXPECT_EQ(found->owner_email, "owner@acme.example");
  EXPECT_EQ(this->OwnerOf("acme"), NamedCompany("acme").owner);
}

TYPED_TEST_P(CompanyStoreContract, ASecondCompanyOfTheSameIdIsNotMade) {
  this->Insert("acme");
  Company other = NamedCompany("acme");
  other.display_name = "Other";
  EXPECT_FALSE(*this->store().InsertActive(ACall(), other));
  EXPECT_EQ(this->Find("acme")->display_name, "The acme");
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
    ASSERT_THAT(this->Update(id, change), IsOkAndHolds(true));
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
    ASSERT_THAT(this->Update(id, change), IsOkAndHolds(true));
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
  change.branding = Branding{.enabled = true,
                             .title = "Acme",
                             .logo_height = 20,
                             .logo_square_48_url = "https://x/48.png",
                             .logo_square_96_url = "https://x/96.png"};
  change.metadata = {{"colour", "red"}, {"size", "l"}};
  change.books = {"c-1", "basic"};
  ASSERT_THAT(this->Update("acme", change), IsOkAndHolds(true));
  CompanyChange second;
  second.metadata = {{"colour", ""}};
  ASSERT_THAT(this->Update("acme", second), IsOkAndHolds(true));

  const Company now = *this->Find("acme");
  EXPECT_EQ(now.display_name, "The acme");
  EXPECT_EQ(now.branding.title, "Acme");
  EXPECT_EQ(now.branding.logo_height, 20);
  EXPECT_EQ(now.branding.logo_square_48_url, "https://x/48.png");
  EXPECT_EQ(now.branding.logo_square_96_url, "https://x/96.png");
  EXPECT_EQ(now.books, (Books{"c-1", "basic"}));
  EXPECT_THAT(now.metadata, ::testing::ElementsAre(::testing::Pair("size", "l")));
}

TYPED_TEST_P(CompanyStoreContract, AnUpdateOfNoCompanySaysSo) {
  EXPECT_THAT(this->Update("acme", {}), IsOkAndHolds(false));
}

TYPED_TEST_P(CompanyStoreContract, AnUpdateThatIsRefusedChangesNothing) {
  this->Insert("acme");
  EXPECT_THAT(this->store().Update(ACall(), CompanyId("acme"),
                                   [](Company company) -> absl::StatusOr<Company> {
                                     company.display_name = "changed";
                                     return CompanyNotFound();
                                   }),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_EQ(this->Find("acme")->display_name, "The acme");
}

TYPED_TEST_P(CompanyStoreContract, AnUpdateLeavesIdOwnerAndDateAlone) {
  this->Insert("acme");
  const Company before = *this->Find("acme");
  EXPECT_THAT(this->store().Update(ACall(), CompanyId("acme"),
                                   [](Company company) -> absl::StatusOr<Company> {
                                     company.id = CompanyId("other");
                                     company.owner = UserId(kCallerId);
                                     company.owner_email = "thief@acme.example";
                                     company.created_at = absl::UnixEpoch();
                                     return company;
                                   }),
              IsOkAndHolds(true));
  const Company after = *this->Find("acme");
  EXPECT_EQ(after.owner_email, before.owner_email);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(this->OwnerOf("acme"), NamedCompany("acme").owner);
}

TYPED_TEST_P(CompanyStoreContract, AnOwnerIsNamedOnceAndForAll) {
  Company company = NamedCompany("acme");
  company.owner = UserId();
  ASSERT_TRUE(*this->store().InsertActive(ACall(), company));
  EXPECT_EQ(this->OwnerOf("acme"), UserId());
  const UserId first(NewUuid());
  EXPECT_THAT(this->store().NameOwner(ACall(), CompanyId("acme"), first), IsOkAndHolds(true));
  for (const UserId& owner : {UserId(NewUuid()), first}) {
    EXPECT_THAT(this->store().NameOwner(ACall(), CompanyId("acme"), owner), IsOkAndHolds(false));
    EXPECT_EQ(this->OwnerOf("acme"), first);
  }
  EXPECT_THAT(this->store().NameOwner(ACall(), CompanyId("nobody"), first), IsOkAndHolds(false));
}

REGISTER_TYPED_TEST_SUITE_P(CompanyStoreContract, AnInsertedCompanyIsFoundAsItWas,
                            ASecondCompanyOfTheSameIdIsNotMade, ListsInTheOrderOfIdsFromAnIdOn,
                            ListsThoseThatWereNamedAndWhatIsWantedOfThem,
                            AListThatTakesTooManyBytesIsRefused, TakenIsWhatExists,
                            AnUpdateChangesWhatItNamesAndNothingElse, AnUpdateOfNoCompanySaysSo,
                            AnUpdateThatIsRefusedChangesNothing, AnUpdateLeavesIdOwnerAndDateAlone,
                            AnOwnerIsNamedOnceAndForAll);

}  // namespace usher::company
