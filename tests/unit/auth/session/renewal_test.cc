#include "services/auth/session/renewal.h"

#include <functional>
#include <map>

#include "tests/support/renewal_test_base.h"

namespace usher::auth {
namespace renewal_test {

using RenewalTest = RenewalTestBase;

TEST_F(RenewalTest, ItAnswersANewPairForTheSameSession) {
  clock_.Advance(absl::Minutes(50));
  const SignedIn second = Refreshed(first_);
  EXPECT_NE(second.refresh_token.Reveal(), first_.refresh_token.Reveal());
  EXPECT_EQ(second.user, ann_);
  EXPECT_EQ(second.permissions, kLists);
  EXPECT_EQ(second.expires_at, clock_.Now() + absl::Hours(1));
  const auto token = verifier_.Verify(second.access_token);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->session, SessionIn(first_));
  EXPECT_EQ((*token)->user, ann_);
  EXPECT_EQ((*token)->permissions, kLists);
  EXPECT_EQ((*token)->issued_at, clock_.Now());
  EXPECT_EQ((*token)->expires_at, second.expires_at);
  EXPECT_FALSE((*token)->guest);
  EXPECT_EQ(sessions_.size(), 1u);
}

TEST_F(RenewalTest, EveryNewTokenCanBeUsedInItsTurn) {
  SignedIn last = first_;
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(absl::Minutes(30));
    last = Refreshed(last);
  }
  EXPECT_OK(verifier_.Verify(last.access_token));
}

// What must not be prolonged is not prolonged by this door either. The session's own token is.
TEST_F(RenewalTest, ATokenWithExtensionDisallowedRefreshesNothingAndEndsNothing) {
  token::AccessToken child = Read(first_.access_token);
  child.extension_disallowed = true;
  RefreshGrant grant = RefreshOf(first_, "ann");
  grant.access_token = signer_.Sign(child);
  EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), grant)), RefreshTokenRefused());
  EXPECT_OK(Refresh(first_));
}

// Whoever was offline while the signing key was replaced.
TEST_F(RenewalTest, TheKeyOfTheAccessTokenMayHaveBeenRetired) {
  clock_.Advance(absl::Hours(24));
  keys_.Replace(token::PublicKeysOf({token::AKey(2)}));
  const token::TokenSigner signer({token::AKey(2)}, auth_clock_);
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  const SessionSigner session_signer(signer, Lifetimes());
  token::KeyRing retired;
  Renewal with_retired(store_, store_, sessions_, refresh_tokens_, session_signer, verifier_,
                       revocations_, auth_clock_, &retired);
  EXPECT_EQ(StatusOf(with_retired.WithRefreshToken(ACall(), RefreshOf(first_, "ann", kAnything))),
            RefreshTokenRefused());
  retired.Replace(token::PublicKeysOf({token::AKey(1)}));
  const SignedIn second =
      Got(with_retired.WithRefreshToken(ACall(), RefreshOf(first_, "ann", kAnything)));
  EXPECT_OK(verifier_.Verify(second.access_token));
  EXPECT_THAT(verifier_.Verify(first_.access_token), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(with_retired.WithRefreshToken(ACall(), RefreshOf(second, "ann", kAnything)));
}

TEST_F(RenewalTest, BeforeTokensCanBeJudgedItIsNotRefusedButUndecided) {
  const token::FeedState not_loaded;
  token::TokenVerifier verifier(keys_, revocations_, not_loaded, auth_clock_, 16);
  Renewal renewal(store_, store_, sessions_, refresh_tokens_, session_signer_, verifier,
                  revocations_, auth_clock_);
  EXPECT_THAT(renewal.WithRefreshToken(ACall(), RefreshOf(first_, "ann", kAnything)),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(Refresh(first_)) << "the session goes on";
}

// L5: what has to fit together.
TEST_F(RenewalTest, WhatDoesNotBelongTogetherIsRefusedAndTheSessionLivesOn) {
  const token::AccessToken token = Read(first_.access_token);
  token::AccessToken of_another_user = token;
  of_another_user.user = UserId(NewUuid());
  token::AccessToken of_another_company = token;
  of_another_company.company = CompanyId("beta");
  token::AccessToken joining = token;
  joining.type = token::TokenType::kJoin;
  joining.only_room = RoomId(NewUuid());
  token::AccessToken activating = token;
  activating.type = token::TokenType::kActivation;
  const SignedIn elsewhere = SignedInAs("ann");
  MadeUser("bob");
  const SignedIn bobs = SignedInAs("bob");

  const std::map<std::string, std::function<void(RefreshGrant&)>> spoilers = {
      {"principal", [](auto& grant) { grant.principal = "bob"; }},
      {"no company", [](auto& grant) { grant.company = CompanyId(); }},
      {"company", [](auto& grant) { grant.company = CompanyId("beta"); }},
      {"no token", [](auto& grant) { grant.access_token.clear(); }},
      {"another session's token",
       [&](auto& grant) { grant.access_token = elsewhere.access_token; }},
      {"another user's token", [&](auto& grant) { grant.access_token = bobs.access_token; }},
      {"another session's refresh token",
       [&](auto& grant) { grant.refresh_token = elsewhere.refresh_token; }},
      {"another user's refresh token",
       [&](auto& grant) { grant.refresh_token = bobs.refresh_token; }},
      {"another user in the session",
       [&](auto& grant) { grant.access_token = signer_.Sign(of_another_user); }},
      {"another company in the token",
       [&](auto& grant) { grant.access_token = signer_.Sign(of_another_company); }},
      {"join token", [&](auto& grant) { grant.access_token = signer_.Sign(joining); }},
      {"activation token", [&](auto& grant) { grant.access_token = signer_.Sign(activating); }},
      {"another's signature",
       [&](auto& grant) { grant.access_token = token::SignWith(token::AKey(2), token); }},
  };
  for (const auto& [what, spoil] : spoilers) {
    RefreshGrant grant = RefreshOf(first_, "ann");
    spoil(grant);
    EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), grant)), RefreshTokenRefused()) << what;
  }
  EXPECT_OK(verifier_.Verify(first_.access_token));
  EXPECT_OK(Refresh(first_));
  EXPECT_OK(Refresh(elsewhere));
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(bobs, "bob")));
}

