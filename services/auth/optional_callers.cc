#include "services/auth/optional_callers.h"

#include <memory>
#include <utility>

namespace usher::auth {

std::optional<Caller> OptionalCallers::Of(const CallContext& call,
                                          const ::common::AccessInfo& access) const {
  if (access.accesstoken().empty()) return std::nullopt;
  auto verified = verifier_->Verify(access.accesstoken());
  if (!verified.ok() || !verifier_->RequireFreshFeed().ok()) return std::nullopt;
  std::shared_ptr<const token::AccessToken> token = *std::move(verified);
  if (token->type != token::TokenType::kAccess) return std::nullopt;
  auto own = std::make_shared<CallContext>(call);
  own->company = token->company;
  own->user = token->user;
  const bool in_operator_company =
      !operator_company_.empty() && token->company == operator_company_;
  return Caller(std::move(own), std::move(token), in_operator_company);
}

}  // namespace usher::auth
