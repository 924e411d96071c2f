// Signing keys that come and go while both servers of each service are called.
#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/synchronization/mutex.h"
#include "common/token/key_file.h"
#include "tests/integration/house/asking.h"
#include "tests/integration/house/double_house.h"
#include "tests/integration/house/key_rotation.h"
#include "tests/support/credentials.h"

namespace usher {
namespace key_rotation_under_load_test {

using key_rotation::KeptFolder;
using key_rotation::KeyIdOf;
using key_rotation::kPatience;
using key_rotation::Within;

namespace fs = std::filesystem;

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
    const auto signed_in = Send<::authentication::AuthenticationService>(
        house_, "auth", &AuthStub::authenticate,
        WithCode(tenant.company, tenant.client_id, tenant.code), {.request = "", .number = number});
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

}  // namespace key_rotation_under_load_test
}  // namespace usher
