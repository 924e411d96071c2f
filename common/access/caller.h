// Who makes a call: a verified token and the call that it came with.
#pragma once

#include <memory>
#include <utility>

#include "common/base/call_context.h"
#include "common/token/access_token.h"

namespace usher {

// Made by the gate only (tests: ACaller()), so that holding one means that a token was verified.
class Caller {
 public:
  Caller(std::shared_ptr<const CallContext> call, std::shared_ptr<const token::AccessToken> token,
         bool in_operator_company)
      : call_(std::move(call)),
        token_(std::move(token)),
        in_operator_company_(in_operator_company) {}

  const CallContext& call() const { return *call_; }
  const token::AccessToken& token() const { return *token_; }

  const UserId& user() const { return token_->user; }
  const CompanyId& company() const { return token_->company; }
  PermissionSet permissions() const { return token_->permissions; }
  bool Has(Permission permission) const { return token_->permissions.Has(permission); }
  bool is_guest() const { return token_->guest; }

  // Under whose ID rooms keep the rights of this caller: for a guest of a shareable access the
  // access's user ID, else its own.
  const UserId& room_subject() const {
    return token_->base_permissions_id.empty() ? token_->user : token_->base_permissions_id;
  }

  // COMPANY_ADMIN has a meaning in the operator's company only.
  bool IsPlatformAdministrator() const {
    return in_operator_company_ && Has(Permission::kCompanyAdmin);
  }
  // COMPANY_CREATE and COMPANY_LIST count wherever a platform administrator gave them.
  bool HasPlatform(Permission permission) const {
    return Has(permission) || IsPlatformAdministrator();
  }

 private:
  std::shared_ptr<const CallContext> call_;
  std::shared_ptr<const token::AccessToken> token_;
  bool in_operator_company_;
};

}  // namespace usher