TEST_F(RenewalTest, AMismatchDoesNotEndTheSessionOfAnEndedTokenEither) {
  const SignedIn second = Refreshed(first_);
  const SignedIn third = Refreshed(second);
  RefreshGrant grant = RefreshOf(first_, "bob");
  EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), grant)), RefreshTokenRefused());
  EXPECT_OK(Refresh(third));
}

TEST_F(RenewalTest, ThePrincipalIsComparedAsInSigningIn) {
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(first_, "ANN")));
}

TEST_F(RenewalTest, AMadeUpTokenEndsNothing) {
  const RefreshTokens other_pepper(Pepper({Secret(std::string(32, 'q'))}));
  std::string altered(first_.refresh_token.Reveal());
  altered[altered.size() / 2] = altered[altered.size() / 2] == 'A' ? 'B' : 'A';
  for (const Secret& made_up :
       {Secret(""), Secret("made up"), Secret(Base64Url(Secret::Random(64).Reveal())),
        Secret(altered), other_pepper.Make(SessionIn(first_)).text}) {
    RefreshGrant grant = RefreshOf(first_, "ann");
    grant.refresh_token = made_up;
    EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), grant)), RefreshTokenRefused());
  }
  EXPECT_OK(verifier_.Verify(first_.access_token));
  EXPECT_OK(Refresh(first_));
}

// L6.
TEST_F(RenewalTest, PermissionsAreThoseGrantedAtSignInThatAreStillHeld) {
  SetPermissions(ann_, method_, {.take = {Permission::kUserList}});
  const SignedIn without = Refreshed(first_);
  EXPECT_EQ(without.permissions, PermissionSet{Permission::kRoomList});
  EXPECT_EQ(Read(without.access_token).permissions, PermissionSet{Permission::kRoomList});

  SetPermissions(ann_, method_, {.give = {Permission::kUserList, Permission::kUserAdmin}});
  const SignedIn back = Refreshed(without);
  EXPECT_EQ(back.permissions, kLists);
  EXPECT_EQ(Read(back.access_token).permissions, kLists);
}

