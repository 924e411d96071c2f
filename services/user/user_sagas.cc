#include "services/user/user_sagas.h"

#include <algorithm>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/user/user_errors.h"

namespace usher::user {
namespace {

// For what must still be tried when the time of the call is up, or the client has gone away.
constexpr absl::Duration kExtraTime = absl::Seconds(2);
constexpr absl::Duration kSettlingTime = absl::Seconds(5);

CallContext BeyondTheClient(const CallContext& call) {
  CallContext beyond = call;
  beyond.cancelled = nullptr;
  beyond.deadline = std::max(call.deadline, absl::Now() + kExtraTime);
  return beyond;
}

// False where auth may have done it all the same: it did not answer, or fell ill over it.
bool IsRefusal(const absl::Status& status) {
  const std::optional<ReplyCode> code = ReplyCodeOf(status);
  return code.has_value() && *code != ::common::REMOTE_ERROR && *code != ::common::INTERNAL_ERROR;
}

bool SaysNotFound(const absl::Status& status) { return ReplyCodeOf(status) == ::common::NOT_FOUND; }

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
                                         const Credentials* credentials) {
  const UserKey key{call.company, UserId(NewUuid())};
  ASSIGN_OR_RETURN(const BegunCreation begun, store_.BeginCreation(call, key, draft, kSagaLease));
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
  RETURN_IF_ERROR(ConcludeCreation(call, key, auth_.Ensure(call, key.user, credentials)));
  return key.user;
}

absl::Status UserSagas::MakeProfile(const CallContext& call, const User& user,
                                    const Credentials* credentials) {
  const UserKey key{call.company, user.id};
  ASSIGN_OR_RETURN(const BegunCreation begun, store_.BeginCreation(call, key, user, kSagaLease));
  if (begun.outcome != BegunCreation::Outcome::kBegun) return UserInMotion();
  const CallContext beyond = BeyondTheClient(call);
  if (credentials != nullptr) {
    if (absl::Status refused = auth_.UpdateMethods(call, key.user, *credentials); !refused.ok()) {
      UndoOrLeave(beyond, key, SagaKind::kCreation);
      return refused;
    }
  }
  // The user may have been removed since the caller looked.
  const absl::StatusOr<bool> exists = auth_.Settle(beyond, key);
  if (!exists.ok()) {
    LogLeft("a new profile is left to the sweeper", call, key, exists.status());
    return exists.status();
  }
  if (*exists) return store_.CompleteCreation(beyond, key);
  UndoOrLeave(beyond, key, SagaKind::kCreation);
  return UserNotFound();
}

absl::Status UserSagas::ConcludeCreation(const CallContext& call, const UserKey& key,
                                         const absl::Status& made) {
  const CallContext beyond = BeyondTheClient(call);
  if (made.ok()) return store_.CompleteCreation(beyond, key);
  if (IsRefusal(made)) {
    UndoOrLeave(beyond, key, SagaKind::kCreation);
    return ReplyCodeOf(made) == ::common::USER_INVALID ? CreationGivenUp() : made;
  }
  const absl::StatusOr<bool> exists = auth_.Settle(beyond, key);
  if (!exists.ok()) {
    LogLeft("a creation is left to the sweeper", call, key, exists.status());
    return made;
  }
  if (*exists) return store_.CompleteCreation(beyond, key);
  UndoOrLeave(beyond, key, SagaKind::kCreation);
  return made;
}

absl::Status UserSagas::Remove(const CallContext& call, const UserId& user) {
  const UserKey key{call.company, user};
  ASSIGN_OR_RETURN(const BegunRemoval begun, store_.BeginRemoval(call, key, kSagaLease));
  if (begun == BegunRemoval::kStillMaking) return UserNotFound();
  if (begun == BegunRemoval::kNoProfile) {
    // Auth's removal may be repeated, so that it would not tell who is gone already.
    ASSIGN_OR_RETURN(const bool gone, auth_.WasRemoved(call, key));
    if (gone) return UserNotFound();
  }
  const absl::Status removed = auth_.Remove(call, user);
  const CallContext beyond = BeyondTheClient(call);
  if (removed.ok() || (SaysNotFound(removed) && begun != BegunRemoval::kNoProfile)) {
    // Also where there was no profile: somebody may have made one since.
    const absl::Status deleted = store_.CompleteRemoval(beyond, key);
    if (!deleted.ok()) LogLeft("a removal is left to the sweeper", call, key, deleted);
    // Auth has removed the user, and nobody sees the profile: it has happened.
    return removed.ok() ? absl::OkStatus() : deleted;
  }
  if (begun == BegunRemoval::kBegun) {
    if (IsRefusal(removed)) {
      UndoOrLeave(beyond, key, SagaKind::kRemoval);
    } else {
      LogLeft("a removal is left to the sweeper", call, key, removed);
    }
  }
  return removed;
}

void UserSagas::UndoOrLeave(const CallContext& call, const UserKey& key, SagaKind kind) {
  const absl::Status undone =
      kind == SagaKind::kCreation ? store_.UndoCreation(call, key) : store_.UndoRemoval(call, key);
  if (!undone.ok()) LogLeft("an undoing is left to the sweeper", call, key, undone);
}

absl::StatusOr<bool> UserSagas::SettleOne() {
  CallContext call;
  call.rpc = "user.sweep";
  call.request_id = "saga-sweeper";
  call.deadline = absl::Now() + kSettlingTime;
  ASSIGN_OR_RETURN(std::optional<Saga> saga, store_.Claim(call, kSagaLease));
  if (!saga.has_value()) return false;
  saga->call.deadline = call.deadline;
  if (saga->kind == SagaKind::kCreation) {
    RETURN_IF_ERROR(SettleCreation(saga->call, saga->key));
  } else {
    RETURN_IF_ERROR(SettleRemoval(saga->call, saga->key));
  }
  return true;
}

absl::Status UserSagas::SettleCreation(const CallContext& call, const UserKey& key) {
  ASSIGN_OR_RETURN(const bool exists, auth_.Settle(call, key));
  RETURN_IF_ERROR(exists ? store_.CompleteCreation(call, key) : store_.UndoCreation(call, key));
  Log(exists ? "a creation that was left behind is completed"
             : "a creation that was left behind is undone",
      call, key);
  return absl::OkStatus();
}

absl::Status UserSagas::SettleRemoval(const CallContext& call, const UserKey& key) {
  ASSIGN_OR_RETURN(const bool removed, auth_.WasRemoved(call, key));
  RETURN_IF_ERROR(removed ? store_.CompleteRemoval(call, key) : store_.UndoRemoval(call, key));
  Log(removed ? "a removal that was left behind is completed"
              : "a removal that was left behind is undone",
      call, key);
  return absl::OkStatus();
}

}  // namespace usher::user
