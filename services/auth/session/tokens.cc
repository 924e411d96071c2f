#include "services/auth/session/tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/caller_company.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

absl::Status NotHeld(absl::string_view what) {
  return PermissionMissing(absl::StrCat("a token that has ", what, " itself"));
}

// A guest stays one, and nobody becomes one or takes another name by signing.
absl::Status CheckGuestFields(const TokenWish& wish, const token::AccessToken& token) {
  if (wish.guest && !token.guest) return NotHeld("isGuest");
  if (!wish.display_name.empty() && wish.display_name != token.display_name) {
    return NotHeld("that displayName");
  }
  if (!wish.base_permissions_id.empty() && wish.base_permissions_id != token.base_permissions_id) {
    return NotHeld("that basePermissionsId");
  }
  return absl::OkStatus();
}

absl::Status BeyondLimit() {
  return FieldOutOfRange("accessToken.expiresAt",
                         "is later than this token, its session or the account allows");
}

// The guest's side of a token that somebody else signs for a guest.
absl::Status BecomeGuest(const Method& access, absl::Time now, const TokenWish& wish,
                         token::AccessToken* token) {
  const AccountStatus status = EffectiveStatus(MethodStanding{.method = access}, now);
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  const absl::Time end = access.expires_at.value_or(absl::InfiniteFuture());
  if (wish.expires_at.has_value() && token->expires_at > end) return BeyondLimit();
  token->expires_at = std::min(token->expires_at, end);
  token->guest = true;
  token->display_name = GuestName(wish.display_name, access);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SignedToken> Tokens::SignAccessToken(const Caller& caller, const TokenWish& wish) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyFor(caller, wish.company));
  const bool oneself = wish.user == caller.user() && company == caller.company();
  ASSIGN_OR_RETURN(token::AccessToken token,
                   oneself ? ForOneself(caller, wish) : ForAnother(caller, company, wish));
  token.permissions = wish.permissions;
  token.extension_disallowed = caller.token().extension_disallowed || wish.extension_disallowed;
  return Sign(std::move(token));
}

absl::StatusOr<token::AccessToken> Tokens::ForOneself(const Caller& caller, const TokenWish& wish) {
  if (!caller.permissions().Contains(wish.permissions)) {
    return NotHeld("the permissions asked for");
  }
  // Issued when the caller's was, to a revocation: what ends the one ends the other, even if it is
  // signed before this process has heard of it.
  token::AccessToken token = caller.token();
  RETURN_IF_ERROR(CheckGuestFields(wish, token));
  ASSIGN_OR_RETURN(token.expires_at, Expiry(caller, wish));
  return token;
}

absl::StatusOr<token::AccessToken> Tokens::ForAnother(const Caller& caller,
                                                      const CompanyId& company,
                                                      const TokenWish& wish) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  // Only a platform administrator gets as far as to another company.
  if (company == caller.company()) {
    RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
  }
  PermissionChange given;
  given.give = wish.permissions;
  RETURN_IF_ERROR(RequireMayGive(caller, wish.user, given));
  ASSIGN_OR_RETURN(const absl::Time expires_at, Expiry(caller, wish));

  token::AccessToken token;
  ASSIGN_OR_RETURN(const absl::Time held_at, CheckStillHeld(caller, wish.permissions));
  ASSIGN_OR_RETURN(const SigningTarget target, Target(caller, company, wish.user));
  // Whatever ends it, after either look, is younger. The database dates revocations as well.
  token.issued_at = std::min(held_at, target.read_at);
  token.user = wish.user;
  token.company = company;
  token.session = caller.token().session;
  token.expires_at = expires_at;
  if (target.guest_access.has_value()) {
    RETURN_IF_ERROR(BecomeGuest(*target.guest_access, target.read_at, wish, &token));
  }
  RETURN_IF_ERROR(CheckGuestFields(wish, token));
  return token;
}

absl::StatusOr<SigningTarget> Tokens::Target(const Caller& caller, const CompanyId& company,
                                             const UserId& user) {
  ASSIGN_OR_RETURN(std::optional<SigningTarget> target,
                   sessions_.FindSigningTarget(caller.call(), company, user));
  if (!target.has_value() || target->standing.status == AccountStatus::kDeleted) {
    return UserNotFound();
  }
  // Whoever acts for a user can do to that user what only the user may do.
  RETURN_IF_ERROR(RequireDominates(caller, user, target->standing.held));
  const AccountStatus status = EffectiveStatus(target->standing);
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  return *std::move(target);
}

