#include "services/auth/session/sign_in_wire.h"

#include <utility>

#include "common/permission/permission_wire.h"
#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

using ::authentication::AuthenticationRequest;

absl::StatusOr<CompanyId> CompanyFromWire(const std::string& field, const std::string& raw) {
  if (raw.empty()) return FieldMissing(field + ".companyId");
  return ParseCompanyId(raw).value_or(CompanyId());
}

absl::StatusOr<Secret> SecretFromWire(const std::string& field, const std::string& raw) {
  RETURN_IF_ERROR(text::CheckSecret(field, raw));
  return Secret(raw);
}

absl::StatusOr<Grant> FromWire(const ::authentication::UsernamePasswordCredentials& wire,
                               PermissionSet wanted) {
  const std::string at = "usernamePasswordCredentials";
  PasswordGrant grant;
  grant.wanted = wanted;
  ASSIGN_OR_RETURN(grant.company, CompanyFromWire(at, wire.companyid()));
  ASSIGN_OR_RETURN(grant.username, text::Name(at + ".username", wire.username()));
  ASSIGN_OR_RETURN(grant.password, SecretFromWire(at + ".password", wire.password()));
  return Grant(std::move(grant));
}

absl::StatusOr<Grant> FromWire(const ::authentication::AuthorizationCodeCredentials& wire,
                               PermissionSet wanted) {
  const std::string at = "authorizationCodeCredentials";
  CodeGrant grant;
  grant.wanted = wanted;
  ASSIGN_OR_RETURN(grant.company, CompanyFromWire(at, wire.companyid()));
  ASSIGN_OR_RETURN(grant.client_id, text::Name(at + ".clientId", wire.clientid()));
  ASSIGN_OR_RETURN(grant.code, SecretFromWire(at + ".code", wire.code()));
  return Grant(std::move(grant));
}

absl::StatusOr<Grant> FromWire(const ::authentication::GuestAccessCredentials& wire,
                               PermissionSet wanted) {
  const std::string at = "guestAccessCredentials";
  GuestGrant grant;
  grant.wanted = wanted;
  ASSIGN_OR_RETURN(grant.company, CompanyFromWire(at, wire.companyid()));
  ASSIGN_OR_RETURN(grant.user, UserIdFromWire(at + ".userId", wire.userid()));
  ASSIGN_OR_RETURN(grant.code, SecretFromWire(at + ".code", wire.code()));
  ASSIGN_OR_RETURN(grant.display_name, text::OptionalName(at + ".displayName", wire.displayname()));
  return Grant(std::move(grant));
}

absl::StatusOr<Grant> FromWire(const ::authentication::RefreshTokenCredentials& wire,
                               PermissionSet wanted) {
  const std::string at = "refreshTokenCredentials";
  RefreshGrant grant;
  grant.wanted = wanted;
  ASSIGN_OR_RETURN(grant.company, CompanyFromWire(at, wire.companyid()));
  ASSIGN_OR_RETURN(grant.principal, text::Name(at + ".principal", wire.principal()));
  ASSIGN_OR_RETURN(grant.refresh_token, SecretFromWire(at + ".refreshToken", wire.refreshtoken()));
  if (wire.accesstoken().empty()) return FieldMissing(at + ".accessToken");
  grant.access_token = wire.accesstoken();
  return Grant(std::move(grant));
}

void ToWire(const CompanyId& company, PermissionSet permissions, absl::Time expires_at,
            ::authentication::AuthenticationReply* reply) {
  reply->set_companyid(company.value());
  PermissionsToWire(permissions, reply->mutable_permissions());
  reply->set_expiresat(absl::ToUnixSeconds(expires_at));
  reply->set_accountstatus(::authentication::ACTIVATED);
}

}  // namespace

PermissionSet WantedFromWire(const WirePermissions& wire) {
  return NarrowedByWire(PermissionSet::FromMask(~uint32_t{0}), wire);
}

absl::StatusOr<Grant> GrantFromWire(const AuthenticationRequest& request) {
  const int count = CountCredentials(request) + int{request.has_activationtokencredentials()};
  if (count == 0) return FieldMissing("a credentials message");
  if (count > 1) {
    return FieldMalformed("the request", "has several credentials; exactly one is expected");
  }
  const PermissionSet wanted = WantedFromWire(request.permissions());
  if (request.has_usernamepasswordcredentials()) {
    return FromWire(request.usernamepasswordcredentials(), wanted);
  }
  if (request.has_authorizationcodecredentials()) {
    return FromWire(request.authorizationcodecredentials(), wanted);
  }
  if (request.has_guestaccesscredentials()) {
    return FromWire(request.guestaccesscredentials(), wanted);
  }
  if (request.has_refreshtokencredentials()) {
    return FromWire(request.refreshtokencredentials(), wanted);
  }
  if (request.has_ldapcredentials()) return Grant(OtherGrant{"signing in with a directory"});
  if (request.has_activationtokencredentials()) {
    return Grant(OtherGrant{"signing in with an activation token"});
  }
  return Grant(OtherGrant{"switching companies"});
}

absl::StatusOr<TokenWish> FromWire(const ::authentication::SignAccessTokenRequest& request) {
  const std::string at = "accessToken";
  if (!request.has_accesstoken()) return FieldMissing(at);
  const ::common::AccessToken& wire = request.accesstoken();
  TokenWish wish;
  ASSIGN_OR_RETURN(wish.user, UserIdFromWire(at + ".userId", wire.userid()));
  wish.company = OptionalCompanyIdFromWire(wire.companyid());
  if (wire.expiresat() != 0) wish.expires_at = absl::FromUnixSeconds(wire.expiresat());
  // As in all calls that give permissions: true gives, and NONE means none at all.
  ASSIGN_OR_RETURN(const PermissionChange change, PermissionChangeFromWire(wire.permissions()));
  wish.permissions = change.ApplyTo({});
  wish.guest = wire.isguest();
  ASSIGN_OR_RETURN(wish.display_name, text::OptionalName(at + ".displayName", wire.displayname()));
  if (!wire.basepermissionsid().empty()) {
    ASSIGN_OR_RETURN(wish.base_permissions_id,
                     UserIdFromWire(at + ".basePermissionsId", wire.basepermissionsid()));
  }
  wish.extension_disallowed = wire.extensiondisallowed();
  return wish;
}

void ToWire(const SignedIn& signed_in, ::authentication::AuthenticationReply* reply) {
  ToWire(signed_in.company, signed_in.permissions, signed_in.expires_at, reply);
  reply->set_accesstoken(signed_in.access_token);
  reply->set_refreshtoken(std::string(signed_in.refresh_token.Reveal()));
  reply->set_userid(signed_in.user.value());
}

void ToWire(const SignedToken& token, ::authentication::AuthenticationReply* reply) {
  ToWire(token.token.company, token.token.permissions, token.token.expires_at, reply);
  reply->set_accesstoken(token.bytes);
  reply->set_userid(token.token.user.value());
}

void AccountStatusToWire(const absl::Status& failure,
                         ::authentication::AuthenticationReply* reply) {
  const std::optional<AccountStatus> status = AccountStatusOf(failure);
  if (!status.has_value()) return;
  reply->set_accountstatus(static_cast<::authentication::AccountStatus>(*status));
}

}  // namespace usher::auth
