// Auth, as far as the user service asks it, in memory.
#pragma once

#include <authentication/authenticationService.pb.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/status/reply_error.h"
#include "services/user/auth_directory.h"
#include "tests/support/trouble.h"

namespace usher::user {

// A user name and no password: enough for a fake.
inline OpaqueCredentials CredentialsOf(const std::string& username) {
  ::authentication::AuthenticationRequest request;
  request.mutable_usernamepasswordcredentials()->set_username(username);
  return {Secret(request.SerializeAsString())};
}

enum class Deed { kEnsure, kSettle, kRemove, kWasRemoved, kGet, kUpdateMethods };

// Thread-safe. Knows no permissions: what auth refuses for want of them is arranged.
class FakeAuthDirectory final : public AuthDirectory {
 public:
  // What tests arrange.
  //
  // A user whom auth knows, with or without a profile.
  void Add(const UserKey& key, KnownUser known = {}) {
    const absl::MutexLock lock(&mutex_);
    users_[key] = {.known = known};
  }
  Trouble<Deed>& trouble() { return trouble_; }

  // What tests look at.
  //
  // Whether the user exists, and has not been removed.
  bool Knows(const UserKey& key) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = users_.find(key);
    return found != users_.end() && !found->second.gone;
  }
  // The user names that the user may sign in with.
  std::vector<std::string> UsernamesOf(const UserKey& key) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = users_.find(key);
    return found == users_.end() ? std::vector<std::string>() : found->second.usernames;
  }
  // With which call it was asked last.
  CallContext LastCall() const {
    const absl::MutexLock lock(&mutex_);
    return last_call_;
  }

  absl::Status Ensure(const CallContext& call, const UserId& user,
                      const std::optional<OpaqueCredentials>& credentials) override {
    return Do<absl::Status>(Deed::kEnsure, call, [&](Users& users) -> absl::Status {
      const auto [at, made] = users.emplace(UserKey{call.company, user}, Entry());
      if (at->second.gone) {
        return ReplyError(::common::USER_INVALID, "this user has been ruled out");
      }
      if (credentials.has_value()) at->second.usernames = {UsernameOf(*credentials)};
      return absl::OkStatus();
    });
  }

  absl::StatusOr<bool> Settle(const CallContext& call, const UserKey& key) override {
    return Do<absl::StatusOr<bool>>(Deed::kSettle, call, [&](Users& users) -> absl::StatusOr<bool> {
      const auto [at, made] = users.emplace(key, Entry());
      if (made) at->second.gone = true;
      return !at->second.gone;
    });
  }

  absl::Status Remove(const CallContext& call, const UserId& user) override {
    return Do<absl::Status>(Deed::kRemove, call, [&](Users& users) -> absl::Status {
      const auto found = users.find({call.company, user});
      if (found == users.end()) return UserNotFound();
      found->second = {.gone = true};
      return absl::OkStatus();
    });
  }

  absl::StatusOr<bool> WasRemoved(const CallContext& call, const UserKey& key) override {
    return Do<absl::StatusOr<bool>>(Deed::kWasRemoved, call,
                                    [&](Users& users) -> absl::StatusOr<bool> {
                                      const auto found = users.find(key);
                                      return found != users.end() && found->second.gone;
                                    });
  }

  absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) override {
    return Do<absl::StatusOr<KnownUser>>(Deed::kGet, call,
                                         [&](Users& users) -> absl::StatusOr<KnownUser> {
                                           const auto found = users.find({call.company, user});
                                           if (found == users.end() || found->second.gone)
                                             return UserNotFound();
                                           return found->second.known;
                                         });
  }

  absl::Status UpdateMethods(const CallContext& call, const UserId& user,
                             const OpaqueCredentials& credentials) override {
    return Do<absl::Status>(Deed::kUpdateMethods, call, [&](Users& users) -> absl::Status {
      const auto found = users.find({call.company, user});
      if (found == users.end() || found->second.gone) return UserNotFound();
      found->second.usernames.push_back(UsernameOf(credentials));
      return absl::OkStatus();
    });
  }

 private:
  struct Entry {
    bool gone = false;  // removed, or ruled out
    KnownUser known;
    std::vector<std::string> usernames;
  };
  using Users = std::map<UserKey, Entry>;

  static std::string UsernameOf(const OpaqueCredentials& credentials) {
    ::authentication::AuthenticationRequest request;
    request.ParseFromString(std::string(credentials.bytes.Reveal()));
    return request.usernamepasswordcredentials().username();
  }

  template <class Answer, class Body>
  Answer Do(Deed deed, const CallContext& call, Body body) {
    {
      const absl::MutexLock lock(&mutex_);
      last_call_ = call;
    }
    return trouble_.Do<Answer>(deed, [&]() -> Answer {
      const absl::MutexLock lock(&mutex_);
      return body(users_);
    });
  }

  Trouble<Deed> trouble_;
  mutable absl::Mutex mutex_;
  Users users_ ABSL_GUARDED_BY(mutex_);
  CallContext last_call_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::user
