#include "services/auth/reset/reset_wire.h"

#include <string>

#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/method/method_wire.h"

namespace usher::auth {

namespace auth_wire = ::authentication;

absl::StatusOr<ResetRequest> FromWire(const auth_wire::PasswordResetRequest& request) {
  ResetRequest wish;
  if (request.companyid().empty()) return FieldMissing("companyId");
  wish.company = ParseCompanyId(request.companyid()).value_or(CompanyId());
  ASSIGN_OR_RETURN(wish.username, text::Name("username", request.username()));
  wish.page = request.reseturl();
  return wish;
}

void ToWire(const ResetAnswer& answer, auth_wire::PasswordResetReply* reply) {
  reply->set_userid(answer.user.value());
  reply->set_passwordresettoken(std::string(answer.token.Reveal()));
}

bool ShowsResetToken(const auth_wire::AuthenticationUpdateRequest& request) {
  return !request.authenticationrequest()
              .usernamepasswordcredentials()
              .passwordresettoken()
              .empty();
}

absl::StatusOr<ResetUse> ResetUseFromWire(const auth_wire::AuthenticationUpdateRequest& request) {
  const auth_wire::AuthenticationRequest& method = request.authenticationrequest();
  const auth_wire::UsernamePasswordCredentials& given = method.usernamepasswordcredentials();
  if (CountCredentials(method) > 1 || method.has_activationtokencredentials()) {
    return FieldMalformed("authenticationRequest", "has two credentials where one is expected");
  }
  if (request.removeall() || !method.permissions().empty() || !method.metadata().empty() ||
      method.accountstatus() != auth_wire::DEFAULT) {
    return ActionInvalid("a password reset token sets a password, and nothing else");
  }
  ResetUse use;
  if (!request.userid().empty()) {
    ASSIGN_OR_RETURN(use.user, ParseUserId("userId", request.userid()));
  }
  if (given.companyid().empty()) return FieldMissing("usernamePasswordCredentials.companyId");
  use.company = ParseCompanyId(given.companyid()).value_or(CompanyId());
  ASSIGN_OR_RETURN(use.username, text::Name("username", given.username()));
  RETURN_IF_ERROR(text::CheckSecret("password", given.password()));
  use.password = Secret(given.password());
  RETURN_IF_ERROR(text::CheckSecret("passwordResetToken", given.passwordresettoken()));
  use.token = Secret(given.passwordresettoken());
  return use;
}

}  // namespace usher::auth
