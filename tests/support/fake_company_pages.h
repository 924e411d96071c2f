// A company service that says what join links begin with.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/status/reply_error.h"
#include "services/room/company_pages.h"

namespace usher::room {

// Not thread-safe. Held to company_pages_contract.h, like the real one.
class FakeCompanyPages final : public CompanyPages {
 public:
  absl::StatusOr<std::string> JoinLinkBase(const CallContext& call,
                                           const CompanyId& company) override {
    asked.push_back(call);
    if (!failure.ok()) return failure;
    const auto found = bases.find(company);
    return found == bases.end() ? std::string() : found->second;
  }

  absl::Status failure;                    // what every call answers, unless OK
  std::map<CompanyId, std::string> bases;  // as they are answered
  std::vector<CallContext> asked;          // so far
};

}  // namespace usher::room
