#include "services/auth/method/known_users.h"

#include <utility>
#include <vector>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"

namespace usher::auth {
namespace {

Method FirstMethod(const FirstMethods& first, KeyType key_type, const std::string& principal) {
  Method method;
  method.company = first.company;
  method.key_type = key_type;
  method.principal = principal;
  method.principal_key = PrincipalKey(key_type, principal);
  method.user = UserId(NewUuid());
  method.permissions = first.permissions;
  return method;
}

}  // namespace

absl::Status KnownUsers::Ensure(const Caller& caller, const UserId& user, const MethodWish& wish) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserCreate));
  std::optional<Method> method;
  if (wish.credentials.has_value()) {
    if (std::holds_alternative<GuestCredentials>(wish.credentials->body)) {
      return ActionInvalid("guest accesses are made by authenticationCreate and have no profile");
    }
    ASSIGN_OR_RETURN(method, methods_.Prepare(caller, wish, user));
    if (method->company != caller.company()) return CompanyNotFound();
  } else if (!wish.permissions.empty() || !wish.metadata.empty() ||
             wish.status != AccountStatus::kDefault) {
    return FieldMissing("authenticationRequest (credentials)");
  }
  return store_.EnsureUser(caller.call(), caller.company(), user, method);
}

absl::StatusOr<bool> KnownUsers::Settle(const CallContext& call, const CompanyId& company,
                                        const UserId& user) {
  return store_.SettleUser(call, company, user);
}

absl::Status KnownUsers::Remove(const Caller& caller, const UserId& user) {
  RETURN_IF_ERROR(RequireSelfOr(caller, user, Permission::kUserAdmin));
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   store_.FindUser(caller.call(), caller.company(), user, clock_.Now()));
  if (!standing.has_value()) return UserNotFound();
  if (standing->status == AccountStatus::kDeleted) return absl::OkStatus();
  RETURN_IF_ERROR(RequireDominates(caller, user, standing->held));
  const UserRemoval removal{.company = caller.company(),
                            .user = user,
                            .held = standing->held,
                            .may_lift_lock = caller.IsPlatformAdministrator()};
  ASSIGN_OR_RETURN(const Ended ended, store_.RemoveUser(caller.call(), caller.company(), user,
                                                        [&](const LockedUser& locked) {
                                                          return Judge(locked, removal);
                                                        }));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::StatusOr<bool> KnownUsers::FindRemoved(const CallContext& call, const CompanyId& company,
                                             const UserId& user) {
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   store_.FindUser(call, company, user, clock_.Now()));
  return standing.has_value() && standing->status == AccountStatus::kDeleted;
}

absl::StatusOr<UserDescription> KnownUsers::Describe(const CallContext& call,
                                                     const CompanyId& company, const UserId& user) {
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   store_.FindUser(call, company, user, clock_.Now()));
  if (!standing.has_value() || standing->status == AccountStatus::kDeleted) return UserNotFound();
  UserDescription description;
  description.held = standing->held;
  description.status = EffectiveStatus(*standing);
  description.guest = standing->only_guest_accesses;
  // Nobody signs in to an account that is not active, whatever its methods would give.
  if (description.status == AccountStatus::kActivated) description.usable = standing->usable;
  return description;
}

absl::StatusOr<std::optional<FirstUsers>> KnownUsers::MakeCompany(const CallContext& call,
                                                                  const FirstMethods& first) {
  RETURN_IF_ERROR(CheckNewPassword(first.password, first.username, first.company));
  FirstUsers users;
  std::vector<Method> methods;
  Method administrator = FirstMethod(first, KeyType::kPassword, first.username);
  ASSIGN_OR_RETURN(administrator.sealed_secret,
                   vault_.Hash(call, first.password, SecretKind::kPassword,
                               AssociatedData(first.company, administrator.key())));
  users.administrator = administrator.user;
  methods.push_back(std::move(administrator));
  if (!first.client_id.empty()) {
    Method client = FirstMethod(first, KeyType::kAuthorizationCode, first.client_id);
    ASSIGN_OR_RETURN(client.sealed_secret,
                     vault_.Hash(call, first.code, SecretKind::kCode,
                                 AssociatedData(first.company, client.key())));
    users.api_client = client.user;
    methods.push_back(std::move(client));
  }
  ASSIGN_OR_RETURN(const bool made, store_.InsertCompany(call, first.company, methods));
  if (!made) return std::optional<FirstUsers>();
  return std::optional<FirstUsers>(std::move(users));
}

}  // namespace usher::auth
