// Reading the audit: who may read what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/auth/audit/audit_store.h"

namespace usher::auth {

struct AuditWish {
  std::optional<CompanyId> company;  // nothing: the caller's; empty: one that no company is called
  bool all_companies = false;
  AuditFilter filter;  // without `company`
};

struct AuditPage {
  std::vector<AuditEntry> entries;  // the newest first
  std::optional<AuditPlace> next;   // nothing: these were the last
};

// Thread-safe.
class AuditTrail {
 public:
  explicit AuditTrail(AuditStore& store) : store_(store) {}

  // INSUFFICIENT_PERMISSIONS for whoever is no company administrator; NOT_FOUND for the company of
  // others, and INSUFFICIENT_PERMISSIONS for all of them, unless for a platform administrator.
  // PROTOCOL_ERROR for a company and all of them.
  absl::StatusOr<AuditPage> List(const Caller& caller, const AuditWish& wish);

 private:
  AuditStore& store_;
};

}  // namespace usher::auth
