// Methods::Update: one request may remove, change the user as a whole, and make, change or remove a
// method, all or nothing.
#include <utility>
#include <vector>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/caller_company.h"
#include "services/auth/method/invitation_mail.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/methods.h"
#include "services/auth/secret/made_code.h"

namespace usher::auth {
namespace {

bool IsOwn(const Caller& caller, const UpdateWish& wish, const CompanyId& company) {
  return wish.user == caller.user() && company == caller.company();
}

bool NamesSession(const UpdateWish& wish) {
  return wish.method.credentials.has_value() &&
         std::holds_alternative<SessionCredentials>(wish.method.credentials->body);
}

// What people may do with themselves without USER_ADMIN: change their secret, remove their methods.
absl::Status RequireMayUpdate(const Caller& caller, const UpdateWish& wish,
                              const CompanyId& company) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  const MethodWish& method = wish.method;
  const bool more_than_own_secret =
      !method.metadata.empty() ||
      (method.status != AccountStatus::kDefault && method.status != AccountStatus::kDeleted);
  // Only a platform administrator gets as far as to another company.
  if (company == caller.company() && (!IsOwn(caller, wish, company) || more_than_own_secret)) {
    RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
  }
  return RequireMayGive(caller, wish.user, method.permissions);
}

absl::Status CheckWish(const Caller& caller, const UpdateWish& wish) {
  const MethodWish& method = wish.method;
  if (method.status == AccountStatus::kLocked && !caller.IsPlatformAdministrator()) {
    return StatusIsLocked();
  }
  if (method.credentials.has_value()) return absl::OkStatus();
  if (!method.permissions.empty() || !method.metadata.empty()) {
    return FieldMissing("authenticationRequest (credentials that name the method)");
  }
  if (method.status == AccountStatus::kDeleted) {
    return ActionInvalid(
        "removing a user as a whole is userDestroy; removeAll removes the methods");
  }
  if (!wish.remove_all && method.status == AccountStatus::kDefault) {
    return FieldMissing("authenticationRequest");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Methods::Update(const Caller& caller, const UpdateWish& wish) {
  ASSIGN_OR_RETURN(
      const CompanyId company,
      CompanyFor(caller, wish.method.credentials.has_value() ? wish.method.credentials->company
                                                             : wish.company));
  // At home it takes no credentials to change a user, so that these have lost the method's name.
  if (wish.company.has_value() && company == caller.company()) {
    return FieldMissing("authenticationRequest (credentials that name the method)");
  }
  if (NamesSession(wish) && !wish.remove_all) return SignOut(caller, wish, company);
  RETURN_IF_ERROR(RequireMayUpdate(caller, wish, company));
  RETURN_IF_ERROR(CheckWish(caller, wish));
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   users_.FindUser(caller.call(), company, wish.user, clock_.Now()));
  if (!standing.has_value() || standing->status == AccountStatus::kDeleted) return UserNotFound();
  RETURN_IF_ERROR(RequireDominates(caller, wish.user, standing->held));

  UserChange change;
  change.company = company;
  change.user = wish.user;
  change.held = standing->held;
  change.may_lift_lock = caller.IsPlatformAdministrator();
  change.remove_all = wish.remove_all;
  if (!wish.method.credentials.has_value()) {
    if (wish.method.status != AccountStatus::kDefault) change.user_status = wish.method.status;
  } else if (!NamesSession(wish)) {  // with removeAll the session is gone already
    ASSIGN_OR_RETURN(change.edit, EditOf(caller, wish, company));
  }
  ASSIGN_OR_RETURN(const Ended ended,
                   store_.ChangeUser(caller.call(), change, [&](const LockedUser& locked) {
                     return Judge(locked, change);
                   }));
  revocations_.Add(ended);
  return absl::OkStatus();
}

// Signing out is all that can be done with a session; guests may sign themselves out as well.
absl::Status Methods::SignOut(const Caller& caller, const UpdateWish& wish,
                              const CompanyId& company) {
  const bool own = IsOwn(caller, wish, company);
  if (!own) {
    RETURN_IF_ERROR(RequireNoGuest(caller));
    if (company == caller.company()) {
      RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
    }
  }
  if (wish.method.status != AccountStatus::kDeleted || !wish.method.permissions.empty() ||
      !wish.method.metadata.empty()) {
    return ActionInvalid("a session can only be signed out: accountStatus DELETED, nothing else");
  }
  if (!own) {
    ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                     users_.FindUser(caller.call(), company, wish.user, clock_.Now()));
    if (!standing.has_value() || standing->status == AccountStatus::kDeleted) {
      return UserNotFound();
    }
    RETURN_IF_ERROR(RequireDominates(caller, wish.user, standing->held));
  }
  const auto& given = std::get<SessionCredentials>(wish.method.credentials->body);
  ASSIGN_OR_RETURN(const Ended ended,
                   store_.EndSession(caller.call(), company, wish.user, given.session));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::StatusOr<MethodEdit> Methods::EditOf(const Caller& caller, const UpdateWish& wish,
                                           const CompanyId& company) {
  const Target target{caller, company, wish.user, IsOwn(caller, wish, company)};
  MethodEdit edit;
  edit.remove = wish.method.status == AccountStatus::kDeleted;
  edit.permissions = wish.method.permissions;
  if (!edit.remove) edit.status = wish.method.status;
  edit.metadata = wish.method.metadata;
  return std::visit([&](const auto& given) { return Fill(target, given, std::move(edit)); },
                    wish.method.credentials->body);
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& target, const PasswordCredentials& given,
                                         MethodEdit edit) {
  // Where one is good it has been looked at before (reset/).
  if (given.with_reset_token) return ActionInvalid("a password reset token is of no use here");
  if (given.username.empty()) return FieldMissing("username");
  edit.principal = given.username;
  edit.key = {KeyType::kPassword, PrincipalKey(KeyType::kPassword, given.username)};
  if (edit.remove || given.password.empty()) return edit;
  RETURN_IF_ERROR(CheckNewPassword(given.password, given.username, target.company));
  if (target.own) {
    ASSIGN_OR_RETURN(edit.shown,
                     CheckCurrent(target.caller, edit.key, given.current, SecretKind::kPassword));
  }
  edit.may_insert = true;
  return Sealed(target, given.password, SecretKind::kPassword, std::move(edit));
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& target, const CodeCredentials& given,
                                         MethodEdit edit) {
  if (given.client_id.empty()) return FieldMissing("clientId");
  edit.principal = given.client_id;
  edit.key = {KeyType::kAuthorizationCode,
              PrincipalKey(KeyType::kAuthorizationCode, given.client_id)};
  edit.redirect_uri = given.redirect_uri;
  if (edit.remove) return edit;
  if (given.code.empty()) {
    if (target.own && !given.redirect_uri.empty()) {
      RETURN_IF_ERROR(RequirePermission(target.caller, Permission::kUserAdmin));
    }
    return edit;
  }
  if (target.own) {
    ASSIGN_OR_RETURN(edit.shown,
                     CheckCurrent(target.caller, edit.key, given.current, SecretKind::kCode));
  }
  edit.may_insert = true;
  return Sealed(target, given.code, SecretKind::kCode, std::move(edit));
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& target, const DirectoryCredentials& given,
                                         MethodEdit edit) {
  RETURN_IF_ERROR(CheckNamesAlone(given));
  edit.principal = given.username;
  edit.key = {KeyType::kLdap, PrincipalKey(KeyType::kLdap, given.username)};
  // A further one for oneself would take a present secret, which there is no field for.
  edit.may_insert = !edit.remove && !target.own;
  return edit;
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& target, const GuestCredentials& given,
                                         MethodEdit edit) {
  if (!given.user.empty() && given.user != target.user) return MethodNotFound();
  if (!given.room.empty() || !given.email.empty() || given.expiry.has_value() || given.shareable) {
    return ActionInvalid(
        "roomId, email, expiry and shareable of a guest access are set at its creation");
  }
  edit.principal = target.user.value();
  edit.key = {KeyType::kGuestAccess, PrincipalKey(KeyType::kGuestAccess, target.user.value())};
  edit.display_name = given.display_name;
  if (edit.remove || given.code.empty()) return edit;
  return Sealed(target, given.code, SecretKind::kGuestCode, std::move(edit));
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& target, const InvitationCredentials& given,
                                         MethodEdit edit) {
  if (given.token.empty()) return FieldMissing("activationTokenCredentials.activationToken");
  if (!given.resend && !given.finish_url.empty()) {
    return ActionInvalid("finishSignupURL of an update goes with resendInvitation");
  }
  if (!given.principal.empty() || given.expiry.has_value()) {
    return ActionInvalid("keyType, principal and expiry of an invitation are set at its creation");
  }
  // It would be a new secret of one's own without the present one.
  if (target.own && !edit.remove) {
    RETURN_IF_ERROR(RequirePermission(target.caller, Permission::kUserAdmin));
  }
  edit.principal = given.token;
  edit.key = {KeyType::kActivationToken, PrincipalKey(KeyType::kActivationToken, given.token)};
  if (edit.remove) return edit;
  if (given.resend) return Resent(target, given, std::move(edit));
  if (given.code.empty()) return edit;
  return Sealed(target, given.code, SecretKind::kCode, std::move(edit));
}

absl::StatusOr<MethodEdit> Methods::Resent(const Target& target, const InvitationCredentials& given,
                                           MethodEdit edit) {
  ASSIGN_OR_RETURN(const std::optional<MethodStanding> found,
                   store_.FindMethod(target.caller.call(), target.company, edit.key));
  if (!found.has_value() || found->method.user != target.user) return MethodNotFound();
  const Method& method = found->method;
  const absl::Time end = method.expires_at.value_or(absl::InfiniteFuture());
  if (end <= found->read_at) return ActionInvalid("this invitation has expired; make another one");
  const Secret code = given.code.empty() ? MakeInvitationCode() : given.code;
  ASSIGN_OR_RETURN(edit.mail,
                   post_.Write(InvitationMailOf(method, code, given.finish_url, found->read_at)));
  if (!edit.mail.has_value()) return ActionInvalid("mail is switched off here");
  return Sealed(target, code, SecretKind::kCode, std::move(edit));
}

absl::StatusOr<MethodEdit> Methods::Fill(const Target& /*target*/,
                                         const SessionCredentials& /*given*/, MethodEdit edit) {
  return edit;  // SignOut; with removeAll the session is gone already
}

absl::StatusOr<MethodEdit> Methods::Sealed(const Target& target, const Secret& secret,
                                           SecretKind kind, MethodEdit edit) {
  ASSIGN_OR_RETURN(edit.sealed_secret, vault_.Hash(target.caller.call(), secret, kind,
                                                   AssociatedData(target.company, edit.key)));
  return edit;
}

// Whoever has stolen a token shall not be able to keep the account with it.
absl::StatusOr<ShownSecret> Methods::CheckCurrent(const Caller& caller, const MethodKey& key,
                                                  const Secret& current, SecretKind kind) {
  ASSIGN_OR_RETURN(const std::optional<MethodStanding> found,
                   store_.FindMethod(caller.call(), caller.company(), key));
  const bool own = found.has_value() && found->method.user == caller.user();
  // A further method for oneself; a name that is taken is told from a free one to administrators
  // only.
  if (!own) RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
  if (current.empty()) return CurrentSecretWrong();
  const bool slow = NeedsSlowHash(current.Reveal(), kind);
  if (own) {
    return Guarded(caller, key.principal_key, slow,
                   [&] { return FindCurrent(caller, *found, current, kind); });
  }
  return Guarded(caller, caller.user().value(), slow,
                 [&] { return FindAnyCurrent(caller, current, kind); });
}

absl::StatusOr<ShownSecret> Methods::Guarded(const Caller& caller, const std::string& principal,
                                             bool can_be_guessed,
                                             const std::function<Shown()>& look) {
  std::optional<ShownSecret> shown;
  RETURN_IF_ERROR(throttle_.Check(caller.call(),
                                  {.company = caller.company(),
                                   .principal = principal,
                                   .user = caller.user(),
                                   .what = "the present secret",
                                   .can_be_guessed = can_be_guessed},
                                  CurrentSecretWrong(), [&]() -> absl::StatusOr<bool> {
                                    ASSIGN_OR_RETURN(shown, look());
                                    return shown.has_value();
                                  }));
  return *std::move(shown);
}

Methods::Shown Methods::FindCurrent(const Caller& caller, const MethodStanding& standing,
                                    const Secret& current, SecretKind kind) {
  const Method& method = standing.method;
  ASSIGN_OR_RETURN(const SecretMatch match,
                   vault_.Verify(caller.call(), current, kind, method.sealed_secret,
                                 AssociatedData(caller.company(), method.key())));
  if (!match.matches) return std::optional<ShownSecret>();
  return std::optional<ShownSecret>(ShownSecret{method.key(), method.sealed_secret});
}

Methods::Shown Methods::FindAnyCurrent(const Caller& caller, const Secret& current,
                                       SecretKind kind) {
  // Beside a code that hashes fast nothing hashes slowly: the call is not in the lane for it.
  const bool only_codes = kind == SecretKind::kCode && !NeedsSlowHash(current.Reveal(), kind);
  ASSIGN_OR_RETURN(const std::vector<Method> own,
                   store_.ListOfUser(caller.call(), caller.company(), caller.user(), clock_.Now()));
  for (const Method& method : own) {
    const bool is_code = method.key_type == KeyType::kAuthorizationCode;
    if (!is_code && (only_codes || method.key_type != KeyType::kPassword)) continue;
    ASSIGN_OR_RETURN(const std::optional<MethodStanding> found,
                     store_.FindMethod(caller.call(), caller.company(), method.key()));
    if (!found.has_value() || found->method.user != caller.user()) continue;
    ASSIGN_OR_RETURN(
        std::optional<ShownSecret> shown,
        FindCurrent(caller, *found, current, is_code ? SecretKind::kCode : SecretKind::kPassword));
    if (shown.has_value()) return shown;
  }
  return std::optional<ShownSecret>();
}

}  // namespace usher::auth
