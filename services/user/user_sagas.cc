#include "services/user/user_sagas.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/saga/failpoint.h"
#include "common/saga/saga.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/user/user_errors.h"

namespace usher::user {

using saga::BeyondTheClient;
using saga::DidNothing;
using saga::Failpoint;

namespace {

void Log(absl::string_view what, const CallContext& call, const UserKey& key) {
  log::Info(what, {{"user", key.user.value()},
                   {"company", key.company.value()},
                   {"request_id", call.request_id}});
}

void LogLeft(absl::string_view what, const CallContext& call, const UserKey& key,
             const absl::Status& why) {
  log::Warning(what, {{"user", key.user.value()},
                      {"company", key.company.value()},
                      {"request_id", call.request_id},
                      {"error", why.message()}});
}

}  // namespace

absl::StatusOr<UserId> UserSagas::Create(const CallContext& call, const User& draft,
                                         const std::optional<OpaqueCredentials>& credentials) {
  const UserKey key{call.company, UserId(NewUuid())};
  ASSIGN_OR_RETURN(const BegunCreation begun, store_.BeginCreation(call, key, draft, lease_));
  switch (begun.outcome) {
    case BegunCreation::Outcome::kBegun:
      break;
    case BegunCreation::Outcome::kMadeBefore:
      return begun.user;
    case BegunCreation::Outcome::kUnsettled:
      return CreationUnsettled();
    case BegunCreation::Outcome::kAlreadyPresent:
      return absl::InternalError("a new user ID was taken");
  }
  RETURN_IF_ERROR(Failpoint("creation.begun", call));
  const absl::Status ensured = auth_.Ensure(call, key.user, credentials);
  RETURN_IF_ERROR(Failpoint("creation.ensured", call));
  RETURN_IF_ERROR(ConcludeCreation(call, key, ensured));
  RETURN_IF_ERROR(Failpoint("creation.completed", call));
  return key.user;
}

absl::Status UserSagas::MakeProfile(const CallContext& call, const User& user,
                                    const std::optional<OpaqueCredentials>& credentials) {
  const UserKey key{call.company, user.id};
  ASSIGN_OR_RETURN(const BegunCreation begun, store_.BeginCreation(call, key, user, lease_));
  if (begun.outcome != BegunCreation::Outcome::kBegun) return UserInMotion();
  RETURN_IF_ERROR(Failpoint("profile.begun", call));
  if (credentials.has_value()) {
    const absl::Status changed = auth_.UpdateMethods(call, key.user, *credentials);
    RETURN_IF_ERROR(Failpoint("profile.changed", call));
    if (!changed.ok()) {
      // Left to the sweeper, which finds the user there, it would be made after all.
      const bool undone = UndoOrLeave(BeyondTheClient(call), key, SagaKind::kCreation);
      if (!DidNothing(changed)) return UpdateInDoubt();
      return undone ? changed : CreationInDoubt();
    }
  }
  const CallContext beyond = BeyondTheClient(call);
  // The user may have been removed since the caller looked.
  const absl::StatusOr<bool> exists = auth_.Settle(beyond, key);
  RETURN_IF_ERROR(Failpoint("profile.settled", call));
  if (!exists.ok()) {
    if (!credentials.has_value() && DidNothing(exists.status()) &&
        UndoOrLeave(beyond, key, SagaKind::kCreation)) {
      return exists.status();
    }
    LogLeft("a new profile is left to the sweeper", call, key, exists.status());
    return CreationInDoubt();
  }
  if (*exists) return Complete(beyond, key);
  UndoOrLeave(beyond, key, SagaKind::kCreation);
  return UserNotFound();
}

absl::Status UserSagas::ConcludeCreation(const CallContext& call, const UserKey& key,
                                         const absl::Status& made) {
  const CallContext beyond = BeyondTheClient(call);
  if (made.ok()) return Complete(beyond, key);
  if (DidNothing(made)) {
    UndoOrLeave(beyond, key, SagaKind::kCreation);
    return ReplyCodeOf(made) == ::common::USER_INVALID ? CreationGivenUp() : made;
  }
  const absl::StatusOr<bool> exists = auth_.Settle(beyond, key);
  if (!exists.ok()) {
    LogLeft("a creation is left to the sweeper", call, key, exists.status());
    return CreationInDoubt();
  }
  if (*exists) return Complete(beyond, key);
  UndoOrLeave(beyond, key, SagaKind::kCreation);
  // Looked up and settled: there is no doubt any more.
  return CreationGivenUp();
}

absl::Status UserSagas::Complete(const CallContext& call, const UserKey& key) {
  const absl::Status completed = store_.CompleteCreation(call, key);
  if (completed.ok()) return completed;
  LogLeft("a completion is left to the sweeper", call, key, completed);
  return CreationInDoubt();
}

absl::Status UserSagas::Remove(const CallContext& call, const UserId& user) {
  const UserKey key{call.company, user};
  ASSIGN_OR_RETURN(const BegunRemoval begun, store_.BeginRemoval(call, key, lease_));
  if (begun == BegunRemoval::kStillMaking) return UserNotFound();
  RETURN_IF_ERROR(Failpoint("removal.begun", call));
  if (begun == BegunRemoval::kNoProfile) {
    // Auth's removal may be repeated, so that it would not tell who is gone already.
    ASSIGN_OR_RETURN(const bool gone, auth_.WasRemoved(call, key));
    if (gone) return UserNotFound();
  }
  const absl::Status removed = auth_.Remove(call, user);
  RETURN_IF_ERROR(Failpoint("removal.removed", call));
  if (!removed.ok()) return ConcludeRemoval(BeyondTheClient(call), key, begun, removed);
  // Also where there was no profile: somebody may have made one since.
  const absl::Status deleted = store_.CompleteRemoval(BeyondTheClient(call), key);
  if (!deleted.ok()) LogLeft("a removal is left to the sweeper", call, key, deleted);
  RETURN_IF_ERROR(Failpoint("removal.completed", call));
  // Auth has removed the user, and nobody sees the profile: it has happened.
  return absl::OkStatus();
}

absl::Status UserSagas::ConcludeRemoval(const CallContext& call, const UserKey& key,
                                        BegunRemoval begun, const absl::Status& failure) {
  if (saga::SaysNotFound(failure) && begun != BegunRemoval::kNoProfile) {
    const absl::Status deleted = store_.CompleteRemoval(call, key);
    if (deleted.ok()) return deleted;
    LogLeft("a removal is left to the sweeper", call, key, deleted);
    return RemovalInDoubt();
  }
  if (DidNothing(failure)) {
    if (begun == BegunRemoval::kBegun) UndoOrLeave(call, key, SagaKind::kRemoval);
    // Nobody knows how the removal ends that this call has joined.
    const bool joined = begun == BegunRemoval::kJoined && !saga::IsRefusal(failure);
    return joined ? RemovalInDoubt() : failure;
  }
  const absl::StatusOr<bool> gone = auth_.WasRemoved(call, key);
  if (gone.ok() && *gone && store_.CompleteRemoval(call, key).ok()) return absl::OkStatus();
  // "Not removed" is not the last word: the request may still be on its way.
  LogLeft("a removal is left to the sweeper", call, key, failure);
  return RemovalInDoubt();
}

bool UserSagas::UndoOrLeave(const CallContext& call, const UserKey& key, SagaKind kind) {
  const absl::Status undone =
      kind == SagaKind::kCreation ? store_.UndoCreation(call, key) : store_.UndoRemoval(call, key);
  if (!undone.ok()) LogLeft("an undoing is left to the sweeper", call, key, undone);
  return undone.ok();
}

absl::StatusOr<bool> UserSagas::SettleOne(const CallContext& sweep) {
  ASSIGN_OR_RETURN(std::optional<Saga> saga, store_.Claim(sweep, lease_));
  if (!saga.has_value()) return false;
  saga->call.deadline = sweep.deadline;
  saga->call.cancelled = sweep.cancelled;
  RETURN_IF_ERROR(Settle(*saga));
  return true;
}

absl::Status UserSagas::Settle(const Saga& saga) {
  switch (saga.kind) {
    case SagaKind::kCreation:
      return SettleCreation(saga.call, saga.key);
    case SagaKind::kRemoval:
      return SettleRemoval(saga.call, saga.key);
    case SagaKind::kForgetting:
      return SettleForgetting(saga.call, saga.key);
  }
  return absl::InternalError("a saga of an unknown kind");
}

absl::Status UserSagas::SettleCreation(const CallContext& call, const UserKey& key) {
  ASSIGN_OR_RETURN(const bool exists, auth_.Settle(call, key));
  RETURN_IF_ERROR(Failpoint("creation.settled", call));
  RETURN_IF_ERROR(exists ? store_.CompleteCreation(call, key) : store_.UndoCreation(call, key));
  Log(exists ? "a creation that was left behind is completed"
             : "a creation that was left behind is undone",
      call, key);
  return absl::OkStatus();
}

absl::Status UserSagas::SettleRemoval(const CallContext& call, const UserKey& key) {
  ASSIGN_OR_RETURN(const bool removed, auth_.WasRemoved(call, key));
  RETURN_IF_ERROR(Failpoint("removal.looked_up", call));
  RETURN_IF_ERROR(removed ? store_.CompleteRemoval(call, key) : store_.UndoRemoval(call, key));
  Log(removed ? "a removal that was left behind is completed"
              : "a removal that was left behind is undone",
      call, key);
  return absl::OkStatus();
}

absl::Status UserSagas::SettleForgetting(const CallContext& call, const UserKey& key) {
  RETURN_IF_ERROR(traces_.Forget(call, key));
  RETURN_IF_ERROR(Failpoint("forgetting.told", call));
  return store_.CompleteForgetting(call, key);
}

}  // namespace usher::user
