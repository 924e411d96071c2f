// Signing keys and peppers that come and go while all servers run, as docs/operations.md ("Signing
// keys", "Pepper") says it.
#include <usher/audit/v1/audit.grpc.pb.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "common/token/key_file.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/integration/house/asking.h"
#include "tests/integration/house/double_house.h"
#include "tests/support/child_process.h"
#include "tests/support/database_outage.h"

namespace usher {
namespace key_rotation_test {

namespace fs = std::filesystem;

constexpr absl::Duration kPatience = absl::Seconds(60);

std::string KeyIdOf(const std::string& token) {
  return absl::BytesToHexString(absl::string_view(token).substr(1, token::kKeyIdSize));
}

template <class Condition>
bool Within(absl::Duration patience, Condition condition) {
  const absl::Time until = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

// The key that the house has made is its only one, before and after.
class KeptFolder {
 public:
  explicit KeptFolder(const House& house) : folder_(house.KeyFolder()) {}
  ~KeptFolder() {
    for (const char* now : {"/1.retired", "/1.kept"}) {
      if (fs::exists(folder_ + now)) fs::rename(folder_ + now, folder_ + "/1.key");
    }
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().filename() != "1.key") fs::remove(entry.path());
    }
  }
  const std::string& folder() const { return folder_; }

 private:
  const std::string folder_;
};

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
  EXPECT_THAT(Authenticate(CodeOf("globex", globex.client_id, globex.code)), Answers(::common::OK));
  EXPECT_TRUE(Within(kPatience, [&] {
    return AuditOf("2") == std::vector<std::string>{"added", "in use"};
  }));
}

// Callers at both servers of each service while keys come and go every few seconds.
class RotationUnderLoad : public ::testing::Test {
 protected:
  RotationUnderLoad() { houses_.Populate(2); }

  // What one caller does until it is told to stop. Nobody keeps a token for longer than it takes to
  // show it to all, so that a key may go once nobody has a token of it.
  void CallUntilStopped(int caller) {
    for (int turn = 0; !stopping_.load(); ++turn) {
      // Between its making and its being seen here the token is of no known key.
      Hold(caller, "unknown");
      const std::string token = SignedInAt(1 + (caller + turn) % 2);
      if (token.empty()) continue;
      Hold(caller, KeyIdOf(token));
      for (const int number : {1, 2}) ShowToAll(token, number);
      Hold(caller, "");
    }
  }
  // The token; empty where that was refused.
  std::string SignedInAt(int number) {
    const Tenant& tenant = house_.acme();
    ::authentication::AuthenticationRequest request;
    auto& credentials = *request.mutable_authorizationcodecredentials();
    credentials.set_companyid(tenant.company);
    credentials.set_clientid(tenant.client_id);
    credentials.set_code(tenant.code);
    const auto signed_in = Send<::authentication::AuthenticationService>(
        house_, "auth", &AuthStub::authenticate, request, {.request = "", .number = number});
    Judge(signed_in, "authenticate");
    return signed_in.reply.accesstoken();
  }
  void ShowToAll(const std::string& token, int number) {
    const Manner manner{.request = "", .number = number};
    Judge(Send<::authentication::AuthenticationService>(house_, "auth", &AuthStub::isAuthenticated,
                                                        Access(token), manner),
          "isAuthenticated");
    Judge(Call<::user::UserService>(house_, "user", &UserStub::userList, token,
                                    ::user::UserListRequest(), manner),
          "userList");
    Judge(
        Call<::companyService::CompanyService>(house_, "company", &CompanyStub::companyList, token,
                                               ::companyService::CompanyListRequest(), manner),
        "companyList");
    Judge(Call<::roomService::roomService>(house_, "room", &RoomStub::List, token,
                                           ::roomService::RoomListRequest(), manner),
          "room.List");
    Judge(Call<::businessLogicService::BusinessLogicService>(
              house_, "business-logic", &BusinessLogicStub::permissionGroupsList, token,
              ::businessLogicService::CompanyPermissionGroupsListRequest(), manner),
          "permissionGroupsList");
  }
  template <class Reply>
  void Judge(const Answer<Reply>& answer, const char* rpc) {
    calls_.fetch_add(1);
    if (answer.told() == Told::kDone) return;
    const absl::MutexLock lock(&mutex_);
    refused_.push_back(absl::StrCat(rpc, ": ", answer.Text()));
  }
  void Hold(int caller, const std::string& key) {
    const absl::MutexLock lock(&mutex_);
    held_[caller] = key;
    if (key.size() == 16) seen_[key] = absl::Now();
  }
  bool HasSigned(const std::string& key) {
    const absl::MutexLock lock(&mutex_);
    return seen_.count(key) > 0;
  }
  // Whether another key signs, and nobody has a token of this one any more, or may get one.
  bool IsDone(const std::string& key, const std::string& successor) {
    const absl::MutexLock lock(&mutex_);
    if (seen_.count(successor) == 0 || absl::Now() < seen_[key] + absl::Seconds(3)) return false;
    for (const auto& [caller, held] : held_) {
      if (held == key || held == "unknown") return false;
    }
    return true;
  }

