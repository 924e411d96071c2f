#include "tests/support/fake_user_store.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/user/user_errors.h"

namespace usher::user {
namespace {

User Shown(User user, bool with_metadata) {
  if (!with_metadata) user.metadata.clear();
  return user;
}

}  // namespace

void FakeUserStore::FailAfter(int calls, absl::Status failure) {
  const absl::MutexLock lock(&mutex_);
  calls_left_ = calls;
  failure_ = std::move(failure);
}

void FakeUserStore::EndLeases() {
  const absl::MutexLock lock(&mutex_);
  for (auto& [key, begun] : sagas_) begun.lease_until = absl::InfinitePast();
}

size_t FakeUserStore::CountUsers() const {
  const absl::MutexLock lock(&mutex_);
  return users_.size();
}

size_t FakeUserStore::CountSagas() const {
  return CountSagasThat([](SagaKind kind) { return kind != SagaKind::kForgetting; });
}

size_t FakeUserStore::CountForgettings() const {
  return CountSagasThat([](SagaKind kind) { return kind == SagaKind::kForgetting; });
}

absl::StatusOr<std::vector<User>> FakeUserStore::List(const CallContext&, const CompanyId& company,
                                                      bool with_metadata) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  std::vector<User> listed;
  for (const auto& [key, row] : users_) {
    if (key.company != company || row.state != State::kActive) continue;
    listed.push_back(Shown(row.user, with_metadata));
  }
  return listed;
}

absl::StatusOr<std::vector<User>> FakeUserStore::FindSome(const CallContext& call,
                                                          const CompanyId& company,
                                                          const std::vector<UserId>& ids,
                                                          bool with_metadata) {
  ASSIGN_OR_RETURN(std::vector<User> found, List(call, company, with_metadata));
  found.erase(std::remove_if(found.begin(), found.end(),
                             [&](const User& user) {
                               return std::find(ids.begin(), ids.end(), user.id) == ids.end();
                             }),
              found.end());
  return found;
}

absl::StatusOr<std::vector<UserId>> FakeUserStore::ListIds(const CallContext& call,
                                                           const CompanyId& company) {
  ASSIGN_OR_RETURN(const std::vector<User> users, List(call, company, false));
  std::vector<UserId> ids;
  for (const User& user : users) ids.push_back(user.id);
  return ids;
}

absl::StatusOr<std::optional<User>> FakeUserStore::Find(const CallContext&, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  const Row* const row = FindActive(key);
  if (row == nullptr) return std::optional<User>();
  return std::optional<User>(row->user);
}

absl::Status FakeUserStore::RequireEmailFree(const CallContext&, const UserKey& key,
                                             const std::string& email) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  return CheckEmail(key, email);
}

absl::StatusOr<bool> FakeUserStore::Update(const CallContext&, const UserKey& key,
                                           const DecideUpdate& decide) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  Row* const row = FindActive(key);
  if (row == nullptr) return false;
  ASSIGN_OR_RETURN(UserWrite write, decide(row->user));
  if (write.user.email != row->user.email) RETURN_IF_ERROR(CheckEmail(key, write.user.email));
  row->user = std::move(write.user);
  return true;
}

absl::StatusOr<bool> FakeUserStore::ReplaceProfile(const CallContext&, const UserKey& key,
                                                   const Profile& profile) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  Row* const row = FindActive(key);
  if (row == nullptr) return false;
  row->user.profile = profile;
  return true;
}

absl::StatusOr<BegunCreation> FakeUserStore::BeginCreation(const CallContext& call,
                                                           const UserKey& key, const User& user,
                                                           absl::Duration lease) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  ASSIGN_OR_RETURN(const std::optional<BegunCreation> earlier, EarlierCreation(call));
  if (earlier.has_value()) return *earlier;
  RETURN_IF_ERROR(CheckEmail(key, user.email));
  const bool is_present = users_.count(key) > 0 || FindSaga(key, SagaKind::kForgetting) != nullptr;
  if (is_present) return BegunCreation{BegunCreation::Outcome::kAlreadyPresent, {}};
  Row row{user};
  row.user.id = key.user;
  users_.emplace(key, std::move(row));
  InsertSaga(call, key, SagaKind::kCreation, lease);
  answers_.Bind(call, key.user);
  return BegunCreation{BegunCreation::Outcome::kBegun, key.user};
}

absl::Status FakeUserStore::CompleteCreation(const CallContext&, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  if (FindSaga(key, SagaKind::kCreation) == nullptr) return absl::OkStatus();
  sagas_.erase(key);
  users_.at(key).state = State::kActive;
  return absl::OkStatus();
}