absl::StatusOr<absl::Time> Tokens::Expiry(const Caller& caller, const TokenWish& wish) {
  const absl::Time own = caller.token().expires_at;
  if (!wish.expires_at.has_value()) return own;
  const absl::Time now = clock_.Now();
  const absl::Time expires_at = *wish.expires_at;
  if (expires_at <= now) return FieldOutOfRange("accessToken.expiresAt", "is in the past");
  if (expires_at <= own) return expires_at;
  if (caller.token().extension_disallowed || expires_at > now + lifetimes_.access) {
    return BeyondLimit();
  }
  RETURN_IF_ERROR(CheckExtension(caller, wish, expires_at));
  return expires_at;
}

// Rights that were taken outdate the tokens issued until then; the one that is about to be signed
// is younger. Where the session is gone, its revocation reaches ahead.
absl::StatusOr<absl::Time> Tokens::CheckStillHeld(const Caller& caller, PermissionSet permissions) {
  if (permissions.empty()) return absl::InfiniteFuture();
  ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                   sessions_.Find(caller.call(), caller.company(), caller.token().session));
  if (!standing.has_value()) return absl::InfiniteFuture();
  if (standing->method.method.permissions.Contains(permissions)) return standing->now();
  return NotHeld("the permissions asked for, and an account that still has them,");
}

absl::Status Tokens::CheckExtension(const Caller& caller, const TokenWish& wish,
                                    absl::Time expires_at) {
  ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                   sessions_.Find(caller.call(), caller.company(), caller.token().session));
  if (!standing.has_value() || expires_at > standing->session.expires_at) return BeyondLimit();
  const AccountStatus status = EffectiveStatus(standing->method, standing->now());
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  if (!standing->method.method.permissions.Contains(wish.permissions)) {
    return NotHeld("the permissions asked for, and an account that still has them,");
  }
  if (caller.user() == standing->session.user) return absl::OkStatus();
  return CheckSignedFor(caller, expires_at);
}

// The session is the signer's, and says nothing of whom the token was signed for.
absl::Status Tokens::CheckSignedFor(const Caller& caller, absl::Time expires_at) {
  ASSIGN_OR_RETURN(const std::optional<SigningTarget> target,
                   sessions_.FindSigningTarget(caller.call(), caller.company(), caller.user()));
  if (!target.has_value()) return AccountInactive(AccountStatus::kDeleted);
  const AccountStatus status = EffectiveStatus(target->standing);
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  if (!target->guest_access.has_value()) return absl::OkStatus();
  const Method& access = *target->guest_access;
  const AccountStatus of_access =
      EffectiveStatus(MethodStanding{.method = access}, target->read_at);
  if (of_access != AccountStatus::kActivated) return AccountInactive(of_access);
  return expires_at > access.expires_at.value_or(absl::InfiniteFuture()) ? BeyondLimit()
                                                                         : absl::OkStatus();
}

absl::StatusOr<SignedToken> Tokens::SignJoinToken(const Caller& caller, const JoinTokenWish& wish) {
  const absl::Time now = clock_.Now();
  if (wish.room_admin) {
    // The room service asks; whether it is so says the caller's own token.
    RETURN_IF_ERROR(RequireNoGuest(caller));
    RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomAdmin));
  }
  token::AccessToken token = caller.token();
  token.expires_at = std::min(token.expires_at, now + lifetimes_.access);
  if (wish.expires_at != 0) {
    const absl::Time end = absl::FromUnixSeconds(wish.expires_at);
    if (end <= now) return FieldOutOfRange("expiresAt", "is in the past");
    token.expires_at = std::min(token.expires_at, end);
  }
  token.type = token::TokenType::kJoin;
  token.permissions = PermissionSet();
  token.extension_disallowed = true;
  token.only_room = wish.room;
  token.room_admin = wish.room_admin;
  return Sign(std::move(token));
}

SignedToken Tokens::Sign(token::AccessToken token) const {
  token.token_id = NewUuid();
  token.not_before = token.issued_at;
  return {signer_.Sign(token), token};
}

}  // namespace usher::auth
