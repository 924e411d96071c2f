// Where companies are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/company/company.h"

namespace usher::company {

// Which companies are wanted, and what of them.
struct CompanyPage {
  std::optional<std::vector<CompanyId>> only;  // nothing: any
  CompanyId first;                             // inclusive; empty: from the beginning
  uint32_t limit = 100;
  bool ids_only = false;       // all else may be left empty
  bool with_metadata = false;  // else they are empty
  // Of any other company than this one the ID and the display name are wanted; empty: of none.
  CompanyId in_full;
  size_t most_bytes = rpc::kLargestContent;  // of a reply, for all of them together
};

// What becomes of a company that is locked; a failure leaves it as it was. May be called several
// times, as a transaction may be run again.
using DecideUpdate = std::function<absl::StatusOr<Company>(const Company&)>;

// Thread-safe. Sees active companies only, but for IsTaken. Errors besides those named:
// sql_error.h.
class CompanyStore {
 public:
  virtual ~CompanyStore() = default;

  // Ordered by ID. ReplyTooLarge, without having read them, for companies that surely take more
  // than page.most_bytes; what just does not fit is for the one who writes them to find out.
  virtual absl::StatusOr<std::vector<Company>> List(const CallContext& call,
                                                    const CompanyPage& page) = 0;
  // True for an ID that belongs to a company in whatever state.
  virtual absl::StatusOr<bool> IsTaken(const CallContext& call, const CompanyId& id) = 0;
  // Locks the company and writes what `decide` answers: display name, branding, metadata and books.
  // False when there is no such company. Fails as `decide` does.
  virtual absl::StatusOr<bool> Update(const CallContext& call, const CompanyId& id,
                                      const DecideUpdate& decide) = 0;
  // Makes an active company unless there is one with that ID; true when it was made.
  virtual absl::StatusOr<bool> InsertActive(const CallContext& call, const Company& company) = 0;
  // Says who owns a company of which nobody has said so yet. False when there is no such company,
  // or it has an owner.
  virtual absl::StatusOr<bool> NameOwner(const CallContext& call, const CompanyId& id,
                                         const UserId& owner) = 0;
};

}  // namespace usher::company
