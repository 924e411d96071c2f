#include "services/auth/method/method_wire.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/permission/permission_wire.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/rpc/page_limit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"

namespace usher::auth {
namespace {

namespace auth_wire = ::authentication;

constexpr int64_t kNeverExpires = -1;
// 9999-12-31: what databases and clients can still print.
constexpr int64_t kLatestExpiry = 253402300799;

// Empty stays empty: in an update the secret stays as it is.
absl::StatusOr<Secret> SecretFromWire(absl::string_view field, const std::string& raw) {
  if (!raw.empty()) RETURN_IF_ERROR(text::CheckSecret(field, raw));
  return Secret(raw);
}

absl::StatusOr<AccountStatus> StatusFromWire(absl::string_view field, int number) {
  if (!auth_wire::AccountStatus_IsValid(number)) {
    return FieldMalformed(field, absl::StrCat("is no account status: ", number));
  }
  return static_cast<AccountStatus>(number);
}

absl::StatusOr<std::optional<absl::Time>> ExpiryFromWire(int64_t expiry) {
  if (expiry == 0) return std::optional<absl::Time>();
  if (expiry == kNeverExpires) return std::optional<absl::Time>(absl::InfiniteFuture());
  if (expiry < 0 || expiry > kLatestExpiry) {
    return FieldOutOfRange("expiry", "must be Unix seconds, 0 (in 30 days) or -1 (never)");
  }
  return std::optional<absl::Time>(absl::FromUnixSeconds(expiry));
}

// How the name that a method is called by is read: text::Identifier, or text::Name where it is but
// to be removed.
using NameReader = absl::StatusOr<std::string> (*)(absl::string_view field, absl::string_view raw);

absl::StatusOr<Credentials> FromWire(const auth_wire::UsernamePasswordCredentials& given,
                                     NameReader name) {
  PasswordCredentials body;
  ASSIGN_OR_RETURN(body.username, name("username", given.username()));
  ASSIGN_OR_RETURN(body.password, SecretFromWire("password", given.password()));
  ASSIGN_OR_RETURN(body.current, SecretFromWire("current", given.current()));
  body.with_reset_token = !given.passwordresettoken().empty();
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = std::move(body)};
}

absl::StatusOr<Credentials> FromWire(const auth_wire::AuthorizationCodeCredentials& given,
                                     NameReader name) {
  CodeCredentials body;
  ASSIGN_OR_RETURN(body.client_id, name("clientId", given.clientid()));
  ASSIGN_OR_RETURN(body.code, SecretFromWire("code", given.code()));
  ASSIGN_OR_RETURN(body.current, SecretFromWire("currentCode", given.currentcode()));
  ASSIGN_OR_RETURN(body.redirect_uri, text::OptionalName("redirectUri", given.redirecturi()));
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = std::move(body)};
}

absl::StatusOr<Credentials> FromWire(const auth_wire::LdapCredentials& given, NameReader name) {
  const std::string at = "ldapCredentials";
  DirectoryCredentials body;
  ASSIGN_OR_RETURN(body.username, name(at + ".username", given.username()));
  ASSIGN_OR_RETURN(body.password, SecretFromWire(at + ".password", given.password()));
  ASSIGN_OR_RETURN(body.bind_dn, text::OptionalName(at + ".bindDN", given.binddn()));
  ASSIGN_OR_RETURN(body.search_dn, text::OptionalName(at + ".searchDN", given.searchdn()));
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = std::move(body)};
}

absl::StatusOr<Credentials> FromWire(const auth_wire::GuestAccessCredentials& given) {
  GuestCredentials body;
  if (!given.userid().empty()) {
    ASSIGN_OR_RETURN(body.user, ParseUserId("guestAccessCredentials.userId", given.userid()));
  }
  ASSIGN_OR_RETURN(body.code, SecretFromWire("guestAccessCredentials.code", given.code()));
  if (!given.roomid().empty()) {
    ASSIGN_OR_RETURN(body.room, ParseRoomId("guestAccessCredentials.roomId", given.roomid()));
  }
  ASSIGN_OR_RETURN(body.email, text::OptionalEmail("email", given.email()));
  ASSIGN_OR_RETURN(body.display_name, text::OptionalName("displayName", given.displayname()));
  ASSIGN_OR_RETURN(body.expiry, ExpiryFromWire(given.expiry()));
  body.shareable = given.shareable();
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = std::move(body)};
}