TEST_F(RenewalTest, RequestedPermissionsNarrowOneTokenAndNotTheSession) {
  const SignedIn narrow =
      Refreshed(first_, {Permission::kRoomList, Permission::kRoomAdmin, Permission::kCompanyAdmin});
  EXPECT_EQ(narrow.permissions, PermissionSet{Permission::kRoomList});
  const SignedIn none = Refreshed(narrow, {});
  EXPECT_EQ(none.permissions, PermissionSet{});
  EXPECT_EQ(Refreshed(none).permissions, kLists);
}

// L6: NONE stays NONE.
TEST_F(RenewalTest, WhatWasNotGrantedAtSignInNeverComesBack) {
  const SignedIn none = SignedInAs("ann", {});
  EXPECT_EQ(Refreshed(none).permissions, PermissionSet{});
  const SignedIn narrow = SignedInAs("ann", {Permission::kRoomList});
  EXPECT_EQ(Refreshed(narrow).permissions, PermissionSet{Permission::kRoomList});
}

TEST_F(RenewalTest, AnExpiredAccessTokenStillTellsTheSession) {
  clock_.Advance(absl::Hours(24 * 7));
  EXPECT_THAT(verifier_.Verify(first_.access_token), HasReplyCode(::common::TOKEN_OUTDATED));
  EXPECT_OK(Refresh(first_));
}

TEST_F(RenewalTest, AnExpiredSessionIsRefusedAndItsLastTokenEndsWithIt) {
  const absl::Time end = clock_.Now() + absl::Hours(24 * 30);
  clock_.Set(end - absl::Seconds(10));
  const SignedIn last = Refreshed(first_);
  EXPECT_EQ(last.expires_at, end);
  EXPECT_EQ(Read(last.access_token).expires_at, end);
  clock_.Set(end);
  EXPECT_EQ(StatusOf(Refresh(last)), RefreshTokenRefused());
}

TEST_F(RenewalTest, AGuestStaysTheSameGuest) {
  for (const bool shareable : {false, true}) {
    const UserId access = MadeGuest({.shareable = shareable});
    const SignedIn guest = SignedInAsGuest(access, "Gus");
    const SignedIn refreshed =
        Got(renewal_.WithRefreshToken(ACall(), RefreshOf(guest, access.value())));
    const token::AccessToken token = Read(refreshed.access_token);
    EXPECT_EQ(refreshed.user, guest.user);
    EXPECT_EQ(token.user, guest.user);
    EXPECT_TRUE(token.guest);
    EXPECT_EQ(token.display_name, "Gus");
    EXPECT_EQ(token.base_permissions_id, shareable ? access : UserId());
  }
}

TEST_F(RenewalTest, TheEndedSessionOfAnInactiveAccountTellsItsStatus) {
  sessions_.Remove(SessionIn(first_));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  SetStatus(ann_, method_, AccountStatus::kPending);
  EXPECT_EQ(StatusOf(Refresh(first_)), AccountInactive(AccountStatus::kPending));
  SetStatus(ann_, AccountStatus::kDeactivated);
  EXPECT_EQ(StatusOf(Refresh(first_)), AccountInactive(AccountStatus::kDeactivated));
  ASSERT_OK(users_.Remove(Administrator(), ann_));
  EXPECT_EQ(StatusOf(Refresh(first_)), AccountInactive(AccountStatus::kDeleted));
  store_.SwitchOff(CompanyId("acme"));
  EXPECT_EQ(StatusOf(Refresh(first_)), AccountInactive(AccountStatus::kDeleted));
}

// The tokens of such a guest name a user whom auth does not keep.
TEST_F(RenewalTest, TheEndedSessionOfAGuestTellsTheStatusOfTheSharedAccess) {
  const UserId access = MadeGuest({.shareable = true});
  const RefreshGrant grant = RefreshOf(SignedInAsGuest(access), access.value());
  SetStatus(access, AccountStatus::kDeactivated);
  sessions_.Remove(Read(grant.access_token).session);
  EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), grant)),
            AccountInactive(AccountStatus::kDeactivated));
}

}  // namespace renewal_test
}  // namespace usher::auth
