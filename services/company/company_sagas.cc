#include "services/company/company_sagas.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/saga/failpoint.h"
#include "common/saga/saga.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"

namespace usher::company {

using saga::BeyondTheClient;
using saga::DidNothing;
using saga::Failpoint;

namespace {

// So that a claim that clears for long still has the time to say how far it came.
constexpr absl::Duration kKeptBack = absl::Seconds(2);

void Log(absl::string_view what, const CallContext& call, const CompanyId& company) {
  log::Info(what, {{"company", company.value()}, {"request_id", call.request_id}});
}

void LogLeft(absl::string_view what, const CallContext& call, const CompanyId& company,
             const absl::Status& why) {
  log::Warning(
      what,
      {{"company", company.value()}, {"request_id", call.request_id}, {"error", why.message()}});
}

// False when the time was up before all was done.
absl::StatusOr<bool> ClearAll(const CallContext& call, TenantData& data, const CompanyId& company) {
  while (true) {
    ASSIGN_OR_RETURN(const bool done, data.Clear(call, company));
    if (done) return true;
    if (absl::Now() + kKeptBack >= call.deadline) return false;
  }
}

}  // namespace

absl::StatusOr<Founded> CompanySagas::Found(const CallContext& call, const Company& company,
                                            const FirstAdministrator& administrator) {
  const Founded founded{company.id, UserId(NewUuid())};
  ASSIGN_OR_RETURN(const BegunFounding begun,
                   store_.BeginFounding(call, company, founded.owner, options_.lease));
  switch (begun.outcome) {
    case BegunFounding::Outcome::kBegun:
      break;
    case BegunFounding::Outcome::kMadeBefore:
      return begun.founded;
    case BegunFounding::Outcome::kUnsettled:
      return FoundingUnsettled();
  }
  RETURN_IF_ERROR(Failpoint("founding.begun", call));
  const absl::Status profile =
      users_.Ensure(call, company.id, founded.owner, administrator.profile);
  if (!profile.ok()) {
    // Auth was not asked, and will not be: whenever it is settled, there is no company.
    if (!DidNothing(profile)) {
      LogLeft("a founding is left to the sweeper", call, company.id, profile);
      return FoundingGivenUp();
    }
    const absl::Status undone = store_.UndoFounding(BeyondTheClient(call), company.id);
    if (!undone.ok()) LogLeft("an undoing is left to the sweeper", call, company.id, undone);
    return profile;
  }
  RETURN_IF_ERROR(Failpoint("founding.profile", call));
  const absl::Status ensured = auth_.Ensure(call, company.id, founded.owner, administrator);
  RETURN_IF_ERROR(Failpoint("founding.ensured", call));
  RETURN_IF_ERROR(ConcludeFounding(call, founded, ensured));
  RETURN_IF_ERROR(Failpoint("founding.completed", call));
  return founded;
}

absl::Status CompanySagas::ConcludeFounding(const CallContext& call, const Founded& founded,
                                            const absl::Status& ensured) {
  const CallContext beyond = BeyondTheClient(call);
  if (ensured.ok()) return CompleteFounding(beyond, founded);
  if (!DidNothing(ensured)) {
    const absl::StatusOr<bool> exists = auth_.Settle(beyond, founded.company, founded.owner);
    if (!exists.ok()) {
      LogLeft("a founding is left to the sweeper", call, founded.company, exists.status());
      return FoundingInDoubt();
    }
    if (*exists) return CompleteFounding(beyond, founded);
  }
  const absl::Status undone = UndoFounding(beyond, founded);
  if (!undone.ok()) LogLeft("an undoing is left to the sweeper", call, founded.company, undone);
  // Looked up and settled: there is no doubt any more.
  const bool ruled_out = ReplyCodeOf(ensured) == ::common::USER_INVALID;
  return DidNothing(ensured) && !ruled_out ? ensured : FoundingGivenUp();
}

absl::Status CompanySagas::CompleteFounding(const CallContext& call, const Founded& founded) {
  const absl::Status completed = store_.CompleteFounding(call, founded.company);
  if (completed.ok()) return completed;
  LogLeft("a completion is left to the sweeper", call, founded.company, completed);
  return FoundingInDoubt();
}

// The name is free only when the profile is gone: who founds a company of the same name next does
// not find it there.
absl::Status CompanySagas::UndoFounding(const CallContext& call, const Founded& founded) {
  ASSIGN_OR_RETURN(const bool cleared, ClearAll(call, profiles_, founded.company));
  if (!cleared) return OutOfTime("clearing up behind a founding");
  RETURN_IF_ERROR(Failpoint("founding.cleared", call));
  return store_.UndoFounding(call, founded.company);
}

absl::Status CompanySagas::Destroy(const CallContext& call, const CompanyId& company) {
  ASSIGN_OR_RETURN(const BegunDestruction begun,
                   store_.BeginDestruction(call, company, options_.lease));
  if (begun == BegunDestruction::kNone) return CompanyNotFound();
  RETURN_IF_ERROR(Failpoint("destruction.begun", call));
  const absl::Status destroyed = auth_.Destroy(call, company, options_.rest);
  RETURN_IF_ERROR(Failpoint("destruction.destroyed", call));
  // One that auth does not know is one that nobody can sign in to.
  if (!destroyed.ok() && !saga::SaysNotFound(destroyed)) {
    return ConcludeDestruction(BeyondTheClient(call), company, begun, destroyed);
  }
  const absl::Status confirmed = store_.ConfirmDestruction(BeyondTheClient(call), company);
  if (!confirmed.ok()) LogLeft("a destruction is left to the sweeper", call, company, confirmed);
  RETURN_IF_ERROR(Failpoint("destruction.confirmed", call));
  // Auth has destroyed the company, and nobody sees it: it has happened.
  return absl::OkStatus();
}

absl::Status CompanySagas::ConcludeDestruction(const CallContext& call, const CompanyId& company,
                                               BegunDestruction begun,
                                               const absl::Status& failure) {
  if (DidNothing(failure)) {
    if (begun == BegunDestruction::kBegun) {
      const absl::Status undone = store_.UndoDestruction(call, company);
      if (!undone.ok()) LogLeft("an undoing is left to the sweeper", call, company, undone);
    }
    // Nobody knows how the destruction ends that this call has joined.
    const bool joined = begun == BegunDestruction::kJoined && !saga::IsRefusal(failure);
    return joined ? DestructionInDoubt() : failure;
  }
  const absl::StatusOr<bool> gone = auth_.WasDestroyed(call, company);
  if (gone.ok() && *gone && store_.ConfirmDestruction(call, company).ok()) return absl::OkStatus();
  // "Not destroyed" is not the last word: the request may still be on its way.
  LogLeft("a destruction is left to the sweeper", call, company, failure);
  return DestructionInDoubt();
}

absl::StatusOr<bool> CompanySagas::SettleOne(const CallContext& sweep) {
  ASSIGN_OR_RETURN(std::optional<Saga> saga, store_.Claim(sweep, options_.lease));
  if (!saga.has_value()) return false;
  saga->call.deadline = sweep.deadline;
  saga->call.cancelled = sweep.cancelled;
  RETURN_IF_ERROR(saga->kind == SagaKind::kFounding ? SettleFounding(saga->call, saga->subject)
                                                    : SettleDestruction(*saga));
  return true;
}

absl::Status CompanySagas::SettleFounding(const CallContext& call, const Founded& founded) {
  ASSIGN_OR_RETURN(const bool exists, auth_.Settle(call, founded.company, founded.owner));
  RETURN_IF_ERROR(Failpoint("founding.settled", call));
  RETURN_IF_ERROR(exists ? store_.CompleteFounding(call, founded.company)
                         : UndoFounding(call, founded));
  Log(exists ? "a founding that was left behind is completed"
             : "a founding that was left behind is undone",
      call, founded.company);
  return absl::OkStatus();
}

absl::Status CompanySagas::SettleDestruction(const Saga& saga) {
  const CallContext& call = saga.call;
  const CompanyId& company = saga.subject.company;
  if (saga.state == kBegun || saga.state == kContested) {
    ASSIGN_OR_RETURN(const bool destroyed, auth_.WasDestroyed(call, company));
    RETURN_IF_ERROR(Failpoint("destruction.looked_up", call));
    RETURN_IF_ERROR(destroyed ? store_.ConfirmDestruction(call, company)
                              : store_.UndoDestruction(call, company));
    Log(destroyed ? "a destruction that was left behind goes on"
                  : "a destruction that was left behind is undone",
        call, company);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool cleared, ClearEverywhere(call, company));
  RETURN_IF_ERROR(
      Failpoint(saga.state == kResting ? "destruction.rested" : "destruction.cleared", call));
  if (!cleared) return store_.GoOnClearing(call, company);
  if (saga.state == kClearing) {
    Log("a destroyed company is cleared up; its ID rests", call, company);
    return store_.StartRest(call, company, options_.rest);
  }
  // Once more: a server may have acted on old news of the company while its ID rested.
  RETURN_IF_ERROR(store_.CompleteDestruction(call, company));
  Log("the ID of a destroyed company is free", call, company);
  return absl::OkStatus();
}

absl::StatusOr<bool> CompanySagas::ClearEverywhere(const CallContext& call,
                                                   const CompanyId& company) {
  for (TenantData* const data : everywhere_) {
    ASSIGN_OR_RETURN(const bool cleared, ClearAll(call, *data, company));
    if (!cleared) return false;
    RETURN_IF_ERROR(Failpoint("destruction.cleared_in_part", call));
  }
  return true;
}

}  // namespace usher::company
