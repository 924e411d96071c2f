// A port: what mail needs to know of people and companies, which other services keep.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"

namespace usher::auth {

struct Recipient {
  std::string email;     // empty: there is none
  std::string name;      // for a greeting; may be empty
  std::string language;  // a BCP 47 tag; may be empty
};

// Thread-safe; waits, and is asked off the path of every rpc.
class Recipients {
 public:
  virtual ~Recipients() = default;

  // Nothing for somebody without a profile. Undecided failures as of Peer::Call.
  virtual absl::StatusOr<std::optional<Recipient>> FindRecipient(const CallContext& call,
                                                                 const CompanyId& company,
                                                                 const UserId& user) = 0;
  // What the company is called in front of people: the title of its branding, or its name. Nothing
  // for a company that is gone.
  virtual absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext& call,
                                                               const CompanyId& company) = 0;
};

}  // namespace usher::auth
