// Signing keys and peppers that come and go while all servers run, as docs/operations.md ("Signing
// keys", "Pepper") says it.
#include "tests/integration/house/key_rotation.h"

#include <usher/audit/v1/audit.grpc.pb.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/child_process.h"
#include "tests/support/credentials.h"
#include "tests/support/database_outage.h"

namespace usher {
namespace key_rotation_test {

using key_rotation::KeptFolder;
using key_rotation::KeyIdOf;
using key_rotation::kPatience;
using key_rotation::Within;

namespace fs = std::filesystem;

class KeyRotationTest : public AuthOverTheWire {
 protected:
  void TearDown() override {
    kept_.reset();
    EXPECT_TRUE(Within(kPatience, [this] {
      const std::string token = SignIn(account_).access_token;
      return token.substr(1, 8) == first_key_ && AllAnswer(token, ::common::OK);
    }));
  }

  // usher-auth with these flags, beside the server: what it prints.
  std::string Command(std::vector<std::string> flags) const {
    std::vector<std::string> command = house_.Command("auth");
    for (std::string& flag : flags) command.push_back(std::move(flag));
    return RunProgram(command);
  }
  // Adds a key whose time has come; its ID.
  std::string AddKey() const {
    const std::string told = Command({"--add_key", "--key_ahead=0s"});
    const size_t found = told.find("made ");
    EXPECT_NE(found, std::string::npos) << told;
    return told.substr(found + 5, 16);
  }
  // With which key auth signs now.
  std::string Signs(const Account& account) { return KeyIdOf(SignIn(account).access_token); }
  std::vector<std::string> AuditOf(const std::string& subject) {
    ::usher::audit::v1::ListRequest request;
    request.mutable_accessinfo()->set_accesstoken(
        house_.SignIn(house_.operator_company()).access_token);
    request.add_kinds(::usher::audit::v1::KEY);
    request.set_subject(subject);
    grpc::ClientContext context;
    ::usher::audit::v1::ListReply reply;
    const auto stub = ::usher::audit::v1::AuditService::NewStub(house_.channel("auth"));
    EXPECT_TRUE(stub->list(&context, request, &reply).ok());
    std::vector<std::string> details;
    for (const auto& entry : reply.entries()) details.insert(details.begin(), entry.detail());
    return details;
  }

  std::optional<KeptFolder> kept_{house_};
  const Account account_ = NewAccount();
  const std::string first_key_ = SignIn(account_).access_token.substr(1, 8);
};

TEST_F(KeyRotationTest, AKeyIsReplacedWithoutARestartAndSignsNobodyOut) {
  const SignedIn away = SignIn(account_);
  const std::string old_key = KeyIdOf(away.access_token);
  // 1. Another key. In this test its time has come at once.
  const std::string new_key = AddKey();
  ASSERT_TRUE(Within(kPatience, [&] { return Signs(account_) == new_key; }));
  const SignedIn there = SignIn(account_);
  EXPECT_TRUE(AllAnswer(there.access_token, ::common::OK)) << "all know the key before it signs";
  EXPECT_TRUE(AllAnswer(away.access_token, ::common::OK)) << "the old one is still published";

  // 2. The old one is retired: nobody accepts it any more.
  const std::string told = Command({"--retire_key=" + old_key, "--compromised"});
  EXPECT_THAT(told, ::testing::HasSubstr("retired " + old_key));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(away.access_token, ::common::AUTHENTICATION_ERROR); }));
  EXPECT_TRUE(AllAnswer(there.access_token, ::common::OK));
  const Reply back = Refresh(account_, away);
  ASSERT_THAT(back, Answers(::common::OK)) << "who was away goes on";
  EXPECT_TRUE(AllAnswer(back.accesstoken(), ::common::OK));
  std::string altered = away.access_token;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  EXPECT_THAT(Refresh(account_, altered, back.refreshtoken()),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));

  // 3. It is deleted: what it signed names nobody's session any more.
  fs::rename(kept_->folder() + "/1.retired", kept_->folder() + "/1.kept");
  ASSERT_TRUE(Within(kPatience, [&] { return AuditOf(old_key).back() == "deleted"; }));
  EXPECT_THAT(Refresh(account_, away.access_token, back.refreshtoken()),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(account_, back.accesstoken(), back.refreshtoken()), Answers(::common::OK));
  fs::rename(kept_->folder() + "/1.kept", kept_->folder() + "/1.key");

  // All of it can be read.
  EXPECT_THAT(AuditOf(new_key), ::testing::ElementsAre("added", "in use"));
  EXPECT_TRUE(absl::StrContains(house_.Log("auth"), "the signing keys were read again"));
}

