// Foundings and destructions of companies in memory.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"
#include "services/company/company_saga_store.h"
#include "tests/support/fake_answers.h"

namespace usher::company {

// Not thread-safe. Held to company_saga_store_contract.h, like the real one.
class FakeCompanySagaStore final : public CompanySagaStore {
 public:
  // What tests arrange: every method fails with this from the given number of calls on (OK: no
  // longer); the leases, rests included, are over.
  void FailAfter(int calls, absl::Status failure) {
    calls_left_ = calls;
    failure_ = std::move(failure);
  }
  void EndLeases() {
    for (auto& [company, saga] : sagas_) saga.lease_until = absl::InfinitePast();
  }
  // What tests look at.
  bool IsSeen(const CompanyId& company) const {
    const auto found = rows_.find(company);
    return found != rows_.end() && found->second.state == State::kActive;
  }
  size_t CountCompanies() const { return rows_.size(); }
  size_t CountSagas() const { return sagas_.size(); }

  absl::StatusOr<BegunFounding> BeginFounding(const CallContext& call, const Company& company,
                                              const UserId& owner, absl::Duration lease) override {
    RETURN_IF_ERROR(Count());
    const Founded founded{company.id, owner};
    ASSIGN_OR_RETURN(const std::optional<Founded> earlier, answers_.Find(call));
    if (earlier.has_value()) return Earlier(*earlier);
    if (const auto there = rows_.find(company.id); there != rows_.end()) {
      if (there->second.state == State::kActive) return CompanyTaken();
      return there->second.state == State::kFounding ? CompanyInMotion() : NameRests();
    }
    answers_.Bind(call, founded);
    rows_[company.id] = {State::kFounding, owner};
    Insert(call, company.id, SagaKind::kFounding, lease);
    return BegunFounding{BegunFounding::Outcome::kBegun, founded};
  }

  absl::Status CompleteFounding(const CallContext&, const CompanyId& company) override {
    RETURN_IF_ERROR(Count());
    if (FindSaga(company, SagaKind::kFounding) == nullptr) return absl::OkStatus();
    rows_[company].state = State::kActive;
    sagas_.erase(company);
    return absl::OkStatus();
  }

  absl::Status UndoFounding(const CallContext&, const CompanyId& company) override {
    RETURN_IF_ERROR(Count());
    const Begun* const saga = FindSaga(company, SagaKind::kFounding);
    if (saga == nullptr) return absl::OkStatus();
    answers_.Release(saga->saga.call);
    rows_.erase(company);
    sagas_.erase(company);
    return absl::OkStatus();
  }

  absl::StatusOr<BegunDestruction> BeginDestruction(const CallContext& call,
                                                    const CompanyId& company,
                                                    absl::Duration lease) override {
    RETURN_IF_ERROR(Count());
    const auto row = rows_.find(company);
    if (row == rows_.end() || row->second.state == State::kFounding) return BegunDestruction::kNone;
    if (row->second.state == State::kActive) {
      row->second.state = State::kDestroying;
      Insert(call, company, SagaKind::kDestruction, lease);
      return BegunDestruction::kBegun;
    }
    Begun* const saga = FindSaga(company, SagaKind::kDestruction);
    if (saga == nullptr || saga->saga.state > kContested) return BegunDestruction::kNone;
    Move(*saga, kContested, lease);
    return BegunDestruction::kJoined;
  }

  absl::Status ConfirmDestruction(const CallContext& call, const CompanyId& company) override {
    RETURN_IF_ERROR(Count());
    Begun* saga = FindSaga(company, SagaKind::kDestruction);
    if (saga == nullptr) {
      const auto row = rows_.find(company);
      if (row == rows_.end() || row->second.state != State::kActive) return absl::OkStatus();
      row->second.state = State::kDestroying;
      saga = &Insert(call, company, SagaKind::kDestruction, absl::ZeroDuration());
    }
    if (saga->saga.state <= kContested) Move(*saga, kClearing, absl::ZeroDuration());
    return absl::OkStatus();
  }

  absl::Status UndoDestruction(const CallContext&, const CompanyId& company) override {
    RETURN_IF_ERROR(Count());
    const Begun* const saga = FindSaga(company, SagaKind::kDestruction);
    if (saga == nullptr || saga->saga.state != kBegun) return absl::OkStatus();
    rows_[company].state = State::kActive;
    sagas_.erase(company);
    return absl::OkStatus();
  }

  absl::Status GoOnClearing(const CallContext&, const CompanyId& company) override {
    return MoveOn(company, kClearing, absl::ZeroDuration());
  }

  absl::Status StartRest(const CallContext&, const CompanyId& company,
                         absl::Duration rest) override {
    return MoveOn(company, kResting, rest);
  }

  absl::Status CompleteDestruction(const CallContext&, const CompanyId& company) override {
    RETURN_IF_ERROR(Count());
    if (FindSaga(company, SagaKind::kDestruction) == nullptr) return absl::OkStatus();
    rows_.erase(company);
    sagas_.erase(company);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<Saga>> Claim(const CallContext&, absl::Duration lease) override {
    RETURN_IF_ERROR(Count());
    Begun* first = nullptr;
    for (auto& [company, begun] : sagas_) {
      if (begun.lease_until > absl::Now()) continue;
      if (first == nullptr || begun.lease_until < first->lease_until) first = &begun;
    }
    if (first == nullptr) return std::optional<Saga>();
    first->lease_until = absl::Now() + lease;
    if (first->saga.state == kContested) first->saga.state = kBegun;
    return std::optional<Saga>(first->saga);
  }

 private:
  enum class State { kFounding, kActive, kDestroying };
  struct Row {
    State state = State::kFounding;
    UserId owner;
  };
  struct Begun {
    Saga saga;
    absl::Time lease_until;
  };
  absl::Status Count() { return failure_.ok() || --calls_left_ >= 0 ? absl::OkStatus() : failure_; }

  BegunFounding Earlier(const Founded& founded) const {
    const auto row = rows_.find(founded.company);
    const bool unsettled = row != rows_.end() && row->second.state == State::kFounding &&
                           row->second.owner == founded.owner;
    return {unsettled ? BegunFounding::Outcome::kUnsettled : BegunFounding::Outcome::kMadeBefore,
            founded};
  }

  Begun& Insert(const CallContext& call, const CompanyId& company, SagaKind kind,
                absl::Duration lease) {
    Begun begun;
    begun.saga.kind = kind;
    begun.saga.subject = {company, rows_[company].owner};
    begun.saga.call = call;
    begun.lease_until = absl::Now() + lease;
    return sagas_[company] = begun;
  }

  Begun* FindSaga(const CompanyId& company, SagaKind kind) {
    const auto found = sagas_.find(company);
    return found == sagas_.end() || found->second.saga.kind != kind ? nullptr : &found->second;
  }

  static void Move(Begun& begun, int state, absl::Duration wait) {
    begun.saga.state = state;
    begun.lease_until = absl::Now() + wait;
  }

  absl::Status MoveOn(const CompanyId& company, int state, absl::Duration wait) {
    RETURN_IF_ERROR(Count());
    Begun* const saga = FindSaga(company, SagaKind::kDestruction);
    if (saga != nullptr) Move(*saga, state, wait);
    return absl::OkStatus();
  }

  std::map<CompanyId, Row> rows_;
  std::map<CompanyId, Begun> sagas_;
  FakeAnswers<Founded> answers_;
  int calls_left_ = 0;
  absl::Status failure_;
};

}  // namespace usher::company
