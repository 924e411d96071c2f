#include "services/auth/session/method_uses.h"

#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace method_uses_test {

class MethodUsesTest : public SignInTestBase {
 protected:
  // What administrators see of it; "": nothing.
  std::string LastUse(const UserId& user) {
    const auto information = methods_.Information(Administrator(), user);
    EXPECT_OK(information);
    for (const Method& method : information->methods) {
      const auto found = method.metadata.find("lastUse");
      if (method.key_type == KeyType::kAuthorizationCode && found != method.metadata.end()) {
        return found->second;
      }
    }
    return "";
  }
  std::string Now() const { return absl::StrCat(absl::ToUnixSeconds(clock_.Now())); }

  const UserId client_ = MadeClient("client");
};

TEST_F(MethodUsesTest, ASignInIsNotedWhenHousekeepingWrites) {
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(sign_in_.WithCode(ACall(), CodeOf("client")));
  const std::string used = Now();
  EXPECT_EQ(LastUse(client_), "") << "no sign-in waits for it";
  ASSERT_OK(uses_.Write(ACall()));
  EXPECT_EQ(LastUse(client_), used);
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(uses_.Write(ACall()));
  EXPECT_EQ(LastUse(client_), used);
}

TEST_F(MethodUsesTest, AWrongCodeIsNoUse) {
  EXPECT_FALSE(sign_in_.WithCode(ACall(), CodeOf("client", "wrong")).ok());
  ASSERT_OK(uses_.Write(ACall()));
  EXPECT_EQ(LastUse(client_), "");
}

TEST_F(MethodUsesTest, ItRemembersABoundedNumber) {
  for (size_t i = 0; i < MethodUses::kMost; ++i) {
    uses_.Note(CompanyId("acme"), Key(KeyType::kPassword, absl::StrCat("u", i)), clock_.Now());
  }
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(sign_in_.WithCode(ACall(), CodeOf("client")));
  ASSERT_OK(uses_.Write(ACall()));
  EXPECT_EQ(LastUse(client_), "");
  ASSERT_OK(sign_in_.WithCode(ACall(), CodeOf("client")));
  ASSERT_OK(uses_.Write(ACall()));
  EXPECT_EQ(LastUse(client_), Now());
}

TEST_F(MethodUsesTest, ASessionTellsWhenFromWhereAndWithWhatItIsUsed) {
  MadeUser("ann");
  const SignedIn signed_in = SignedInAs("ann");
  const std::string first = Now();
  clock_.Advance(absl::Hours(1));
  CallContext elsewhere = ACall();
  elsewhere.peer = "203.0.113.9";
  elsewhere.user_agent = "grpc-python/1.51.1";
  ASSERT_OK(renewal_.WithRefreshToken(elsewhere, RefreshOf(signed_in, "ann")));
  const auto information = methods_.Information(Administrator(), signed_in.user);
  ASSERT_OK(information);
  text::Metadata told;
  for (const Method& method : information->methods) {
    if (method.key_type == KeyType::kRefreshToken) told = method.metadata;
  }
  EXPECT_EQ(told["firstUse"], first);
  EXPECT_EQ(told["lastUse"], Now());
  EXPECT_EQ(told["peer"], "203.0.113.9");
  EXPECT_EQ(told["userAgent"], "grpc-python/1.51.1");
}

}  // namespace method_uses_test
}  // namespace usher::auth
