// Whoever brings a good token to a call that anybody may make.
#pragma once

#include <common/accessInfo.pb.h>

#include <optional>
#include <utility>

#include "common/access/caller.h"
#include "common/base/call_context.h"
#include "common/token/token_verifier.h"

namespace usher::auth {

// Thread-safe. May cost a signature: not for the polling thread.
class OptionalCallers {
 public:
  OptionalCallers(token::TokenVerifier& verifier, CompanyId operator_company)
      : verifier_(&verifier), operator_company_(std::move(operator_company)) {}

  // Nothing for no token, and for one that is not good: it changes nothing for its bearer.
  std::optional<Caller> Of(const CallContext& call, const ::common::AccessInfo& access) const;

 private:
  token::TokenVerifier* verifier_;
  CompanyId operator_company_;
};

}  // namespace usher::auth
