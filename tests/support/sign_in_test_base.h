// What tests of signing in and of tokens stand on: accounts, sessions and keys over fakes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "services/auth/company_switch/company_switch.h"
#include "services/auth/invitation/invitations.h"
#include "services/auth/session/renewal.h"
#include "services/auth/session/sign_in.h"
#include "services/auth/session/sign_in_errors.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_invitation_store.h"
#include "tests/support/fake_link_store.h"
#include "tests/support/fake_session_store.h"
#include "tests/support/judging.h"
#include "tests/support/method_test_base.h"
#include "tests/support/signed_token.h"

namespace usher::auth {

// Too weak for a keyed hash, so that checking them costs argon2id like a password.
inline constexpr char kApiCode[] = "api code";
inline constexpr char kGuestCode[] = "guest code";

class SignInTestBase : public MethodTestBase {
 protected:
  static constexpr PermissionSet kAnything = PermissionSet::FromMask(~uint32_t{0});

  SignInTestBase() {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
  }

  static MethodKey Key(KeyType key_type, const std::string& principal) {
    return {key_type, PrincipalKey(key_type, principal)};
  }
  static PasswordGrant PasswordOf(const std::string& username,
                                  const std::string& password = kGoodPassword,
                                  PermissionSet wanted = kAnything) {
    return {CompanyId("acme"), username, Secret(password), wanted};
  }
  static CodeGrant CodeOf(const std::string& client, const std::string& code = kApiCode) {
    return {CompanyId("acme"), client, Secret(code), kAnything};
  }
  static GuestGrant GuestOf(const UserId& access, const std::string& code = kGuestCode,
                            const std::string& display_name = "") {
    return {CompanyId("acme"), access, Secret(code), display_name, kAnything};
  }
  static RefreshGrant RefreshOf(const SignedIn& signed_in, const std::string& principal,
                                PermissionSet wanted = kAnything) {
    return {.company = CompanyId("acme"),
            .principal = principal,
            .refresh_token = signed_in.refresh_token,
            .access_token = signed_in.access_token,
            .wanted = wanted};
  }

  UserId MadeClient(const std::string& client, PermissionSet permissions = {}) {
    MethodWish wish = Code(client, kApiCode);
    wish.permissions.give = permissions;
    return Made(wish);
  }
  UserId MadeGuest(GuestCredentials access = {}, PermissionSet permissions = {}) {
    access.code = Secret(kGuestCode);
    access.room = Room({RoomRight::kAdmin});
    MethodWish wish = Wish(std::move(access));
    wish.permissions.give = permissions;
    return Made(wish);
  }
  SignedIn SignedInAs(const std::string& username, PermissionSet wanted = kAnything) {
    return Got(sign_in_.WithPassword(ACall(), PasswordOf(username, kGoodPassword, wanted)));
  }
  SignedIn SignedInAsGuest(const UserId& access, const std::string& display_name = "") {
    return Got(sign_in_.AsGuest(ACall(), GuestOf(access, kGuestCode, display_name)));
  }
  static SignedIn Got(absl::StatusOr<SignedIn> signed_in) {
    EXPECT_OK(signed_in);
    return signed_in.ok() ? *std::move(signed_in) : SignedIn();
  }

  // What a token says, whatever has become of it since.
  token::AccessToken Read(const std::string& bytes) {
    const auto token = verifier_.VerifyIgnoringTime(bytes);
    EXPECT_OK(token);
    return token.ok() ? **token : token::AccessToken();
  }
  bool IsThere(const SessionId& session) {
    return sessions_.Find(ACall(), CompanyId("acme"), session)->has_value();
  }

  void SetStatus(const UserId& user, AccountStatus status) {
    UserChange change;
    change.user_status = status;
    Change(user, std::move(change));
  }
  void SetStatus(const UserId& user, const MethodKey& method, AccountStatus status) {
    UserChange change;
    change.edit = MethodEdit{.key = method, .status = status};
    Change(user, std::move(change));
  }
  void SetPermissions(const UserId& user, const MethodKey& method, PermissionChange permissions) {
    UserChange change;
    change.edit = MethodEdit{.key = method, .permissions = permissions};
    Change(user, std::move(change));
  }
  void Change(const UserId& user, UserChange change) {
    change.company = CompanyId("acme");
    change.user = user;
    change.may_lift_lock = true;
    const auto standing = *store_.FindUser(ACall(), change.company, user, clock_.Now());
    ASSERT_TRUE(standing.has_value());
    change.held = standing->held;
    EXPECT_OK(store_.ChangeUser(ACall(), change, Judging(change)));
  }

  FakeSessionStore sessions_{store_};
  token::KeyRing keys_;
  token::FeedState feed_state_;
  token::TokenSigner signer_{{token::AKey(1)}, auth_clock_};
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, auth_clock_, /*cache_size=*/16};
  RefreshTokens refresh_tokens_{TestPepper()};
  SessionSigner session_signer_{signer_, Lifetimes()};
  SessionOpening opening_{sessions_, auth_clock_, SessionBounds(), Lifetimes().refresh};
  MethodUses uses_{sessions_};
  SignIn sign_in_{store_,          vault_,       opening_,  refresh_tokens_,
                  session_signer_, revocations_, throttle_, uses_};
  Renewal renewal_{store_,          store_,    sessions_,    refresh_tokens_,
                   session_signer_, verifier_, revocations_, auth_clock_};
  FakeLinkStore links_{store_};
  CompanySwitch switch_{store_,          links_,          sessions_, opening_,
                        refresh_tokens_, session_signer_, verifier_, revocations_};
  FakeInvitationStore invitation_store_{store_};
  FakeDirectories directories_;
  DirectoryProving proving_{directories_, throttle_};
  Invitations invitations_{invitation_store_, store_,   sessions_, vault_,
                           throttle_,         proving_, signer_,   Lifetimes().activation};
};

}  // namespace usher::auth
