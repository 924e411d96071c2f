#include "services/auth/invitation/invitations.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

// What accepting needs of the kinds of credentials that there are invitations for.
struct Given {
  KeyType key_type = KeyType::kPassword;
  std::string principal;
  Secret secret;
  Secret current;
  std::string redirect_uri;
};

absl::StatusOr<Given> GivenBy(const Credentials& credentials) {
  if (const auto* password = std::get_if<PasswordCredentials>(&credentials.body)) {
    return Given{KeyType::kPassword, password->username, password->password, password->current, ""};
  }
  if (const auto* code = std::get_if<CodeCredentials>(&credentials.body)) {
    return Given{KeyType::kAuthorizationCode, code->client_id, code->code, code->current,
                 code->redirect_uri};
  }
  if (const auto* account = std::get_if<DirectoryCredentials>(&credentials.body)) {
    return Given{KeyType::kLdap, account->username, account->password, Secret(), ""};
  }
  return InvitationForOther("keyType");
}

Secret CurrentOf(const Credentials& credentials) {
  const absl::StatusOr<Given> given = GivenBy(credentials);
  return given.ok() ? given->current : Secret();
}

}  // namespace

absl::StatusOr<SignedToken> Invitations::SignIn(const CallContext& call,
                                                const InvitationGrant& grant) {
  ASSIGN_OR_RETURN(const MethodStanding standing, Verified(call, grant));
  token::AccessToken token;
  token.type = token::TokenType::kActivation;
  token.user = standing.method.user;
  token.company = standing.method.company;
  token.extension_disallowed = true;
  // Of no session: it goes with the user.
  token.session = SessionId(NewUuid());
  token.token_id = NewUuid();
  token.issued_at = standing.read_at;
  token.not_before = standing.read_at;
  token.expires_at = std::min(standing.read_at + token_life_,
                              standing.method.expires_at.value_or(absl::InfiniteFuture()));
  return SignedToken{signer_.Sign(token), token};
}

absl::StatusOr<MethodStanding> Invitations::Verified(const CallContext& call,
                                                     const InvitationGrant& grant) {
  std::optional<MethodStanding> found;
  if (!grant.company.empty()) {
    ASSIGN_OR_RETURN(found, store_.Find(call, grant.company, grant.token));
  }
  const Guess guess = {.company = grant.company,
                       .principal = grant.token,
                       .user = found.has_value() ? found->method.user : UserId(),
                       .what = "sign-in by invitation",
                       .can_be_guessed = NeedsSlowHash(grant.code.Reveal(), SecretKind::kCode)};
  RETURN_IF_ERROR(throttle_.Check(call, guess, CredentialsRefused(), [&]() -> absl::StatusOr<bool> {
    if (!found.has_value()) {
      RETURN_IF_ERROR(vault_.VerifyAgainstNothing(call, grant.code, SecretKind::kCode));
      return false;
    }
    return Matches(call, grant.code, SecretKind::kCode, found->method);
  }));
  const AccountStatus status = EffectiveStatus(*found, found->read_at);
  if (status != AccountStatus::kActivated) {
    const absl::Status inactive = AccountInactive(status);
    throttle_.NoteRefusal(call, guess, inactive);
    return inactive;
  }
  return *std::move(found);
}

absl::Status Invitations::Accept(const Caller& caller, const AcceptWish& wish) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  if (wish.user != caller.user()) return UserNotFound();
  ASSIGN_OR_RETURN(const MethodStanding standing, Verified(caller.call(), wish.invitation));
  const Method& invitation = standing.method;

  Acceptance acceptance;
  acceptance.invitation = invitation;
  if (caller.company() == invitation.company) {
    if (caller.user() != invitation.user) return InvitationForOther("user of this company");
  } else {
    ASSIGN_OR_RETURN(acceptance.joining, JoiningOf(caller, CurrentOf(wish.credentials)));
  }
  ASSIGN_OR_RETURN(acceptance.made,
                   MethodFor(caller.call(), invitation, caller.user(), wish.credentials));
  return store_.Accept(caller.call(), acceptance);
}

