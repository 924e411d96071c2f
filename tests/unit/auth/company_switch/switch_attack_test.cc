// A1: the administrator of the one company as an attacker on the other.
#include "tests/unit/auth/company_switch/company_switch_test_base.h"

namespace usher::auth {
namespace switch_attack_test {

using ::testing::ElementsAre;

using SwitchAttackTest = CompanySwitchTestBase;

TEST_F(SwitchAttackTest, A1_AUserIdInCommonOpensNothing) {
  const UserId victim = MadeUser("vic");
  Method planted = Find(KeyType::kPassword, "ann")->method;
  planted.company = CompanyId("beta");
  planted.user = victim;
  planted.principal = planted.principal_key = "vic";
  planted.sealed_secret = *vault_.Hash(ACall(), Secret(kOtherPassword), SecretKind::kPassword,
                                       AssociatedData(planted.company, planted.key()));
  ASSERT_OK(store_.EnsureUser(ACall("beta"), CompanyId("beta"), victim, planted));
  const SignedIn attacker = Got(TrySignIn("beta", "vic", kOtherPassword));
  EXPECT_EQ(attacker.user, victim);
  EXPECT_EQ(StatusOf(Switch(attacker, "vic", "acme")), SwitchRefused());
  EXPECT_THAT(AccountsOf(attacker), ElementsAre("beta"));
  const auto listed = methods_.List(CallerOf(attacker), {.only_eligible_for_switch = true});
  ASSERT_OK(listed);
  for (const Method& method : listed->methods) EXPECT_EQ(method.company, CompanyId("beta"));
}

TEST_F(SwitchAttackTest, A1_WhoPutsAnotherSecretIntoTheMethodDoesNotGetIntoTheOtherCompany) {
  EXPECT_OK(ToAcme(SignedInToBeta()));
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(Update(BetaAdministrator(), ann_, Password("ann in beta", kGoodPassword)));
  const SignedIn attacker = Got(TrySignIn("beta", "ann in beta", kGoodPassword));
  EXPECT_EQ(attacker.user, ann_);
  EXPECT_EQ(StatusOf(ToAcme(attacker)), SwitchRefused());
  EXPECT_THAT(AccountsOf(attacker), ElementsAre("beta"));
}

TEST_F(SwitchAttackTest, A1_AMethodThatTheAdministratorAddsIsLinkedToNothing) {
  ASSERT_OK(Update(BetaAdministrator(), ann_, Code("client of ann", kApiCode)));
  CodeGrant grant = CodeOf("client of ann");
  grant.company = CompanyId("beta");
  const SignedIn attacker = Got(sign_in_.WithCode(ACall(), grant));
  EXPECT_EQ(attacker.user, ann_);
  EXPECT_EQ(StatusOf(Switch(attacker, "client of ann", "acme")), SwitchRefused());
}

TEST_F(SwitchAttackTest, A1_AMethodThatIsRemovedAndMadeAnewIsAnother) {
  clock_.Advance(absl::Seconds(1));
  MethodWish removal = Password("ann in beta", "");
  removal.status = AccountStatus::kDeleted;
  ASSERT_OK(Update(BetaAdministrator(), ann_, removal));
  ASSERT_OK(Update(BetaAdministrator(), ann_, Password("ann in beta", kGoodPassword)));
  clock_.Advance(absl::Seconds(1));
  const SignedIn attacker = Got(TrySignIn("beta", "ann in beta", kGoodPassword));
  EXPECT_EQ(StatusOf(ToAcme(attacker)), SwitchRefused());
}

TEST_F(SwitchAttackTest, A1_ATokenSignedForSomebodyLeadsNowhere) {
  const UserId boss = MadeUser("boss", kCompanyAdministrator);
  const SignedIn session = SignedInAs("boss");
  token::AccessToken signed_for_ann = Read(session.access_token);
  ASSERT_EQ(signed_for_ann.user, boss);
  signed_for_ann.user = ann_;
  for (const char* principal : {"ann", "boss"}) {
    SwitchGrant grant = SwitchOf(session, principal, "beta");
    grant.access_token = signer_.Sign(signed_for_ann);
    EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
  }
}

// The first password of a stranger in the account: whoever knew it is out everywhere.
TEST_F(SwitchAttackTest, ANewSecretClosesTheWayInAndNotTheOneOut) {
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(Update(ACaller().As(ann_), ann_, Password("ann", kOtherPassword, kGoodPassword)));
  EXPECT_EQ(StatusOf(ToAcme(SignedInToBeta())), SwitchRefused());
  EXPECT_OK(ToBeta(Got(TrySignIn("acme", "ann", kOtherPassword))));
}

TEST_F(SwitchAttackTest, AnAdministratorsNewSecretClosesBothWays) {
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(Update(Administrator(), ann_, Password("ann", kOtherPassword)));
  EXPECT_EQ(StatusOf(ToAcme(SignedInToBeta())), SwitchRefused());
  EXPECT_EQ(StatusOf(ToBeta(Got(TrySignIn("acme", "ann", kOtherPassword)))), SwitchRefused());
}

}  // namespace switch_attack_test
}  // namespace usher::auth
