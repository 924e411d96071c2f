// Users, and the creations and removals that are under way, in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/user/saga_store.h"
#include "services/user/user_store.h"
#include "tests/support/fake_answers.h"

namespace usher::user {

// Thread-safe. Held to user_store_contract.h, user_email_contract.h and saga_store_contract.h, like
// the real one; but lists never end early.
class FakeUserStore final : public UserStore, public SagaStore {
 public:
  // What tests arrange behind the store's back.
  //
  // Every method fails with this from the given number of calls on; OK: no longer.
  void FailAfter(int calls, absl::Status failure);
  // The leases of all sagas are over.
  void EndLeases();

  // What tests look at: how much there is, in whatever state. Sagas are creations and removals;
  // who is to be forgotten is counted apart.
  size_t CountUsers() const;
  size_t CountSagas() const;
  size_t CountForgettings() const;

  absl::StatusOr<std::vector<User>> List(const CallContext& call, const CompanyId& company,
                                         bool with_metadata) override;
  absl::StatusOr<std::vector<User>> FindSome(const CallContext& call, const CompanyId& company,
                                             const std::vector<UserId>& ids,
                                             bool with_metadata) override;
  absl::StatusOr<std::vector<UserId>> ListIds(const CallContext& call,
                                              const CompanyId& company) override;
  absl::StatusOr<std::optional<User>> Find(const CallContext& call, const UserKey& key) override;
  absl::Status RequireEmailFree(const CallContext& call, const UserKey& key,
                                const std::string& email) override;
  absl::StatusOr<bool> Update(const CallContext& call, const UserKey& key,
                              const DecideUpdate& decide) override;
  absl::StatusOr<bool> ReplaceProfile(const CallContext& call, const UserKey& key,
                                      const Profile& profile) override;

  absl::StatusOr<BegunCreation> BeginCreation(const CallContext& call, const UserKey& key,
                                              const User& user, absl::Duration lease) override;
  absl::Status CompleteCreation(const CallContext& call, const UserKey& key) override;
  absl::Status UndoCreation(const CallContext& call, const UserKey& key) override;
  absl::StatusOr<BegunRemoval> BeginRemoval(const CallContext& call, const UserKey& key,
                                            absl::Duration lease) override;
  absl::Status CompleteRemoval(const CallContext& call, const UserKey& key) override;
  absl::Status CompleteForgetting(const CallContext& call, const UserKey& key) override;
  absl::Status UndoRemoval(const CallContext& call, const UserKey& key) override;
  absl::StatusOr<std::optional<Saga>> Claim(const CallContext& call, absl::Duration lease) override;

 private:
  enum class State { kCreating, kActive, kRemoving };

  struct Row {
    User user;
    State state = State::kCreating;
  };
  struct Begun {
    Saga saga;
    absl::Time lease_until;
    bool contested = false;
  };

  size_t CountSagasThat(bool (*count)(SagaKind)) const;
  absl::Status Count() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Row* FindActive(const UserKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Null when there is no saga of this kind.
  Begun* FindSaga(const UserKey& key, SagaKind kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckEmail(const UserKey& key, const std::string& email)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void InsertSaga(const CallContext& call, const UserKey& key, SagaKind kind, absl::Duration lease)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What became of the user that the call's idempotency key is bound to; nothing when it is new.
  absl::StatusOr<std::optional<BegunCreation>> EarlierCreation(const CallContext& call)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  // By user ID within a company: the order of creation.
  std::map<UserKey, Row> users_ ABSL_GUARDED_BY(mutex_);
  std::map<UserKey, Begun> sagas_ ABSL_GUARDED_BY(mutex_);
  FakeAnswers<UserId> answers_ ABSL_GUARDED_BY(mutex_);
  int calls_left_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::user
