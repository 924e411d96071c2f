// The audit in memory: what was written, and what a test says is there.
#pragma once

#include <algorithm>
#include <vector>

#include "services/auth/audit/audit_store.h"

namespace usher::auth {

// For one thread at a time. Filters by company, place and limit alone: the others are the
// database's to apply (tests/integration/auth/pg_audit_store_test.cc).
class FakeAuditStore final : public AuditStore {
 public:
  absl::StatusOr<std::vector<AuditEntry>> List(const CallContext& /*call*/,
                                               const AuditFilter& filter) override {
    if (!failure.ok()) return failure;
    asked.push_back(filter);
    std::vector<AuditEntry> found;
    for (const AuditEntry& entry : entries) {
      const bool there = filter.company.empty() || entry.company == filter.company;
      const bool behind = !filter.behind.has_value() || entry.place.at < filter.behind->at;
      if (there && behind && found.size() < filter.limit) found.push_back(entry);
    }
    return found;
  }
  absl::Status Insert(const CallContext& /*call*/, const std::vector<RefusalRow>& given) override {
    if (!failure.ok()) return failure;
    ++inserts;
    rows.insert(rows.end(), given.begin(), given.end());
    return absl::OkStatus();
  }

  absl::Status failure;
  std::vector<AuditEntry> entries;  // the newest first
  std::vector<AuditFilter> asked;
  std::vector<RefusalRow> rows;
  int inserts = 0;
};

}  // namespace usher::auth
