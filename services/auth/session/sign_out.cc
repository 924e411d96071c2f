#include "services/auth/session/sign_out.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/caller_company.h"

namespace usher::auth {
namespace {

// Who came in through a shareable access has an ID, and is no user.
bool IsSharedGuest(const Caller& caller) {
  return caller.is_guest() && !caller.token().base_permissions_id.empty();
}

}  // namespace

absl::Status SignOut::Everywhere(const Caller& caller, const SignOutWish& wish) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyFor(caller, wish.company));
  const UserId& user = wish.user.empty() ? caller.user() : wish.user;
  const bool own = user == caller.user() && company == caller.company();
  if (!own) {
    RETURN_IF_ERROR(RequireNoGuest(caller));
    // Only a platform administrator gets as far as to another company.
    if (company == caller.company()) {
      RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
    }
    if (wish.keep_own) {
      return FieldMalformed("keep_own", "is for oneself; leave it out, or user_id");
    }
  }
  absl::StatusOr<Ended> ended;
  if (own && IsSharedGuest(caller)) {
    // The one session that such a guest has goes on.
    if (wish.keep_own) return absl::OkStatus();
    ended = methods_.EndGuest(caller.call(), company, user);
  } else {
    ended = EndAll(caller, company, user, wish.keep_own ? caller.token().session : SessionId());
  }
  RETURN_IF_ERROR(ended.status());
  // At once in this process; the others hear of it from the feed.
  revocations_.Add(*ended);
  return absl::OkStatus();
}

absl::StatusOr<Ended> SignOut::EndAll(const Caller& caller, const CompanyId& company,
                                      const UserId& user, const SessionId& kept) {
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   users_.FindUser(caller.call(), company, user, clock_.Now()));
  if (!standing.has_value() || standing->status == AccountStatus::kDeleted) return UserNotFound();
  RETURN_IF_ERROR(RequireDominates(caller, user, standing->held));
  UserChange change;
  change.company = company;
  change.user = user;
  change.held = standing->held;
  change.end_sessions = true;
  change.kept_session = kept;
  return methods_.ChangeUser(caller.call(), change,
                             [&](const LockedUser& locked) { return Judge(locked, change); });
}

}  // namespace usher::auth
