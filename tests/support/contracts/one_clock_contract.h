// What must hold of tokens and revocations however far the clocks of auth, of its database and of
// the server that judges are apart, up to half a minute. Instantiated with a fixture that has
//   MethodStore& methods();
//   KnownUserStore& users();
//   RevocationStore& revocations();
//   SessionStore& sessions();
//   const Clock& clock();  // the database's
//   void Tick();           // lets it go on
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/session/renewal.h"
#include "services/auth/session/sign_in.h"
#include "services/auth/session/tokens.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_throttle_store.h"
#include "tests/support/judging.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class OneClockContract : public Fixture {
 protected:
  static constexpr char kPassword[] = "vT9#kq-8wz";

  OneClockContract() {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
    EXPECT_THAT(this->users().InsertCompany(ACall(), kAcme, {}), IsOkAndHolds(true));
  }

  // All of it once for each pair of clocks: of auth, and of the server that judges.
  template <class Body>
  void WithAllClocks(Body body) {
    for (const int auth : {-30, -3, 0, 3, 30}) {
      for (const int judge : {-30, 0, 30}) {
        SCOPED_TRACE(absl::StrCat("auth ", auth, " s, judge ", judge, " s from the database"));
        auth_clock_.SetSkew(absl::Seconds(auth));
        judge_clock_.SetSkew(absl::Seconds(judge));
        body();
      }
    }
  }

  // A user who signs in by a name of its own.
  Method Insert(PermissionSet permissions) {
    Method method;
    method.company = kAcme;
    method.key_type = KeyType::kPassword;
    method.user = UserId(NewUuid());
    method.principal = absl::StrCat("user ", method.user.value());
    method.principal_key = PrincipalKey(KeyType::kPassword, method.principal);
    method.permissions = permissions;
    method.sealed_secret = *vault_.Hash(ACall(), Secret(kPassword), SecretKind::kPassword,
                                        AssociatedData(kAcme, method.key()));
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall(), method));
    return method;
  }
  absl::StatusOr<SignedIn> SignInAs(const Method& method) {
    this->Tick();
    return sign_in_.WithPassword(
        ACall(), {kAcme, method.principal, Secret(kPassword), PermissionSet::FromMask(~0u)});
  }
  absl::StatusOr<SignedIn> Refresh(const Method& method, const SignedIn& session) {
    this->Tick();
    return renewal_.WithRefreshToken(ACall(), {.company = kAcme,
                                               .principal = method.principal,
                                               .refresh_token = session.refresh_token,
                                               .access_token = session.access_token,
                                               .wanted = PermissionSet::FromMask(~0u)});
  }
  // Signed for `user` by whom `signed_in` is.
  std::string SignedFor(const UserId& user, const SignedIn& signed_in, PermissionSet permissions) {
    this->Tick();
    const auto by = auth_verifier_.Verify(signed_in.access_token);
    EXPECT_OK(by);
    if (!by.ok()) return "";
    const auto call = std::make_shared<CallContext>(ACall());
    const auto signed_token =
        tokens_.SignAccessToken(Caller(call, *by, /*in_operator_company=*/false),
                                {.user = user, .permissions = permissions});
    EXPECT_OK(signed_token);
    return signed_token.ok() ? signed_token->bytes : "";
  }
  // What a server says that has heard of everything.
  absl::Status Judge(const std::string& token) {
    this->Tick();
    const auto news = this->revocations().ListRevocations(ACall(), heard_, absl::UnixEpoch());
    EXPECT_OK(news);
    if (!news.ok()) return news.status();
    revocations_.Add(*news);
    if (!news->empty()) heard_ = news->back().sequence;
    return verifier_.Verify(token).status();
  }
  UserChange ChangeOf(const Method& method, PermissionSet held) {
    UserChange change;
    change.company = kAcme;
    change.user = method.user;
    change.held = held;
    return change;
  }
  void Take(const Method& method, PermissionSet taken) {
    this->Tick();
    UserChange change = ChangeOf(method, method.permissions);
    change.edit.emplace();
    change.edit->key = method.key();
    change.edit->permissions.take = taken;
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  }
  void SetStatus(const Method& method, AccountStatus status) {
    this->Tick();
    UserChange change = ChangeOf(method, method.permissions);
    change.user_status = status;
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  }
  static Pepper APepper() { return Pepper({Secret(std::string(32, 'p'))}); }

  const CompanyId kAcme{kCallerCompany};
  SkewedClock auth_clock_{this->clock()};
  SkewedClock judge_clock_{this->clock()};
  SecretVault vault_{APepper(), {.memory = 8192, .passes = 1, .threads = 1}};
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  int64_t heard_ = 0;
  token::TokenSigner signer_{{token::AKey(1)}, auth_clock_};
  token::TokenVerifier auth_verifier_{keys_, revocations_, feed_state_, auth_clock_, 0};
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, judge_clock_, 0};
  RefreshTokens refresh_tokens_{APepper()};
  SessionSigner session_signer_{signer_, Lifetimes()};
  SessionOpening opening_{this->sessions(), auth_clock_, SessionBounds(), Lifetimes().refresh};
  FakeThrottleStore throttle_store_{auth_clock_};
  NothingRefused refusals_;
  GuessThrottle throttle_{throttle_store_, refusals_, APepper(), GuessLimits()};
  MethodUses uses_{this->sessions()};
  SignIn sign_in_{this->methods(), vault_,       opening_,  refresh_tokens_,
                  session_signer_, revocations_, throttle_, uses_};
  Renewal renewal_{this->methods(), this->users(),  this->sessions(), refresh_tokens_,
                   session_signer_, auth_verifier_, revocations_,     auth_clock_};
  Tokens tokens_{this->sessions(), signer_, auth_clock_, Lifetimes()};
};

