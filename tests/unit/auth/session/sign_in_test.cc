#include "services/auth/session/sign_in.h"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace sign_in_test {

constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

class SignInTest : public SignInTestBase {
 protected:
  absl::StatusOr<SignedIn> WithPassword(const std::string& username,
                                        const std::string& password = kGoodPassword) {
    return sign_in_.WithPassword(ACall(), PasswordOf(username, password));
  }
  std::string SealedSecretOf(KeyType key_type, const std::string& principal) {
    return Find(key_type, principal)->method.sealed_secret;
  }

  // Grants that fail for want of an account or of the right secret, of all kinds.
  std::vector<std::function<absl::StatusOr<SignedIn>(const CallContext&)>> WrongGrants() {
    std::vector<std::function<absl::StatusOr<SignedIn>(const CallContext&)>> grants;
    MadeUser("ann");
    MadeClient("client");
    const UserId guest = MadeGuest();
    for (const char* company : {"acme", "beta", "unknown", ""}) {
      for (const bool known : {true, false}) {
        PasswordGrant password = PasswordOf(known ? "ann" : "nobody", kOtherPassword);
        CodeGrant code = CodeOf(known ? "client" : "nobody", "another code");
        GuestGrant access = GuestOf(known ? guest : UserId(NewUuid()), "another code");
        password.company = code.company = access.company = CompanyId(company);
        grants.push_back(
            [=, this](const auto& call) { return sign_in_.WithPassword(call, password); });
        grants.push_back([=, this](const auto& call) { return sign_in_.WithCode(call, code); });
        grants.push_back([=, this](const auto& call) { return sign_in_.AsGuest(call, access); });
      }
    }
    return grants;
  }
};

TEST_F(SignInTest, APasswordOpensASession) {
  const UserId ann = MadeUser("Ann", kLists);
  const SignedIn signed_in = SignedInAs("Ann");
  EXPECT_EQ(signed_in.user, ann);
  EXPECT_EQ(signed_in.permissions, kLists);
  EXPECT_EQ(signed_in.expires_at, clock_.Now() + absl::Hours(1));

  const auto token = verifier_.Verify(signed_in.access_token);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, token::TokenType::kAccess);
  EXPECT_EQ((*token)->user, ann);
  EXPECT_EQ((*token)->company, CompanyId("acme"));
  EXPECT_EQ((*token)->permissions, kLists);
  EXPECT_EQ((*token)->issued_at, clock_.Now());
  EXPECT_EQ((*token)->expires_at, signed_in.expires_at);
  EXPECT_FALSE((*token)->guest);
  EXPECT_EQ((*token)->display_name, "");
  EXPECT_TRUE((*token)->base_permissions_id.empty());
  EXPECT_FALSE((*token)->extension_disallowed);

  const auto session = *sessions_.Find(ACall(), CompanyId("acme"), (*token)->session);
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->session.user, ann);
  EXPECT_EQ(session->session.principal, "Ann");
  EXPECT_EQ(session->session.granted, kLists);
  EXPECT_EQ(session->session.expires_at, clock_.Now() + absl::Hours(24 * 30));
}

TEST_F(SignInTest, ACodeOpensASession) {
  const UserId client = MadeClient("Client", kLists);
  const SignedIn signed_in = Got(sign_in_.WithCode(ACall(), CodeOf("Client")));
  EXPECT_EQ(signed_in.user, client);
  EXPECT_EQ(signed_in.permissions, kLists);
  EXPECT_EQ(Read(signed_in.access_token).user, client);
  EXPECT_FALSE(Read(signed_in.access_token).guest);
}

TEST_F(SignInTest, NamesAreComparedRegardlessOfCaseAndSecretsAreNot) {
  const UserId ann = MadeUser("Ann");
  const UserId client = MadeClient("Client");
  EXPECT_EQ(SignedInAs("aNN").user, ann);
  EXPECT_EQ(Got(sign_in_.WithCode(ACall(), CodeOf("CLIENT"))).user, client);
  EXPECT_EQ(StatusOf(WithPassword("Ann", "VT9#KQ-8WZ")), CredentialsRefused());
  EXPECT_EQ(StatusOf(sign_in_.WithCode(ACall(), CodeOf("Client", "API code"))),
            CredentialsRefused());
}

TEST_F(SignInTest, EachKindOfMethodHasItsOwnGrant) {
  MadeUser("ann");
  MadeClient("client");
  EXPECT_EQ(StatusOf(sign_in_.WithCode(ACall(), CodeOf("ann", kGoodPassword))),
            CredentialsRefused());
  EXPECT_EQ(StatusOf(WithPassword("client", kApiCode)), CredentialsRefused());
  EXPECT_EQ(StatusOf(WithPassword(MadeGuest().value(), kGuestCode)), CredentialsRefused());
}