absl::StatusOr<Credentials> FromWire(const auth_wire::ActivationTokenCredentials& given) {
  const std::string at = "activationTokenCredentials";
  InvitationCredentials body;
  if (!given.activationtoken().empty()) {
    ASSIGN_OR_RETURN(body.token,
                     text::Identifier(at + ".activationToken", given.activationtoken()));
  }
  ASSIGN_OR_RETURN(body.code, SecretFromWire(at + ".code", given.code()));
  if (!given.keytype().empty()) {
    const std::optional<KeyType> key_type = ParseKeyType(given.keytype());
    if (!key_type.has_value()) {
      return FieldMalformed(at + ".keyType",
                            absl::StrCat("is no key type: ", Quoted(given.keytype())));
    }
    body.key_type = *key_type;
  }
  if (!given.principal().empty()) {
    ASSIGN_OR_RETURN(body.principal, text::Identifier(at + ".principal", given.principal()));
  }
  ASSIGN_OR_RETURN(body.expiry, ExpiryFromWire(given.expiry()));
  if (body.expiry == absl::InfiniteFuture()) {
    return FieldOutOfRange("expiry", "of an invitation must be Unix seconds, or 0 (in 30 days)");
  }
  body.finish_url = given.finishsignupurl();
  body.resend = given.resendinvitation();
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = std::move(body)};
}

absl::StatusOr<Credentials> FromWire(const auth_wire::RefreshTokenCredentials& given) {
  if (given.principal().empty()) return FieldMissing("refreshTokenCredentials.principal");
  const auto session = CanonicalUuid(given.principal());
  if (!session.has_value()) {
    return FieldMalformed("refreshTokenCredentials.principal",
                          absl::StrCat("is not a session ID: ", Quoted(given.principal())));
  }
  return Credentials{.company = OptionalCompanyIdFromWire(given.companyid()),
                     .body = SessionCredentials{.session = SessionId(*session)}};
}

absl::Status TwoCredentials() {
  return FieldMalformed("authenticationRequest", "has two credentials where one is expected");
}

absl::StatusOr<std::optional<Credentials>> CredentialsOf(
    const auth_wire::AuthenticationRequest& request, NameReader name) {
  if (CountCredentials(request) > 1) return TwoCredentials();
  std::optional<Credentials> credentials;
  if (request.has_usernamepasswordcredentials()) {
    ASSIGN_OR_RETURN(credentials, FromWire(request.usernamepasswordcredentials(), name));
  } else if (request.has_authorizationcodecredentials()) {
    ASSIGN_OR_RETURN(credentials, FromWire(request.authorizationcodecredentials(), name));
  } else if (request.has_guestaccesscredentials()) {
    ASSIGN_OR_RETURN(credentials, FromWire(request.guestaccesscredentials()));
  } else if (request.has_refreshtokencredentials()) {
    ASSIGN_OR_RETURN(credentials, FromWire(request.refreshtokencredentials()));
  } else if (request.has_ldapcredentials()) {
    ASSIGN_OR_RETURN(credentials, FromWire(request.ldapcredentials(), name));
  } else if (request.has_companyswitchcredentials()) {
    return FieldMalformed("authenticationRequest.companySwitchCredentials",
                          "lead a session to another company, by authenticate; they are no method");
  }
  return credentials;
}

// Whether nothing but the company is in it.
template <class Wire>
bool NamesCompanyAlone(const Wire& given) {
  Wire company;
  company.set_companyid(given.companyid());
  return !given.companyid().empty() && company.ByteSizeLong() == given.ByteSizeLong();
}

// What credentials name that name no method: the update is about the user there.
std::optional<CompanyId> CompanyNamedAlone(const auth_wire::AuthenticationRequest& request) {
  if (CountCredentials(request) != 1 || request.has_activationtokencredentials()) {
    return std::nullopt;
  }
  const auto& password = request.usernamepasswordcredentials();
  const auto& code = request.authorizationcodecredentials();
  if (NamesCompanyAlone(password)) return OptionalCompanyIdFromWire(password.companyid());
  if (NamesCompanyAlone(code)) return OptionalCompanyIdFromWire(code.companyid());
  return std::nullopt;
}

absl::StatusOr<MethodWish> WishOf(const auth_wire::AuthenticationRequest& request,
                                  std::optional<Credentials> credentials) {
  MethodWish wish;
  if (request.has_activationtokencredentials()) {
    if (credentials.has_value()) return TwoCredentials();
    ASSIGN_OR_RETURN(credentials, FromWire(request.activationtokencredentials()));
  }
  wish.credentials = std::move(credentials);
  ASSIGN_OR_RETURN(wish.permissions, PermissionChangeFromWire(request.permissions()));
  ASSIGN_OR_RETURN(wish.status, StatusFromWire("accountStatus", request.accountstatus()));
  ASSIGN_OR_RETURN(wish.metadata,
                   text::MetadataFromWire("authenticationRequest.metadata", request.metadata()));
  return wish;
}

void ToWire(const Method& method, auth_wire::AuthenticationMethodInformation* info) {
  info->set_type(KeyTypeName(method.key_type));
  info->set_principal(method.principal);
  info->set_companyid(method.company.value());
  info->set_userid(method.user.value());
  PermissionsToWire(method.permissions, info->mutable_permissions());
  info->set_accountstatus(static_cast<auth_wire::AccountStatus>(method.status));
  const text::Metadata shown = ShownMetadata(method);
  info->mutable_metadata()->insert(shown.begin(), shown.end());
}

}  // namespace

