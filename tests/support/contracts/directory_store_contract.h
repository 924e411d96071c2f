// What every DirectoryStore must do. A fixture has
//   MethodStore& methods();
//   KnownUserStore& users();
//   SessionStore& sessions();
//   DirectoryStore& directories();
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "services/auth/directory/directory_store.h"
#include "tests/support/contracts/session_store_fixture.h"

namespace usher::auth {

// That of the fixture.
inline const CompanyId kDirectoryCompany("acme");

template <class Fixture>
class DirectoryStoreContract : public SessionStoreFixture<Fixture> {
 protected:
  Method AnAccount(const std::string& name, const std::string& id = "") {
    Method method = this->AGuestAccess(kDirectoryCompany);
    method.key_type = KeyType::kLdap;
    method.principal = name;
    method.principal_key = PrincipalKey(KeyType::kLdap, name);
    method.room = RoomId();
    method.email = "";
    method.sealed_secret = id;
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall(), method));
    return method;
  }
  // Somebody who is signed in.
  Method SignedIn(const std::string& name) {
    Method method = AnAccount(name, "id of " + name);
    this->AnOpened(method);
    return method;
  }
  bool Pins(const Method& method, const std::string& id) {
    const auto pinned = this->directories().Pin(ACall(), method.company, method.key(), id);
    EXPECT_OK(pinned);
    return pinned.ok() && *pinned;
  }
  std::string IdOf(const Method& method) {
    const auto found = this->methods().FindMethod(ACall(), method.company, method.key());
    EXPECT_OK(found);
    return found.ok() && found->has_value() ? (*found)->method.sealed_secret : "none";
  }
  bool HasProfile(const Method& method) {
    const auto has = this->directories().HasProfile(ACall(), method.company, method.key());
    EXPECT_OK(has);
    return has.ok() && *has;
  }
  std::vector<Method> Claimed(absl::Duration period = absl::ZeroDuration(), size_t most = 100,
                              const CompanyId& company = kDirectoryCompany) {
    const auto due = this->directories().ClaimDue(ACall(), company, period, most);
    EXPECT_OK(due);
    return due.ok() ? *due : std::vector<Method>();
  }
  void Remove(const Method& method) {
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    change.edit = MethodEdit{.key = method.key(), .remove = true};
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  }
  void SwitchOff(const Method& method) {
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    change.edit = MethodEdit{.key = method.key(), .status = AccountStatus::kDeactivated};
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  }
};
TYPED_TEST_SUITE_P(DirectoryStoreContract);

TYPED_TEST_P(DirectoryStoreContract, AnAccountBelongsToTheFirstEntryThatComes) {
  const Method ann = this->AnAccount("ann");
  EXPECT_EQ(this->IdOf(ann), "");
  const std::string id("\0entry\xff", 7);
  EXPECT_TRUE(this->Pins(ann, id));
  EXPECT_EQ(this->IdOf(ann), id);
  EXPECT_TRUE(this->Pins(ann, id));
  EXPECT_FALSE(this->Pins(ann, "another"));
  EXPECT_EQ(this->IdOf(ann), id);
}

TYPED_TEST_P(DirectoryStoreContract, WhoIsNotThereIsNobodys) {
  Method nobody = this->AnAccount("ann");
  nobody.principal_key = "nobody";
  EXPECT_FALSE(this->Pins(nobody, "id"));
  EXPECT_FALSE(this->HasProfile(nobody));
  EXPECT_OK(this->directories().NoteProfile(ACall(), nobody.company, nobody.key()));
}

TYPED_TEST_P(DirectoryStoreContract, ThatThereIsAProfileGoesWithTheMethod) {
  const Method ann = this->AnAccount("ann");
  EXPECT_FALSE(this->HasProfile(ann));
  ASSERT_OK(this->directories().NoteProfile(ACall(), ann.company, ann.key()));
  EXPECT_TRUE(this->HasProfile(ann));
  this->Remove(ann);
  EXPECT_FALSE(this->HasProfile(ann));
  EXPECT_FALSE(this->HasProfile(this->AnAccount("ann")));
}

TYPED_TEST_P(DirectoryStoreContract, WhoIsSignedInIsDueUntilSomebodyClaimsThem) {
  this->AnAccount("away");
  const Method ann = this->SignedIn("Ann");
  const std::vector<Method> due = this->Claimed(absl::Hours(1));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].company, ann.company);
  EXPECT_EQ(due[0].key(), ann.key());
  EXPECT_EQ(due[0].principal, "Ann");
  EXPECT_EQ(due[0].user, ann.user);
  EXPECT_EQ(due[0].sealed_secret, "id of Ann");
  EXPECT_TRUE(this->Claimed(absl::Hours(1)).empty());
  EXPECT_EQ(this->Claimed(absl::ZeroDuration()).size(), 1U);
}

TYPED_TEST_P(DirectoryStoreContract, WhatIsGivenBackIsDueAgain) {
  this->SignedIn("ann");
  const std::vector<Method> due = this->Claimed(absl::Hours(1));
  ASSERT_OK(this->directories().GiveBack(ACall(), kDirectoryCompany, due));
  EXPECT_EQ(this->Claimed(absl::Hours(1)).size(), 1U);
  EXPECT_OK(this->directories().GiveBack(ACall(), kDirectoryCompany, {}));
}

TYPED_TEST_P(DirectoryStoreContract, NoMoreThanAskedForAreClaimedAndOfThisCompanyAlone) {
  for (const char* name : {"a", "b", "c"}) this->SignedIn(name);
  EXPECT_TRUE(this->Claimed(absl::Hours(1), 100, CompanyId("beta")).empty());
  EXPECT_EQ(this->Claimed(absl::Hours(1), 2).size(), 2U);
  EXPECT_EQ(this->Claimed(absl::Hours(1), 2).size(), 1U);
}

TYPED_TEST_P(DirectoryStoreContract, WhoIsOffOrSignedOutOrOfAnotherKindIsNotDue) {
  this->SwitchOff(this->SignedIn("off"));
  this->Remove(this->SignedIn("gone"));
  this->AnOpened(this->Insert(KeyType::kPassword, "ann"));
  const Method out = this->AnAccount("out", "id");
  const Session session = this->AnOpened(out);
  ASSERT_OK(this->methods().EndSession(ACall(), out.company, out.user, session.id));
  EXPECT_TRUE(this->Claimed().empty());
}

TYPED_TEST_P(DirectoryStoreContract, OfSeveralAtOnceEachGetsOthers) {
  constexpr int kAccounts = 20;
  for (int i = 0; i < kAccounts; ++i) this->SignedIn(absl::StrCat("user", i));
  std::atomic<int> claimed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      // Until there are none left for anybody: whom somebody else is at is passed over.
      while (claimed < kAccounts) {
        claimed += static_cast<int>(this->Claimed(absl::Hours(1), 3).size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed, kAccounts);
}

REGISTER_TYPED_TEST_SUITE_P(DirectoryStoreContract, AnAccountBelongsToTheFirstEntryThatComes,
                            WhoIsNotThereIsNobodys, ThatThereIsAProfileGoesWithTheMethod,
                            WhoIsSignedInIsDueUntilSomebodyClaimsThem, WhatIsGivenBackIsDueAgain,
                            NoMoreThanAskedForAreClaimedAndOfThisCompanyAlone,
                            WhoIsOffOrSignedOutOrOfAnotherKindIsNotDue,
                            OfSeveralAtOnceEachGetsOthers);

}  // namespace usher::auth
