// The guest grant of sign_in.h.
#include <utility>
#include <vector>

#include "services/auth/session/sign_in.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace sign_in_guest_test {

class SignInGuestTest : public SignInTestBase {
 protected:
  GuestCredentials ExpiringIn(absl::Duration left, bool shareable) {
    return {.expiry = clock_.Now() + left, .shareable = shareable};
  }
};

TEST_F(SignInGuestTest, AGuestIsTheUserOfTheAccess) {
  const UserId access = MadeGuest({.display_name = "Gus"});
  const SignedIn signed_in = SignedInAsGuest(access);
  EXPECT_EQ(signed_in.user, access);
  EXPECT_EQ(signed_in.permissions, PermissionSet{});
  const auto token = verifier_.Verify(signed_in.access_token);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->user, access);
  EXPECT_TRUE((*token)->guest);
  EXPECT_EQ((*token)->display_name, "Gus");
  EXPECT_TRUE((*token)->base_permissions_id.empty());
}

TEST_F(SignInGuestTest, TheNameIsTheGivenElseTheStoredElseTheEmailElseUnnamedGuest) {
  struct Case {
    const char* given;
    const char* stored;
    const char* email;
    const char* expected;
  };
  for (const Case& name : std::vector<Case>{
           {"Given", "Stored", "guest@example.org", "Given"},
           {"Given", "", "", "Given"},
           {"", "Stored", "guest@example.org", "Stored"},
           {"", "", "guest@example.org", "guest@example.org"},
           {"", "", "", "Unnamed guest"},
       }) {
    for (const bool shareable : {false, true}) {
      const UserId access =
          MadeGuest({.email = name.email, .display_name = name.stored, .shareable = shareable});
      const SignedIn signed_in = SignedInAsGuest(access, name.given);
      EXPECT_EQ(Read(signed_in.access_token).display_name, name.expected);
    }
  }
}

TEST_F(SignInGuestTest, ASecondSignInEndsTheSessionBefore) {
  const UserId access = MadeGuest();
  const UserId another = MadeGuest();
  const SignedIn others = SignedInAsGuest(another);
  const SignedIn first = SignedInAsGuest(access);
  EXPECT_OK(verifier_.Verify(first.access_token));

  const SignedIn second = SignedInAsGuest(access);
  EXPECT_THAT(verifier_.Verify(first.access_token), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), RefreshOf(first, access.value())),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(verifier_.Verify(second.access_token));
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(second, access.value())));
  EXPECT_OK(verifier_.Verify(others.access_token));
  EXPECT_EQ(sessions_.size(), 2u);
}

TEST_F(SignInGuestTest, AWrongCodeEndsNothing) {
  const UserId access = MadeGuest();
  const SignedIn first = SignedInAsGuest(access);
  EXPECT_EQ(StatusOf(sign_in_.AsGuest(ACall(), GuestOf(access, "another code"))),
            CredentialsRefused());
  EXPECT_OK(verifier_.Verify(first.access_token));
  EXPECT_TRUE(IsThere(Read(first.access_token).session));
}

// L10.
TEST_F(SignInGuestTest, EverySignInThroughAShareableAccessIsAUserOfItsOwn) {
  const UserId access = MadeGuest({.shareable = true});
  const SignedIn first = SignedInAsGuest(access, "One");
  const SignedIn second = SignedInAsGuest(access, "Two");
  EXPECT_NE(first.user, second.user);
  for (const SignedIn& signed_in : {first, second}) {
    EXPECT_NE(signed_in.user, access);
    EXPECT_TRUE(CanonicalUuid(signed_in.user.value()).has_value());
    const auto token = verifier_.Verify(signed_in.access_token);
    ASSERT_OK(token);
    EXPECT_EQ((*token)->user, signed_in.user);
    EXPECT_EQ((*token)->base_permissions_id, access);
    EXPECT_TRUE((*token)->guest);
  }
  EXPECT_EQ(Read(first.access_token).display_name, "One");
  EXPECT_EQ(Read(second.access_token).display_name, "Two");
}

TEST_F(SignInGuestTest, AnExpiredAccessIsNotActive) {
  for (const bool shareable : {false, true}) {
    const UserId access = MadeGuest(ExpiringIn(absl::Minutes(10), shareable));
    clock_.Advance(absl::Minutes(10) - absl::Seconds(1));
    EXPECT_OK(sign_in_.AsGuest(ACall(), GuestOf(access)));
    clock_.Advance(absl::Seconds(1));
    EXPECT_EQ(StatusOf(sign_in_.AsGuest(ACall(), GuestOf(access))),
              AccountInactive(AccountStatus::kDeactivated));
    EXPECT_EQ(StatusOf(sign_in_.AsGuest(ACall(), GuestOf(access, "another code"))),
              CredentialsRefused());
  }
}

TEST_F(SignInGuestTest, AnAccessThatExpiresBetweenLookUpAndOpeningOpensAndEndsNothing) {
  for (const bool shareable : {false, true}) {
    const UserId access = MadeGuest(ExpiringIn(absl::Seconds(1), shareable));
    const SignedIn before = SignedInAsGuest(access);
    const size_t sessions = sessions_.size();
    sessions_.BeforeNextOpen([this] { clock_.Advance(absl::Seconds(1)); });
    EXPECT_EQ(StatusOf(sign_in_.AsGuest(ACall(), GuestOf(access))),
              AccountInactive(AccountStatus::kDeactivated));
    EXPECT_EQ(sessions_.size(), sessions);
    EXPECT_TRUE(IsThere(Read(before.access_token).session));
  }
}

TEST_F(SignInGuestTest, NothingThatAGuestGetsOutlivesTheAccess) {
  for (const bool shareable : {false, true}) {
    const absl::Time end = clock_.Now() + absl::Minutes(10);
    const UserId access = MadeGuest(ExpiringIn(absl::Minutes(10), shareable));
    const SignedIn signed_in = SignedInAsGuest(access);
    EXPECT_EQ(signed_in.expires_at, end);
    EXPECT_EQ(Read(signed_in.access_token).expires_at, end);
    const auto session =
        *sessions_.Find(ACall(), CompanyId("acme"), Read(signed_in.access_token).session);
    EXPECT_EQ(session->session.expires_at, end);
  }
}

TEST_F(SignInGuestTest, AnAccessWithoutEndLastsAsLongAsAnySession) {
  const SignedIn signed_in = SignedInAsGuest(MadeGuest({.expiry = absl::InfiniteFuture()}));
  EXPECT_EQ(signed_in.expires_at, clock_.Now() + absl::Hours(1));
  const auto session =
      *sessions_.Find(ACall(), CompanyId("acme"), Read(signed_in.access_token).session);
  EXPECT_EQ(session->session.expires_at, clock_.Now() + absl::Hours(24 * 30));
}

}  // namespace sign_in_guest_test
}  // namespace usher::auth