TEST_F(SignInTest, UnknownCompanyUnknownPrincipalAndWrongSecretAreTheSameAnswer) {
  for (const auto& grant : WrongGrants()) {
    EXPECT_EQ(StatusOf(grant(ACall())), CredentialsRefused());
  }
  EXPECT_THAT(CredentialsRefused(), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(sessions_.size(), 0u);
}

// A call that is given up fails where it would wait for a hash: an answer without one is an answer
// in less time.
TEST_F(SignInTest, UnknownCompanyUnknownPrincipalAndWrongSecretCostAHash) {
  CallContext given_up = ACall();
  given_up.cancelled = std::make_shared<const std::atomic<bool>>(true);
  for (const auto& grant : WrongGrants()) {
    EXPECT_THAT(grant(given_up), StatusIs(absl::StatusCode::kCancelled));
  }
}

TEST_F(SignInTest, ASecretOfOneCompanyOpensNothingInAnother) {
  MadeUser("ann");
  PasswordGrant grant = PasswordOf("ann");
  grant.company = CompanyId("beta");
  EXPECT_EQ(StatusOf(sign_in_.WithPassword(ACall(), grant)), CredentialsRefused());
}

TEST_F(SignInTest, RequestedPermissionsNarrowAndNeverWiden) {
  MadeUser("ann", kLists);
  const std::vector<std::pair<PermissionSet, PermissionSet>> wanted_and_given = {
      {kAnything, kLists},
      {kLists, kLists},
      {{Permission::kUserList}, {Permission::kUserList}},
      {{Permission::kUserList, Permission::kUserAdmin}, {Permission::kUserList}},
      {{Permission::kUserAdmin, Permission::kCompanyAdmin}, {}},
      {{}, {}},
  };
  for (const auto& [wanted, given] : wanted_and_given) {
    const SignedIn signed_in = SignedInAs("ann", wanted);
    EXPECT_EQ(signed_in.permissions, given);
    EXPECT_EQ(Read(signed_in.access_token).permissions, given);
  }
}

TEST_F(SignInTest, CodesAndGuestAccessesAreNarrowedLikewise) {
  MadeClient("client", kLists);
  CodeGrant code = CodeOf("client");
  GuestGrant guest = GuestOf(MadeGuest({}, kLists));
  for (const PermissionSet& wanted :
       {kAnything, kLists, PermissionSet{Permission::kRoomList, Permission::kRoomAdmin},
        PermissionSet{}}) {
    code.wanted = guest.wanted = wanted;
    EXPECT_EQ(Got(sign_in_.WithCode(ACall(), code)).permissions, kLists.And(wanted));
    EXPECT_EQ(Got(sign_in_.AsGuest(ACall(), guest)).permissions, kLists.And(wanted));
  }
}

TEST_F(SignInTest, ASecondSignInLeavesTheFirstAlone) {
  MadeUser("ann");
  const SignedIn first = SignedInAs("ann");
  const SignedIn second = SignedInAs("ann");
  EXPECT_NE(Read(first.access_token).session, Read(second.access_token).session);
  EXPECT_OK(verifier_.Verify(first.access_token));
  EXPECT_OK(verifier_.Verify(second.access_token));
  EXPECT_EQ(sessions_.size(), 2u);
}

TEST_F(SignInTest, APasswordThatChangesMeanwhileOpensNothing) {
  const UserId ann = MadeUser("ann");
  sessions_.BeforeNextOpen(
      [&] { EXPECT_OK(Update(Administrator(), ann, Password("ann", kOtherPassword))); });
  EXPECT_EQ(StatusOf(WithPassword("ann")), CredentialsRefused());
  EXPECT_EQ(sessions_.size(), 0u);
  EXPECT_OK(WithPassword("ann", kOtherPassword));
}

TEST_F(SignInTest, AnAccountThatIsDeactivatedMeanwhileOpensNothing) {
  const UserId ann = MadeUser("ann");
  sessions_.BeforeNextOpen([&] { SetStatus(ann, AccountStatus::kDeactivated); });
  EXPECT_EQ(StatusOf(WithPassword("ann")), AccountInactive(AccountStatus::kDeactivated));
  EXPECT_EQ(sessions_.size(), 0u);
}

TEST_F(SignInTest, PermissionsThatAreTakenAwayMeanwhileAreNotGranted) {
  const UserId ann = MadeUser("ann", kLists);
  sessions_.BeforeNextOpen([&] {
    SetPermissions(ann, Key(KeyType::kPassword, "ann"), {.take = {Permission::kUserList}});
  });
  EXPECT_EQ(SignedInAs("ann").permissions, PermissionSet{Permission::kRoomList});
  EXPECT_EQ(sessions_.size(), 1u);
}

TEST_F(SignInTest, AnAccountThatIsRemovedMeanwhileOpensNothing) {
  const UserId ann = MadeUser("ann");
  sessions_.BeforeNextOpen([&] { EXPECT_OK(users_.Remove(Administrator(), ann)); });
  EXPECT_EQ(StatusOf(WithPassword("ann")), CredentialsRefused());
  EXPECT_EQ(sessions_.size(), 0u);
}

// Two that sign in at once after the settings changed: the first one hashes anew.
TEST_F(SignInTest, ThePasswordHashedAnewMeanwhileIsLookedAtAgain) {
  const UserId ann = MadeUser("ann");
  const auto hash_anew = [&] {
    EXPECT_OK(Update(Administrator(), ann, Password("ann", kGoodPassword)));
  };
  sessions_.BeforeNextOpen(hash_anew);
  EXPECT_OK(WithPassword("ann"));
  EXPECT_EQ(sessions_.size(), 1u);

  const std::function<void()> again_and_again = [&] {
    hash_anew();
    sessions_.BeforeNextOpen(again_and_again);
  };
  sessions_.BeforeNextOpen(again_and_again);
  EXPECT_THAT(WithPassword("ann"), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(sessions_.size(), 0u) << "a new secret ends what was open";
}

TEST_F(SignInTest, ASecretHashedWithOtherSettingsIsHashedAnewAtTheNextSignIn) {
  MadeUser("ann");
  MadeClient("client");
  const SignedIn earlier = SignedInAs("ann");
  SecretVault stronger(TestPepper(), {.memory = 16384, .passes = 1, .threads = 1});
  SignIn after(store_, stronger, opening_, refresh_tokens_, session_signer_, revocations_,
               throttle_, uses_);

  const std::string before = SealedSecretOf(KeyType::kPassword, "ann");
  EXPECT_EQ(StatusOf(after.WithPassword(ACall(), PasswordOf("ann", kOtherPassword))),
            CredentialsRefused());
  EXPECT_EQ(SealedSecretOf(KeyType::kPassword, "ann"), before);

  EXPECT_OK(after.WithPassword(ACall(), PasswordOf("ann")));
  EXPECT_OK(after.WithCode(ACall(), CodeOf("client")));
  const std::string code = SealedSecretOf(KeyType::kAuthorizationCode, "client");
  EXPECT_OK(after.WithCode(ACall(), CodeOf("client")));
  EXPECT_EQ(SealedSecretOf(KeyType::kAuthorizationCode, "client"), code);

  const std::string anew = SealedSecretOf(KeyType::kPassword, "ann");
  EXPECT_NE(anew, before);
  EXPECT_OK(after.WithPassword(ACall(), PasswordOf("ann")));
  EXPECT_EQ(SealedSecretOf(KeyType::kPassword, "ann"), anew);
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(earlier, "ann")));
}

