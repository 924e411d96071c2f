#include "services/auth/method/methods.h"

#include <map>
#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/mail/mail_address.h"
#include "services/auth/method/caller_company.h"
#include "services/auth/method/invitation_mail.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/secret/made_code.h"

namespace usher::auth {
namespace {

// Makes the secrets that the wish leaves to the service, and answers them.
Creation CompleteSecrets(MethodWish* wish) {
  Creation creation;
  if (!wish->credentials.has_value()) return creation;
  if (auto* code = std::get_if<CodeCredentials>(&wish->credentials->body)) {
    if (code->code.empty()) creation.code = code->code = MakeApiKey();
  } else if (auto* invitation = std::get_if<InvitationCredentials>(&wish->credentials->body)) {
    if (invitation->code.empty()) creation.code = invitation->code = MakeInvitationCode();
    if (invitation->token.empty()) creation.invitation = invitation->token = MakeInvitationToken();
  }
  return creation;
}

absl::Status RequireMayCreate(const Caller& caller, const MethodWish& wish) {
  if (!wish.credentials.has_value() ||
      std::holds_alternative<GuestCredentials>(wish.credentials->body)) {
    return RequireAnyOf(caller, {Permission::kUserCreate, Permission::kUserInvite});
  }
  RETURN_IF_ERROR(RequireNoGuest(caller));
  if (std::holds_alternative<InvitationCredentials>(wish.credentials->body)) {
    return RequireAnyOf(caller, {Permission::kUserCreate, Permission::kUserInvite});
  }
  return RequirePermission(caller, Permission::kUserCreate);
}

// The part that all kinds have in common.
absl::StatusOr<Method> BlankMethod(const Caller& caller, const MethodWish& wish,
                                   const UserId& user) {
  Method method;
  ASSIGN_OR_RETURN(method.company, CompanyFor(caller, wish.credentials->company));
  RETURN_IF_ERROR(RequireMayGive(caller, UserId(), wish.permissions));
  if (wish.status == AccountStatus::kLocked && !caller.IsPlatformAdministrator()) {
    return StatusIsLocked();
  }
  if (wish.status == AccountStatus::kDeleted) {
    return ActionInvalid("a new authentication method cannot be DELETED");
  }
  method.user = user;
  method.permissions = wish.permissions.ApplyTo({});
  if (wish.status != AccountStatus::kDefault) method.status = wish.status;
  method.metadata = text::MergeMetadata({}, wish.metadata);
  return method;
}

bool SeesOthers(const Caller& caller, std::initializer_list<Permission> permissions) {
  return !caller.is_guest() && RequireAnyOf(caller, permissions).ok();
}

bool IsUsable(const Method& method, absl::Time now) {
  return method.key_type != KeyType::kRefreshToken &&
         EffectiveStatus(method, now) == AccountStatus::kActivated;
}

// Where List looks: the companies of the wish, as far as the caller reaches. Nothing: nowhere.
std::optional<std::vector<CompanyId>> ReachOf(const Caller& caller, const ListWish& wish) {
  const bool everywhere = wish.only_eligible_for_switch;
  if (wish.companies.empty()) {
    return everywhere ? std::vector<CompanyId>() : std::vector<CompanyId>{caller.company()};
  }
  std::vector<CompanyId> reach;
  for (const CompanyId& company : wish.companies) {
    if (company.empty()) continue;
    if (everywhere || company == caller.company() || caller.IsPlatformAdministrator()) {
      reach.push_back(company);
    }
  }
  if (reach.empty()) return std::nullopt;
  return reach;
}

// Names are compared folded; what is random is compared as it is.
std::vector<std::string> PrincipalKeys(const std::vector<std::string>& principals) {
  std::vector<std::string> keys;
  for (const std::string& principal : principals) {
    keys.push_back(principal);
    std::string folded = text::Fold(principal);
    if (folded != principal) keys.push_back(std::move(folded));
  }
  return keys;
}

}  // namespace

absl::Status CheckNamesAlone(const DirectoryCredentials& given) {
  if (given.username.empty()) return FieldMissing("ldapCredentials.username");
  if (!given.password.empty()) {
    return ActionInvalid("the password of ldapCredentials is the directory's; leave it out");
  }
  if (!given.bind_dn.empty() || !given.search_dn.empty()) {
    return ActionInvalid(
        "bindDN and searchDN of ldapCredentials are what the directory says; leave them out");
  }
  return absl::OkStatus();
}

absl::StatusOr<Creation> Methods::Create(const Caller& caller, const MethodWish& wish) {
  RETURN_IF_ERROR(RequireMayCreate(caller, wish));
  // Before all that may have changed since: the room may be gone, the expiry passed.
  ASSIGN_OR_RETURN(const std::optional<UserId> made, store_.FindMade(caller.call()));
  if (made.has_value()) return Creation{.user = *made};
  MethodWish complete = wish;
  Creation creation = CompleteSecrets(&complete);
  ASSIGN_OR_RETURN(const Method method, Prepare(caller, complete, UserId(NewUuid())));
  std::optional<MailDraft> mail;
  if (const auto* given = std::get_if<InvitationCredentials>(&complete.credentials->body);
      given != nullptr && !given->finish_url.empty()) {
    ASSIGN_OR_RETURN(
        mail, post_.Write(InvitationMailOf(method, given->code, given->finish_url, clock_.Now())));
  }
  ASSIGN_OR_RETURN(creation.user, store_.InsertUserWithMethod(caller.call(), method, mail));
  // Somebody with the same key was quicker: what was made here opens nothing.
  if (creation.user != method.user) return Creation{.user = creation.user};
  return creation;
}

absl::StatusOr<Method> Methods::Prepare(const Caller& caller, const MethodWish& wish,
                                        const UserId& user) {
  if (!wish.credentials.has_value()) return FieldMissing("authenticationRequest (credentials)");
  ASSIGN_OR_RETURN(Method method, BlankMethod(caller, wish, user));
  if (const auto* guest = std::get_if<GuestCredentials>(&wish.credentials->body)) {
    return FillGuest(caller, *guest, std::move(method));
  }
  return FillPersonal(caller.call(), *wish.credentials, std::move(method));
}

absl::StatusOr<Method> Methods::PrepareFirst(const CallContext& call, const CompanyId& company,
                                             const UserId& user, const MethodWish& wish) {
  if (!wish.credentials.has_value()) return FieldMissing("authenticationRequest (credentials)");
  if (wish.credentials->company.value_or(company) != company) return CompanyNotFound();
  Method method;
  method.company = company;
  method.user = user;
  method.permissions = kCompanyAdministrator;
  method.metadata = text::MergeMetadata({}, wish.metadata);
  if (std::holds_alternative<DirectoryCredentials>(wish.credentials->body)) {
    return ActionInvalid(
        "a company's first administrator signs in by a password or an API key: it has no directory "
        "yet");
  }
  return FillPersonal(call, *wish.credentials, std::move(method));
}

absl::StatusOr<Method> Methods::FillPersonal(const CallContext& call,
                                             const Credentials& credentials, Method method) {
  return std::visit([&](const auto& given) { return Fill(call, given, std::move(method)); },
                    credentials.body);
}

absl::StatusOr<Method> Methods::Fill(const CallContext& call, const PasswordCredentials& given,
                                     Method method) {
  if (given.password.empty()) return FieldMissing("password");
  if (given.with_reset_token) return ActionInvalid("a password reset token makes no method");
  RETURN_IF_ERROR(CheckNewPassword(given.password, given.username, method.company));
  method.key_type = KeyType::kPassword;
  method.principal = given.username;
  return Sealed(call, given.password, SecretKind::kPassword, std::move(method));
}

absl::StatusOr<Method> Methods::Fill(const CallContext& call, const CodeCredentials& given,
                                     Method method) {
  if (given.code.empty()) return FieldMissing("code");
  method.key_type = KeyType::kAuthorizationCode;
  method.principal = given.client_id;
  method.redirect_uri = given.redirect_uri;
  return Sealed(call, given.code, SecretKind::kCode, std::move(method));
}

absl::StatusOr<Method> Methods::Fill(const CallContext& /*call*/, const DirectoryCredentials& given,
                                     Method method) {
  RETURN_IF_ERROR(CheckNamesAlone(given));
  method.key_type = KeyType::kLdap;
  method.principal = given.username;
  method.principal_key = PrincipalKey(method.key_type, method.principal);
  return method;
}

absl::StatusOr<Method> Methods::FillGuest(const Caller& caller, const GuestCredentials& given,
                                          Method method) {
  // Only its own company's room service can be asked who may let guests in.
  if (method.company != caller.company()) return CompanyNotFound();
  if (!given.user.empty()) {
    return FieldMalformed("guestAccessCredentials.userId", "is made by the service; leave it out");
  }
  if (given.code.empty()) return FieldMissing("guestAccessCredentials.code");
  if (given.room.empty()) return FieldMissing("guestAccessCredentials.roomId");
  ASSIGN_OR_RETURN(method.expires_at, GuestExpiry(given.expiry, clock_.Now()));
  // Also of holders of ROOM_ADMIN: the room must be there.
  ASSIGN_OR_RETURN(const RoomRights rights, rooms_.RightsInRoom(caller, given.room));
  RETURN_IF_ERROR(RequireRoomAdmin(caller, rights));
  method.key_type = KeyType::kGuestAccess;
  method.principal = method.user.value();
  method.room = given.room;
  method.email = given.email;
  method.display_name = given.display_name;
  method.shareable = given.shareable;
  return Sealed(caller.call(), given.code, SecretKind::kGuestCode, std::move(method));
}

absl::StatusOr<Method> Methods::Fill(const CallContext& /*call*/, const GuestCredentials& /*given*/,
                                     Method /*method*/) {
  return ActionInvalid("a company's first administrator is a person or an API client, no guest");
}

absl::StatusOr<Method> Methods::Fill(const CallContext& call, const InvitationCredentials& given,
                                     Method method) {
  if (given.code.empty()) return FieldMissing("activationTokenCredentials.code");
  if (given.token.empty()) return FieldMissing("activationTokenCredentials.activationToken");
  if (given.principal.empty()) return FieldMissing("activationTokenCredentials.principal");
  if (given.key_type == KeyType::kOauth2) {
    return NotImplemented("inviting somebody to sign in with another provider");
  }
  if (given.key_type != KeyType::kPassword && given.key_type != KeyType::kAuthorizationCode &&
      given.key_type != KeyType::kLdap) {
    return ActionInvalid("keyType of an invitation is password, authorization_code or ldap");
  }
  if (given.resend) return ActionInvalid("an invitation is made before it is sent again");
  method.key_type = KeyType::kActivationToken;
  method.principal = given.token;
  method.invited = InvitedMethod{given.key_type, given.principal};
  // Where the mail goes; else to the address that the user's profile has by then.
  if (ParseMailAddress(given.principal).ok()) method.email = given.principal;
  ASSIGN_OR_RETURN(method.expires_at, GuestExpiry(given.expiry, clock_.Now()));
  return Sealed(call, given.code, SecretKind::kCode, std::move(method));
}

absl::StatusOr<Method> Methods::Fill(const CallContext& /*call*/,
                                     const SessionCredentials& /*given*/, Method /*method*/) {
  return ActionInvalid("a session begins with authenticate; it cannot be created");
}

absl::StatusOr<Method> Methods::Sealed(const CallContext& call, const Secret& secret,
                                       SecretKind kind, Method method) {
  if (method.principal.empty()) return FieldMissing("the name to sign in with");
  method.principal_key = PrincipalKey(method.key_type, method.principal);
  ASSIGN_OR_RETURN(method.sealed_secret,
                   vault_.Hash(call, secret, kind, AssociatedData(method.company, method.key())));
  return method;
}

absl::StatusOr<UserInformation> Methods::Information(const Caller& caller, const UserId& user) {
  const bool own = user == caller.user();
  if (!own && !SeesOthers(caller, {Permission::kUserShow, Permission::kUserAdmin})) {
    return PermissionMissing("USER_SHOW or USER_ADMIN, or being that user");
  }
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   users_.FindUser(caller.call(), caller.company(), user, now));
  const bool known = standing.has_value() && standing->status != AccountStatus::kDeleted;
  // Guests of a shareable access are themselves without being kept as users.
  if (!known && !own) return UserNotFound();
  ASSIGN_OR_RETURN(std::vector<Method> methods,
                   store_.ListOfUser(caller.call(), caller.company(), user, now));

