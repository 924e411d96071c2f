// Founding and destroying companies, in which all services have a part: all or nothing, whatever
// crashes when (docs/sagas.md).
//
// A founding writes a company that nobody sees, asks the user service for the profile of the first
// administrator, asks auth to know both (the point of no return), and shows the company. A
// destruction hides the company, asks auth to destroy it (the point of no return), and answers; the
// clearing up goes on in the background. What is left in between is settled by asking auth which
// way it went.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/company/company_saga_store.h"
#include "services/company/tenants.h"

namespace usher::company {

struct CompanySagaOptions {
  // How long a saga belongs to the call that began it (saga::LeaseFor).
  absl::Duration lease;
  // How long the ID of a destroyed company is not free: no server acts on older news of it.
  absl::Duration rest = absl::Minutes(10);
};

// Thread-safe. Blocks. Knows no permissions: auth checks the token of whoever makes the call, and
// so does class Companies.
class CompanySagas {
 public:
  // `profiles`: what the user service keeps; `everywhere`: what all services keep, `profiles` among
  // it.
  CompanySagas(CompanySagaStore& store, AuthTenants& auth, FirstUsers& users, TenantData& profiles,
               std::vector<TenantData*> everywhere, CompanySagaOptions options)
      : store_(store),
        auth_(auth),
        users_(users),
        profiles_(profiles),
        everywhere_(std::move(everywhere)),
        options_(options) {}

  // Answers the company and its owner; those of the first call where the idempotency key was used
  // before. CompanyTaken, CompanyInMotion, NameRests, FoundingUnsettled, FoundingGivenUp,
  // FoundingInDoubt, what user and auth refuse.
  absl::StatusOr<Founded> Found(const CallContext& call, const Company& company,
                                const FirstAdministrator& administrator);

  // CompanyNotFound, DestructionInDoubt, what auth refuses.
  absl::Status Destroy(const CallContext& call, const CompanyId& company);

  // Settles, or takes a step further, one saga that was left behind, within the time of `sweep`;
  // false when there was none. A failure leaves it for another time.
  absl::StatusOr<bool> SettleOne(const CallContext& sweep);

 private:
  absl::Status ConcludeFounding(const CallContext& call, const Founded& founded,
                                const absl::Status& ensured);
  absl::Status CompleteFounding(const CallContext& call, const Founded& founded);
  absl::Status UndoFounding(const CallContext& call, const Founded& founded);
  absl::Status ConcludeDestruction(const CallContext& call, const CompanyId& company,
                                   BegunDestruction begun, const absl::Status& failure);
  absl::Status SettleFounding(const CallContext& call, const Founded& founded);
  absl::Status SettleDestruction(const Saga& saga);
  absl::StatusOr<bool> ClearEverywhere(const CallContext& call, const CompanyId& company);

  CompanySagaStore& store_;
  AuthTenants& auth_;
  FirstUsers& users_;
  TenantData& profiles_;
  const std::vector<TenantData*> everywhere_;
  const CompanySagaOptions options_;
};

}  // namespace usher::company