// Emergency: both steps at once, and whoever has a refresh token goes on.
TEST_F(KeyRotationTest, TokensOfALeakedKeyAreRefusedByAllWithinFiveSeconds) {
  const SignedIn before = SignIn(account_);
  token::AccessToken forged = Claims(before.access_token);
  forged.permissions = forged.permissions.Or(kPlatformPermissions);
  const std::string forged_token = house_.Sign(forged);
  ASSERT_TRUE(AllAnswer(forged_token, ::common::OK));
  const std::string new_key = AddKey();
  Command({"--retire_key=" + KeyIdOf(before.access_token), "--compromised"});
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return AllAnswer(before.access_token, ::common::AUTHENTICATION_ERROR) &&
           AllAnswer(forged_token, ::common::AUTHENTICATION_ERROR);
  }));
  const Reply after = Refresh(account_, before);
  ASSERT_THAT(after, Answers(::common::OK));
  EXPECT_EQ(KeyIdOf(after.accesstoken()), new_key);
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllAnswer(after.accesstoken(), ::common::OK); }));
}

TEST_F(KeyRotationTest, AKeyIsWithdrawnWhileAuthsDatabaseIsAway) {
  const SignedIn before = SignIn(account_);
  const std::string new_key = AddKey();
  {
    const DatabaseOutage outage(house_, "auth");
    Command({"--retire_key=" + KeyIdOf(before.access_token), "--compromised"});
    EXPECT_TRUE(WithinFiveSeconds(
        [&] { return AllAnswer(before.access_token, ::common::AUTHENTICATION_ERROR); }));
  }
  EXPECT_TRUE(Within(kPatience, [&] {
    Reply reply;
    return Try(&AuthStub::authenticate, PasswordOf(account_), &reply).ok();
  }));
  EXPECT_TRUE(Within(kPatience, [&] { return Signs(account_) == new_key; }));
}

TEST_F(KeyRotationTest, ABrokenKeyFileIsNamedInOneLineOfTheLogAndChangesNothing) {
  const std::string token = SignIn(account_).access_token;
  const std::string path = kept_->folder() + "/2.key";
  std::ofstream(path) << "usher-signing-key-v1\nid: 0001";
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  const std::string line = path + " is not a signing key";
  ASSERT_TRUE(Within(kPatience, [&] { return absl::StrContains(house_.Log("auth"), line); }));
  EXPECT_TRUE(AllAnswer(token, ::common::OK));
  fs::remove(path);
  EXPECT_TRUE(Within(kPatience, [&] {
    return absl::StrContains(house_.Log("auth"), "all files of keys are in order again");
  }));
  const std::string log = house_.Log("auth");
  EXPECT_EQ(log.find(line), log.rfind(line)) << "once";
}

TEST_F(KeyRotationTest, APepperKeyIsAddedWithoutARestartAndSecretsAreHashedAnewAtTheNextSignIn) {
  const auto sealed_by = [this] {
    return house_.database("auth").Ask(
        absl::StrCat("SELECT get_byte(secret, 0) FROM methods WHERE key_type = 'password' AND "
                     "user_id = '",
                     account_.user, "'"));
  };
  ASSERT_EQ(sealed_by(), "1");
  const SignedIn before = SignIn(account_);
  EXPECT_THAT(Command({"--add_pepper", "--key_ahead=0s"}), ::testing::HasSubstr("added pepper 2"));
  // It seals some ten seconds later; until then and from then on the password is right.
  ASSERT_TRUE(Within(kPatience, [&] {
    SignIn(account_);
    return sealed_by() == "2";
  }));
  EXPECT_THAT(Authenticate(PasswordOf(account_)), Answers(::common::OK));
  Request wrong = PasswordOf(account_);
  wrong.mutable_usernamepasswordcredentials()->set_password("not the password");
  EXPECT_THAT(Authenticate(wrong), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(account_, before), Answers(::common::OK)) << "nobody is signed out";
  // Who has not signed in since still can, after a restart as well.
  house_.Restart("auth");
  const Tenant& globex = house_.globex();
  EXPECT_THAT(Authenticate(WithCode("globex", globex.client_id, globex.code)),
              Answers(::common::OK));
  EXPECT_TRUE(Within(kPatience, [&] {
    return AuditOf("2") == std::vector<std::string>{"added", "in use"};
  }));
}

}  // namespace key_rotation_test
}  // namespace usher