  UserInformation information;
  information.user = user;
  std::map<KeyType, Method> newest;
  for (Method& method : methods) {
    if (IsUsable(method, now)) {
      information.permissions = information.permissions.Or(method.permissions);
    }
    newest[method.key_type] = std::move(method);
  }
  for (auto& [key_type, method] : newest) information.methods.push_back(std::move(method));
  return information;
}

absl::StatusOr<ListAnswer> Methods::List(const Caller& caller, const ListWish& wish) {
  ListAnswer answer;
  const std::optional<std::vector<CompanyId>> reach = ReachOf(caller, wish);
  if (!reach.has_value()) return answer;
  MethodFilter filter;
  filter.companies = *reach;
  if (wish.only_eligible_for_switch ||
      !SeesOthers(caller, {Permission::kUserList, Permission::kUserAdmin})) {
    filter.only_user = caller.user();
  }
  if (wish.only_eligible_for_switch) {
    filter.eligible_for_switch = {caller.company(), caller.token().session};
  }
  filter.principal_keys = PrincipalKeys(wish.principals);
  filter.users = wish.users;
  filter.statuses = wish.statuses;
  filter.key_types = wish.key_types;
  filter.now = clock_.Now();
  filter.limit = wish.limit;
  filter.offset = wish.offset;
  ASSIGN_OR_RETURN(MethodPage page, store_.List(caller.call(), filter));
  if (page.users > 0) {
    answer.max_offset = static_cast<uint32_t>((page.users - 1) / wish.limit * wish.limit);
  }
  answer.methods = std::move(page.methods);
  return answer;
}

}  // namespace usher::auth