int CountCredentials(const auth_wire::AuthenticationRequest& request) {
  return int{request.has_usernamepasswordcredentials()} +
         int{request.has_authorizationcodecredentials()} +
         int{request.has_refreshtokencredentials()} + int{request.has_ldapcredentials()} +
         int{request.has_guestaccesscredentials()} + int{request.has_companyswitchcredentials()};
}

absl::StatusOr<Credentials> CredentialsBesideInvitation(
    const auth_wire::AuthenticationRequest& request) {
  ASSIGN_OR_RETURN(std::optional<Credentials> credentials,
                   CredentialsOf(request, text::Identifier));
  if (!credentials.has_value()) return FieldMissing("authenticationRequest (credentials)");
  return *std::move(credentials);
}

absl::StatusOr<MethodWish> FromWire(const auth_wire::AuthenticationRequest& request) {
  ASSIGN_OR_RETURN(std::optional<Credentials> credentials,
                   CredentialsOf(request, text::Identifier));
  return WishOf(request, std::move(credentials));
}

absl::StatusOr<UpdateWish> FromWire(const auth_wire::AuthenticationUpdateRequest& request) {
  UpdateWish wish;
  ASSIGN_OR_RETURN(wish.user, UserIdFromWire("userId", request.userid()));
  wish.remove_all = request.removeall();
  const auth_wire::AuthenticationRequest& change = request.authenticationrequest();
  const bool removes = change.accountstatus() == auth_wire::DELETED;
  std::optional<Credentials> credentials;
  wish.company = CompanyNamedAlone(change);
  if (!wish.company.has_value()) {
    ASSIGN_OR_RETURN(credentials, CredentialsOf(change, removes ? text::Name : text::Identifier));
  }
  ASSIGN_OR_RETURN(wish.method, WishOf(change, std::move(credentials)));
  return wish;
}

absl::StatusOr<ListWish> FromWire(const auth_wire::ListAuthenticationsRequest& request) {
  ListWish wish;
  ASSIGN_OR_RETURN(wish.limit, PageLimitFromWire(request.limit()));
  wish.offset = request.offset();
  RETURN_IF_ERROR(text::CheckCount("principal", request.principal_size()));
  RETURN_IF_ERROR(text::CheckCount("userIdList", request.useridlist_size()));
  RETURN_IF_ERROR(text::CheckCount("accountStatus", request.accountstatus_size()));
  RETURN_IF_ERROR(text::CheckCount("keyType", request.keytype_size()));
  RETURN_IF_ERROR(text::CheckCount("companyId", request.companyid_size()));
  for (const std::string& raw : request.principal()) {
    ASSIGN_OR_RETURN(std::string principal, text::Name("principal", raw));
    wish.principals.push_back(std::move(principal));
  }
  for (const std::string& raw : request.useridlist()) {
    ASSIGN_OR_RETURN(UserId user, ParseUserId("userIdList", raw));
    wish.users.push_back(std::move(user));
  }
  for (const int number : request.accountstatus()) {
    ASSIGN_OR_RETURN(const AccountStatus status, StatusFromWire("accountStatus", number));
    wish.statuses.push_back(status);
  }
  for (const std::string& name : request.keytype()) {
    const std::optional<KeyType> key_type = ParseKeyType(name);
    if (!key_type.has_value()) {
      return FieldMalformed("keyType", absl::StrCat("is no key type: ", Quoted(name)));
    }
    wish.key_types.push_back(*key_type);
  }
  for (const std::string& raw : request.companyid()) {
    wish.companies.push_back(ParseCompanyId(raw).value_or(CompanyId()));
  }
  wish.only_eligible_for_switch = request.onlyeligibleforcompanyswitch();
  return wish;
}

absl::StatusOr<UserId> FromWire(const auth_wire::AuthenticationInformationRequest& request) {
  return UserIdFromWire("userId", request.userid());
}

void ToWire(const UserInformation& information, auth_wire::AuthenticationInformationReply* reply) {
  reply->set_userid(information.user.value());
  PermissionsToWire(information.permissions, reply->mutable_permissions());
  for (const Method& method : information.methods) {
    ToWire(method,
           &(*reply->mutable_authenticationmethodinformation())[KeyTypeName(method.key_type)]);
  }
}

absl::Status ToWire(const ListAnswer& answer, auth_wire::ListAuthenticationsReply* reply) {
  reply->set_maxoffset(answer.max_offset);
  for (const Method& method : answer.methods) {
    ToWire(method, (*reply->mutable_results())[method.user.value()].add_list());
  }
  return rpc::HoldToLargest(ReplyTooLarge(), reply);
}

}  // namespace usher::auth