// Principal, permissions and metadata are what whoever invites has said.
absl::StatusOr<Method> Invitations::MethodFor(const CallContext& call, const Method& invitation,
                                              const UserId& user, const Credentials& credentials) {
  if (credentials.company.value_or(invitation.company) != invitation.company) {
    return InvitationForOther("company");
  }
  ASSIGN_OR_RETURN(const Given given, GivenBy(credentials));
  const InvitedMethod& invited = *invitation.invited;
  if (given.key_type != invited.key_type) return InvitationForOther("keyType");
  Method method;
  method.company = invitation.company;
  method.key_type = invited.key_type;
  method.principal = invited.principal;
  method.principal_key = PrincipalKey(method.key_type, method.principal);
  if (PrincipalKey(method.key_type, given.principal) != method.principal_key) {
    return InvitationForOther("principal");
  }
  method.user = user;
  method.permissions = invitation.permissions;
  method.metadata = invitation.metadata;
  method.redirect_uri = given.redirect_uri;
  if (given.secret.empty()) return FieldMissing("the secret to sign in with");
  if (const auto* account = std::get_if<DirectoryCredentials>(&credentials.body)) {
    ASSIGN_OR_RETURN(method.sealed_secret, EntryOf(call, method, *account));
    return method;
  }
  const bool is_password = method.key_type == KeyType::kPassword;
  if (is_password) {
    RETURN_IF_ERROR(CheckNewPassword(given.secret, method.principal, method.company));
  }
  ASSIGN_OR_RETURN(
      method.sealed_secret,
      vault_.Hash(call, given.secret, is_password ? SecretKind::kPassword : SecretKind::kCode,
                  AssociatedData(method.company, method.key())));
  return method;
}

absl::StatusOr<std::string> Invitations::EntryOf(const CallContext& call, const Method& method,
                                                 const DirectoryCredentials& given) {
  ASSIGN_OR_RETURN(
      const Recognised recognised,
      directories_.Recognise(call,
                             {.company = method.company,
                              .user = method.user,
                              .what = "invitation to an account of a directory"},
                             {.username = given.username,
                              .password = given.password,
                              .bind_dn = given.bind_dn,
                              .search_dn = given.search_dn},
                             CredentialsRefused(), [](const Recognised&) { return true; }));
  return recognised.person.id;
}

// A token that somebody else has signed for the user, or that must not be prolonged, is not the
// user's own word.
absl::StatusOr<Joining> Invitations::JoiningOf(const Caller& caller, const Secret& current) {
  const token::AccessToken& token = caller.token();
  if (token.type != token::TokenType::kAccess || token.extension_disallowed) {
    return JoiningRefused();
  }
  ASSIGN_OR_RETURN(const std::optional<SessionStanding> own,
                   sessions_.Find(caller.call(), caller.company(), token.session));
  if (!own.has_value() || own->session.user != caller.user() || !own->session.base_user.empty()) {
    return JoiningRefused();
  }
  const AccountStatus status = EffectiveStatus(own->method, own->now());
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  Joining joining{.company = caller.company(), .session = token.session};
  if (current.empty()) return joining;
  RETURN_IF_ERROR(CheckCurrent(caller, *own, current));
  joining.both_ways = true;
  return joining;
}

absl::Status Invitations::CheckCurrent(const Caller& caller, const SessionStanding& own,
                                       const Secret& current) {
  const MethodKey& key = own.session.method;
  const bool is_password = key.key_type == KeyType::kPassword;
  if (!is_password && key.key_type != KeyType::kAuthorizationCode) return CurrentSecretWrong();
  ASSIGN_OR_RETURN(const std::optional<MethodStanding> found,
                   methods_.FindMethod(caller.call(), caller.company(), key));
  if (!found.has_value()) return CurrentSecretWrong();
  const SecretKind kind = is_password ? SecretKind::kPassword : SecretKind::kCode;
  return throttle_.Check(caller.call(),
                         {.company = caller.company(),
                          .principal = key.principal_key,
                          .user = caller.user(),
                          .what = "the present secret",
                          .can_be_guessed = NeedsSlowHash(current.Reveal(), kind)},
                         CurrentSecretWrong(),
                         [&] { return Matches(caller.call(), current, kind, found->method); });
}

absl::StatusOr<bool> Invitations::Matches(const CallContext& call, const Secret& secret,
                                          SecretKind kind, const Method& method) {
  ASSIGN_OR_RETURN(const SecretMatch match,
                   vault_.Verify(call, secret, kind, method.sealed_secret,
                                 AssociatedData(method.company, method.key())));
  return match.matches;
}

}  // namespace usher::auth
