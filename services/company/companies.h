// What can be done with companies: who may, which rules hold, what is kept.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/company/company_sagas.h"
#include "services/company/company_store.h"

namespace usher::company {

struct ListWish {
  std::vector<CompanyId> ids;  // empty: all that the caller may list
  CompanyId first;             // inclusive; empty: from the beginning
  uint32_t limit = 100;
  bool ids_only = false;
  bool with_metadata = false;
};

// Thread-safe.
class Companies {
 public:
  Companies(CompanyStore& store, CompanySagas& sagas, std::set<std::string> reserved)
      : store_(store), sagas_(sagas), reserved_(std::move(reserved)) {}

  // Ordered by ID. Of companies that are not the caller's, anybody but the platform sees the
  // display name alone; guests do not see whose their own is, and what its books say. What does not
  // exist is left out.
  // ReplyTooLarge.
  absl::StatusOr<std::vector<Company>> List(const Caller& caller, const ListWish& wish);

  // NOT_FOUND for companies that the caller may not know about, INSUFFICIENT_PERMISSIONS unless
  // owner, company administrator, holder of MANAGE_COMPANY or platform administrator, and for books
  // that would change by any but the latter, REQUEST_EMPTY when nothing is to change.
  absl::Status Update(const Caller& caller, const CompanyId& id, const CompanyChange& change);

  // Founds the company of that display name; `draft` has no ID yet. INSUFFICIENT_PERMISSIONS
  // without COMPANY_CREATE, CompanyIdNotAllowed, and what CompanySagas::Found answers.
  absl::StatusOr<Founded> Create(const Caller& caller, Company draft,
                                 const FirstAdministrator& administrator);

  // For platform administrators. OperatorStays, and what CompanySagas::Destroy answers.
  absl::Status Destroy(const Caller& caller, const CompanyId& id);

  // The ID that a display name gets, and whether it is free and allowed.
  absl::StatusOr<Availability> Available(const CallContext& call, const std::string& display_name);

 private:
  bool IsAllowed(const CompanyId& id) const;

  CompanyStore& store_;
  CompanySagas& sagas_;
  const std::set<std::string> reserved_;
};

}  // namespace usher::company
