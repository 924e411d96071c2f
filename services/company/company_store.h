// Where companies are kept.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/company/company.h"

namespace usher::company {

// Thread-safe. Sees active companies only, but for IsTaken. Errors besides those named:
// sql_error.h.
class CompanyStore {
 public:
  virtual ~CompanyStore() = default;

  // Those of `ids` that exist, ordered by ID.
  virtual absl::StatusOr<std::vector<Company>> FindSome(const CallContext& call,
                                                        const std::vector<CompanyId>& ids) = 0;
  // Up to `limit` companies from `first` on (inclusive; empty: from the beginning), ordered by ID.
  virtual absl::StatusOr<std::vector<Company>> List(const CallContext& call, const CompanyId& first,
                                                    uint32_t limit) = 0;
  // True for an ID that belongs to a company in whatever state.
  virtual absl::StatusOr<bool> IsTaken(const CallContext& call, const CompanyId& id) = 0;
  // Nothing when there is no such company. MAX_SIZE_EXCEEDED when the metadata would grow too
  // large.
  virtual absl::StatusOr<std::optional<Company>> Update(const CallContext& call,
                                                        const CompanyId& id,
                                                        const CompanyChange& change) = 0;
  // Makes an active company unless there is one with that ID; true when it was made.
  virtual absl::StatusOr<bool> InsertActive(const CallContext& call, const Company& company) = 0;
};

}  // namespace usher::company
