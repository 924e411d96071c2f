// Where companies as auth knows them are kept: how they begin and end.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/token/revocations.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Thread-safe. Errors besides those named: sql_error.h.
class KnownCompanyStore {
 public:
  virtual ~KnownCompanyStore() = default;

  // Makes an active company, with its first user and that user's method; OK as well where it was
  // made with this user before. CompanyExists, UserRuledOut.
  virtual absl::Status EnsureCompany(const CallContext& call, const Method& first) = 0;
  // True when the company is there with this user. Otherwise rules the two out together: an
  // EnsureCompany that comes later is refused.
  virtual absl::StatusOr<bool> SettleCompany(const CallContext& call, const CompanyId& company,
                                             const UserId& user) = 0;

  // Switches the company off for good. What it ended: tokens that are issued within `rest` are
  // dead. Nothing when it was destroyed before. CompanyNotFound.
  virtual absl::StatusOr<std::vector<token::Revocation>> DestroyCompany(const CallContext& call,
                                                                        const CompanyId& company,
                                                                        absl::Duration rest) = 0;
  // Also when there is no such company.
  virtual absl::StatusOr<bool> IsDestroyed(const CallContext& call, const CompanyId& company) = 0;
  // Deletes a part of what a destroyed company has, itself at last; true when nothing is left. Of
  // one that was not destroyed: kInternal, and nothing is deleted.
  virtual absl::StatusOr<bool> ClearCompany(const CallContext& call, const CompanyId& company) = 0;

  // Housekeeping: what SettleCompany ruled out before `horizon`.
  virtual absl::Status ForgetGivenUp(const CallContext& call, absl::Time horizon) = 0;
};

}  // namespace usher::auth