// A new key is appended; the old one stays until everybody has signed in.
TEST_F(SignInTest, ASecretUnderAnOlderPepperIsSealedUnderTheNewestAtTheNextSignIn) {
  MadeUser("ann");
  MadeClient("client");
  const Pepper both({TestPepper().first(), Secret(std::string(32, 'n'))});
  SecretVault rotated(both, {.memory = 8192, .passes = 1, .threads = 1});
  SignIn after(store_, rotated, opening_, refresh_tokens_, session_signer_, revocations_, throttle_,
               uses_);
  const std::string before = SealedSecretOf(KeyType::kPassword, "ann");
  EXPECT_OK(after.WithPassword(ACall(), PasswordOf("ann")));
  EXPECT_OK(after.WithCode(ACall(), CodeOf("client")));

  const std::string anew = SealedSecretOf(KeyType::kPassword, "ann");
  EXPECT_NE(anew, before);
  EXPECT_EQ(anew[0], 2);  // the key's number
  EXPECT_EQ(SealedSecretOf(KeyType::kAuthorizationCode, "client")[0], 2);
  EXPECT_OK(after.WithPassword(ACall(), PasswordOf("ann")));
  EXPECT_EQ(SealedSecretOf(KeyType::kPassword, "ann"), anew);
}

// macOS types the same password decomposed, others composed.
TEST_F(SignInTest, APasswordIsTheSameHoweverItsCharactersAreSpelled) {
  const std::string composed = "\u00fcber-den-W\u00e4ldern";
  const std::string decomposed = "u\u0308ber-den-Wa\u0308ldern";
  Made(Password("composed", composed));
  Made(Password("decomposed", decomposed));
  for (const char* username : {"composed", "decomposed"}) {
    EXPECT_OK(sign_in_.WithPassword(ACall(), PasswordOf(username, composed))) << username;
    EXPECT_OK(sign_in_.WithPassword(ACall(), PasswordOf(username, decomposed))) << username;
  }
  EXPECT_EQ(StatusOf(WithPassword("composed", "uber-den-Waldern")), CredentialsRefused());
}

TEST_F(SignInTest, NothingIsDecidedWithoutADatabase) {
  MadeUser("ann");
  MadeClient("client");
  const UserId guest = MadeGuest();
  const SignedIn earlier = SignedInAs("ann");
  store_.FailWith(Unreachable("the database"));
  const auto undecided = IsUndecided(absl::StatusCode::kUnavailable);
  EXPECT_THAT(WithPassword("ann"), undecided);
  EXPECT_THAT(WithPassword("nobody"), undecided);
  EXPECT_THAT(sign_in_.WithCode(ACall(), CodeOf("client")), undecided);
  EXPECT_THAT(sign_in_.AsGuest(ACall(), GuestOf(guest)), undecided);
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), RefreshOf(earlier, "ann")), undecided);
  store_.FailWith(absl::OkStatus());
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(earlier, "ann")));
}

}  // namespace sign_in_test
}  // namespace usher::auth