absl::Status FakeUserStore::UndoCreation(const CallContext&, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  const Begun* const begun = FindSaga(key, SagaKind::kCreation);
  if (begun == nullptr) return absl::OkStatus();
  answers_.Release(begun->saga.call);
  sagas_.erase(key);
  users_.erase(key);
  return absl::OkStatus();
}

absl::StatusOr<BegunRemoval> FakeUserStore::BeginRemoval(const CallContext& call,
                                                         const UserKey& key, absl::Duration lease) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  const auto found = users_.find(key);
  if (found == users_.end()) return BegunRemoval::kNoProfile;
  switch (found->second.state) {
    case State::kCreating:
      return BegunRemoval::kStillMaking;
    case State::kActive:
      found->second.state = State::kRemoving;
      InsertSaga(call, key, SagaKind::kRemoval, lease);
      return BegunRemoval::kBegun;
    case State::kRemoving:
      break;
  }
  sagas_.at(key).contested = true;
  sagas_.at(key).lease_until = absl::Now() + lease;
  return BegunRemoval::kJoined;
}

absl::Status FakeUserStore::CompleteRemoval(const CallContext& call, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  users_.erase(key);
  InsertSaga(call, key, SagaKind::kForgetting, absl::ZeroDuration());
  return absl::OkStatus();
}

absl::Status FakeUserStore::CompleteForgetting(const CallContext&, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  if (FindSaga(key, SagaKind::kForgetting) != nullptr) sagas_.erase(key);
  return absl::OkStatus();
}

absl::Status FakeUserStore::UndoRemoval(const CallContext&, const UserKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  const Begun* const begun = FindSaga(key, SagaKind::kRemoval);
  if (begun == nullptr || begun->contested) return absl::OkStatus();
  sagas_.erase(key);
  users_.at(key).state = State::kActive;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Saga>> FakeUserStore::Claim(const CallContext&, absl::Duration lease) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(Count());
  const absl::Time now = absl::Now();
  Begun* first = nullptr;
  for (auto& [key, begun] : sagas_) {
    if (begun.lease_until > now) continue;
    if (first == nullptr || begun.lease_until < first->lease_until) first = &begun;
  }
  if (first == nullptr) return std::optional<Saga>();
  first->lease_until = now + lease;
  first->contested = false;
  return std::optional<Saga>(first->saga);
}

size_t FakeUserStore::CountSagasThat(bool (*count)(SagaKind)) const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<size_t>(std::count_if(sagas_.begin(), sagas_.end(), [&](const auto& entry) {
    return count(entry.second.saga.kind);
  }));
}

absl::Status FakeUserStore::Count() {
  if (failure_.ok() || calls_left_-- > 0) return absl::OkStatus();
  return failure_;
}

FakeUserStore::Row* FakeUserStore::FindActive(const UserKey& key) {
  const auto found = users_.find(key);
  if (found == users_.end() || found->second.state != State::kActive) return nullptr;
  return &found->second;
}

FakeUserStore::Begun* FakeUserStore::FindSaga(const UserKey& key, SagaKind kind) {
  const auto found = sagas_.find(key);
  if (found == sagas_.end() || found->second.saga.kind != kind) return nullptr;
  return &found->second;
}

absl::Status FakeUserStore::CheckEmail(const UserKey& key, const std::string& email) {
  if (email.empty()) return absl::OkStatus();
  for (const auto& [other, row] : users_) {
    if (other.company != key.company || other.user == key.user || row.user.email.empty()) continue;
    if (text::Fold(row.user.email) != text::Fold(email)) continue;
    return row.state == State::kActive ? EmailTaken() : EmailInMotion();
  }
  return absl::OkStatus();
}

void FakeUserStore::InsertSaga(const CallContext& call, const UserKey& key, SagaKind kind,
                               absl::Duration lease) {
  Begun begun;
  begun.saga.key = key;
  begun.saga.kind = kind;
  begun.saga.call.company = key.company;
  begun.saga.call.user = call.user;
  begun.saga.call.rpc = call.rpc;
  begun.saga.call.request_id = call.request_id;
  begun.saga.call.idempotency.key = call.idempotency.key;
  begun.lease_until = absl::Now() + lease;
  sagas_[key] = std::move(begun);
}

absl::StatusOr<std::optional<BegunCreation>> FakeUserStore::EarlierCreation(
    const CallContext& call) {
  ASSIGN_OR_RETURN(const std::optional<UserId> user, answers_.Find(call));
  if (!user.has_value()) return std::optional<BegunCreation>();
  const auto found = users_.find({call.company, *user});
  const bool unsettled = found != users_.end() && found->second.state == State::kCreating;
  return std::optional<BegunCreation>(BegunCreation{
      unsettled ? BegunCreation::Outcome::kUnsettled : BegunCreation::Outcome::kMadeBefore, *user});
}

}  // namespace usher::user