TYPED_TEST_SUITE_P(OneClockContract);

TYPED_TEST_P(OneClockContract, ATokenWorksAtOnce) {
  this->WithAllClocks([this] {
    const Method ann = this->Insert({Permission::kUserList});
    const auto session = this->SignInAs(ann);
    ASSERT_OK(session);
    EXPECT_OK(this->Judge(session->access_token));
    const auto next = this->Refresh(ann, *session);
    ASSERT_OK(next);
    EXPECT_OK(this->Judge(next->access_token));
  });
}

TYPED_TEST_P(OneClockContract, ARightThatWasTakenNoLongerWorksAndTheRefreshedTokenDoes) {
  this->WithAllClocks([this] {
    const Method ann = this->Insert({Permission::kUserList, Permission::kUserShow});
    const auto session = this->SignInAs(ann);
    ASSERT_OK(session);
    this->Take(ann, {Permission::kUserShow});
    EXPECT_THAT(this->Judge(session->access_token), HasReplyCode(::common::TOKEN_OUTDATED));
    const auto next = this->Refresh(ann, *session);
    ASSERT_OK(next);
    EXPECT_EQ(next->permissions, PermissionSet{Permission::kUserList});
    EXPECT_OK(this->Judge(next->access_token));
  });
}

TYPED_TEST_P(OneClockContract, ATokenSignedForADeactivatedUserDoesNotWork) {
  this->WithAllClocks([this] {
    const Method admin = this->Insert(kCompanyAdministrator);
    const Method bob = this->Insert({});
    const auto session = this->SignInAs(admin);
    ASSERT_OK(session);
    const std::string for_bob = this->SignedFor(bob.user, *session, {});
    EXPECT_OK(this->Judge(for_bob));
    this->SetStatus(bob, AccountStatus::kDeactivated);
    EXPECT_THAT(this->Judge(for_bob), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
    EXPECT_OK(this->Judge(session->access_token));
  });
}

TYPED_TEST_P(OneClockContract, WhatIsSignedForAUserAfterTheReactivationWorks) {
  this->WithAllClocks([this] {
    const Method admin = this->Insert(kCompanyAdministrator);
    const Method bob = this->Insert({});
    const auto session = this->SignInAs(admin);
    ASSERT_OK(session);
    this->SetStatus(bob, AccountStatus::kDeactivated);
    this->SetStatus(bob, AccountStatus::kActivated);
    const PermissionSet given{Permission::kUserShow};
    EXPECT_OK(this->Judge(this->SignedFor(bob.user, *session, {})));
    EXPECT_OK(this->Judge(this->SignedFor(bob.user, *session, given)));
  });
}

TYPED_TEST_P(OneClockContract, ASignInAfterTheReactivationWorksAndOneFromBeforeDoesNot) {
  this->WithAllClocks([this] {
    const Method ann = this->Insert({Permission::kUserList});
    const auto before = this->SignInAs(ann);
    ASSERT_OK(before);
    this->SetStatus(ann, AccountStatus::kDeactivated);
    EXPECT_FALSE(this->SignInAs(ann).ok());
    this->SetStatus(ann, AccountStatus::kActivated);
    const auto after = this->SignInAs(ann);
    ASSERT_OK(after);
    EXPECT_OK(this->Judge(after->access_token));
    EXPECT_FALSE(this->Judge(before->access_token).ok());
  });
}

REGISTER_TYPED_TEST_SUITE_P(OneClockContract, ATokenWorksAtOnce,
                            ARightThatWasTakenNoLongerWorksAndTheRefreshedTokenDoes,
                            ATokenSignedForADeactivatedUserDoesNotWork,
                            WhatIsSignedForAUserAfterTheReactivationWorks,
                            ASignInAfterTheReactivationWorksAndOneFromBeforeDoesNot);

}  // namespace usher::auth
