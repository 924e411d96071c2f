// What every MethodStore must do: finding and making. What it must do when methods are listed and
// when users change is in method_list_contract.h and method_change_contract.h.
#pragma once

#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class MethodStoreContract : public MethodStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(MethodStoreContract);

TYPED_TEST_P(MethodStoreContract, AnInsertedMethodIsFoundAsItWas) {
  Method method = AGuest(/*shareable=*/true);
  method.sealed_secret = std::string("\x00\x01\xff'\\", 5);
  method.permissions = PermissionSet{Permission::kUserShow, Permission::kRoomAdmin};
  method.status = AccountStatus::kPending;
  method.metadata = {{"k\"ey", "va\\lue\n"}, {"ü", "😀"}};
  method.email = "guest@example.org";
  method.display_name = "Gäst";
  method.redirect_uri = "https://example.org/?a=b";
  method.expires_at = absl::FromUnixSeconds(4000000000);
  this->Insert(method);
  const auto found = this->Find(method);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user_status, AccountStatus::kActivated);
  EXPECT_TRUE(found->company_active);
  EXPECT_EQ(found->method.company, method.company);
  EXPECT_EQ(found->method.key(), method.key());
  EXPECT_EQ(found->method.principal, method.principal);
  EXPECT_EQ(found->method.user, method.user);
  EXPECT_EQ(found->method.sealed_secret, method.sealed_secret);
  EXPECT_EQ(found->method.permissions, method.permissions);
  EXPECT_EQ(found->method.status, method.status);
  EXPECT_EQ(found->method.metadata, method.metadata);
  EXPECT_EQ(found->method.room, method.room);
  EXPECT_EQ(found->method.email, method.email);
  EXPECT_EQ(found->method.display_name, method.display_name);
  EXPECT_EQ(found->method.redirect_uri, method.redirect_uri);
  EXPECT_TRUE(found->method.shareable);
  EXPECT_EQ(found->method.expires_at, method.expires_at);
}

TYPED_TEST_P(MethodStoreContract, WhatIsNotThereIsNotFound) {
  const Method method = this->Insert(AMethod("ann"));
  EXPECT_FALSE(this->Find(AMethod("bob")).has_value());
  EXPECT_FALSE(this->Find(ACode("ann", method.user)).has_value());
  Method elsewhere = method;
  elsewhere.company = kBeta;
  EXPECT_FALSE(this->Find(elsewhere).has_value());
  EXPECT_FALSE(this->users().FindUser(ACall(), kBeta, method.user, absl::Now())->has_value());
}

TYPED_TEST_P(MethodStoreContract, ACompanyThatIsOffOrUnknownTakesNobody) {
  const Method method = this->Insert(AMethod("ann"));
  this->SwitchOff(kAcme);
  EXPECT_FALSE(this->Find(method)->company_active);
  EXPECT_FALSE(this->FindUser(method.user)->company_active);
  for (const char* company : {"acme", "nowhere"}) {
    Method late = AMethod("late");
    late.company = CompanyId(company);
    EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), late),
                HasReplyCode(::common::NOT_FOUND));
    EXPECT_THAT(this->users().EnsureUser(ACall(), late.company, late.user, late),
                HasReplyCode(::common::NOT_FOUND));
  }
}

TYPED_TEST_P(MethodStoreContract, APrincipalIsTakenInItsCompanyAlone) {
  this->Insert(AMethod("Ann"));
  Method second = AMethod("ANN");
  EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), second),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_FALSE(this->FindUser(second.user).has_value());
  second.company = kBeta;
  EXPECT_OK(this->store().InsertUserWithMethod(ACall(), second));
  this->Insert(ACode("ann", UserId(NewUuid())));
}

TYPED_TEST_P(MethodStoreContract, TheSameIdempotencyKeyMakesOneUser) {
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  const Method first = AMethod("ann");
  Method again = first;
  again.user = UserId(NewUuid());
  const auto made = [&](const CallContext& by) { return this->store().FindMade(by); };
  EXPECT_THAT(made(call), IsOkAndHolds(std::optional<UserId>()));
  EXPECT_THAT(this->store().InsertUserWithMethod(call, first), IsOkAndHolds(first.user));
  EXPECT_THAT(this->store().InsertUserWithMethod(call, again), IsOkAndHolds(first.user));
  EXPECT_FALSE(this->FindUser(again.user).has_value());
  const CallContext other = ACaller().WithIdempotencyKey("key", "another request").BuildCall();
  EXPECT_THAT(this->store().InsertUserWithMethod(other, AMethod("bob")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(made(call), IsOkAndHolds(std::optional<UserId>(first.user)));
  EXPECT_THAT(made(other), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(made(ACall()), IsOkAndHolds(std::optional<UserId>()));
}

// P4: no check before the write.
TYPED_TEST_P(MethodStoreContract, ASecretIsReplacedUnlessItHasChangedMeanwhile) {
  const Method method = this->Insert(AMethod("ann"));
  EXPECT_OK(this->store().ReplaceSecret(ACall(), kAcme, method.key(), "another", "lost"));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, method.sealed_secret);
  EXPECT_OK(this->store().ReplaceSecret(ACall(), kAcme, method.key(), method.sealed_secret,
                                        std::string("\x00new", 4)));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, std::string("\x00new", 4));
}

REGISTER_TYPED_TEST_SUITE_P(MethodStoreContract, AnInsertedMethodIsFoundAsItWas,
                            WhatIsNotThereIsNotFound, ACompanyThatIsOffOrUnknownTakesNobody,
                            APrincipalIsTakenInItsCompanyAlone, TheSameIdempotencyKeyMakesOneUser,
                            ASecretIsReplacedUnlessItHasChangedMeanwhile);

}  // namespace usher::auth
