// What the company service asks of the services that a company lives in.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "services/company/first_administrator.h"

namespace usher::company {

// All are thread-safe and block, and everything may be repeated. Errors besides those named: of a
// call to another service (rpc/peer.h).

// Companies as auth knows them: whoever it does not know cannot sign in.
class AuthTenants {
 public:
  virtual ~AuthTenants() = default;

  // Makes company and administrator known, on behalf of whoever makes the call. ACTION_INVALID when
  // auth knows the company already; USER_INVALID when Settle has ruled the founding out; what auth
  // says against the credentials.
  virtual absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                              const FirstAdministrator& administrator) = 0;
  // True: the company is there, with this administrator. False: it is not, and an Ensure that comes
  // later is refused.
  virtual absl::StatusOr<bool> Settle(const CallContext& call, const CompanyId& company,
                                      const UserId& user) = 0;
  // From the answer on nobody signs in, and no token of the company that is issued within `rest` is
  // good. On behalf of whoever makes the call. NOT_FOUND.
  virtual absl::Status Destroy(const CallContext& call, const CompanyId& company,
                               absl::Duration rest) = 0;
  // Also true when auth does not know the company.
  virtual absl::StatusOr<bool> WasDestroyed(const CallContext& call, const CompanyId& company) = 0;
};

// Profiles; the user service's.
class FirstUsers {
 public:
  virtual ~FirstUsers() = default;

  // Makes the profile of the first administrator. Refuses what is wrong with it.
  virtual absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                              const std::string& profile) = 0;
};

// What a service keeps of a company.
class TenantData {
 public:
  virtual ~TenantData() = default;

  // Deletes a part of it. True when nothing is left; else it is to be called again.
  virtual absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company) = 0;
};

}  // namespace usher::company
