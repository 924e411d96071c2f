// Companies as auth knows them: how they begin, and how they end.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "services/auth/method/known_company_store.h"
#include "services/auth/method/methods.h"

namespace usher::auth {

// Thread-safe. Ensure hashes.
class KnownCompanies {
 public:
  KnownCompanies(KnownCompanyStore& store, Methods& methods, token::Revocations& revocations)
      : store_(store), methods_(methods), revocations_(revocations) {}

  // Makes sure that the company exists, with `user` as its first administrator: who holds
  // everything but the COMPANY_* permissions, whatever the wish says. Takes COMPANY_CREATE; may be
  // repeated. REQUEST_EMPTY without credentials, ACTION_INVALID for kinds that nobody can sign in
  // with by themselves, and when the company has another first administrator; USER_INVALID when
  // Settle has ruled it out; errors of Methods::Create.
  absl::Status Ensure(const Caller& caller, const CompanyId& company, const UserId& user,
                      const MethodWish& wish);

  // True: the company is there with this user. False: it never was and never will be.
  absl::StatusOr<bool> Settle(const CallContext& call, const CompanyId& company,
                              const UserId& user);

  // Nobody signs in any more, and tokens that are issued within `rest` are dead. For platform
  // administrators; OK also when it was destroyed before; CompanyNotFound.
  absl::Status Destroy(const Caller& caller, const CompanyId& company, absl::Duration rest);

  // True also for one that is not known.
  absl::StatusOr<bool> FindDestroyed(const CallContext& call, const CompanyId& company);

  // Deletes a part of what a destroyed company has; true when nothing is left.
  absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company);

 private:
  KnownCompanyStore& store_;
  Methods& methods_;
  token::Revocations& revocations_;
};

}  // namespace usher::auth