  DoubleHouse& houses_ = DoubleHouse::Get();
  House& house_ = houses_.house();
  std::atomic<bool> stopping_{false};
  std::atomic<int> calls_{0};
  absl::Mutex mutex_;
  std::vector<std::string> refused_;
  std::map<int, std::string> held_;
  std::map<std::string, absl::Time> seen_;  // keys of tokens, and when the last one was made
};

TEST_F(RotationUnderLoad, NoTokenIsRefusedWhileKeysAreReplacedEveryFewSeconds) {
  std::optional<KeptFolder> kept(house_);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([this, caller] { CallUntilStopped(caller); });
  }
  // Paths of keys in the order in which they sign.
  std::vector<std::pair<std::string, std::string>> keys;
  const std::string first = kept->folder() + "/1.key";
  keys.emplace_back(absl::BytesToHexString(absl::string_view(
                        reinterpret_cast<const char*>(token::LoadSigningKey(first)->key_id.data()),
                        token::kKeyIdSize)),
                    first);
  constexpr size_t kRotations = 4;
  size_t retired = 0;
  absl::Time next = absl::Now();
  const bool all_rotated = Within(absl::Seconds(120), [&] {
    if (keys.size() <= kRotations && absl::Now() >= next) {
      const token::SigningKey key = token::MakeSigningKey(absl::Now());
      const std::string id = absl::BytesToHexString(
          absl::string_view(reinterpret_cast<const char*>(key.key_id.data()), key.key_id.size()));
      const std::string path = absl::StrCat(kept->folder(), "/rotated", keys.size(), ".key");
      EXPECT_TRUE(token::WriteSigningKey(key, path).ok());
      keys.emplace_back(id, path);
      next = absl::Now() + absl::Seconds(3);
    }
    if (retired + 1 < keys.size() && IsDone(keys[retired].first, keys[retired + 1].first)) {
      const fs::path path = keys[retired].second;
      fs::rename(path, fs::path(path).replace_extension(".retired"));
      ++retired;
    }
    return retired == kRotations;
  });
  stopping_.store(true);
  for (std::thread& caller : callers) caller.join();
  EXPECT_TRUE(all_rotated) << retired << " of " << kRotations;
  EXPECT_THAT(refused_, ::testing::IsEmpty()) << "of " << calls_ << " calls";
  for (const auto& [id, path] : keys) EXPECT_TRUE(HasSigned(id)) << path;
  RecordProperty("calls", calls_);

  // The house goes on with its old key, once all have heard of it again.
  kept.reset();
  EXPECT_TRUE(Within(kPatience, [&] {
    refused_.clear();
    for (const int made_at : {1, 2}) {
      const std::string token = SignedInAt(made_at);
      if (token.empty() || KeyIdOf(token) != keys.front().first) return false;
      for (const int number : {1, 2}) ShowToAll(token, number);
    }
    return refused_.empty();
  }));
}

}  // namespace key_rotation_test
}  // namespace usher
