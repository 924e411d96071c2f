#include "services/user/users.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/user/user_errors.h"

namespace usher::user {
namespace {

// What a caller may look at: everyone, or some, of whom nobody may be left.
struct Sight {
  bool everyone = false;
  std::vector<UserId> ids;
};

// Guests, and whoever has but a join or activation token, see nobody but themselves.
bool MaySeeOthers(const Caller& caller) {
  return !caller.is_guest() && caller.token().type == token::TokenType::kAccess;
}

Sight SightOf(const Caller& caller, const ListWish& wish) {
  const bool by_name = !wish.ids.empty();
  const bool is_user = MaySeeOthers(caller);
  const bool lists = caller.Has(Permission::kUserList) || caller.Has(Permission::kUserAdmin);
  if (is_user && (lists || (by_name && caller.Has(Permission::kUserShow)))) {
    return {.everyone = !by_name, .ids = wish.ids};
  }
  const bool includes_self =
      !by_name || std::find(wish.ids.begin(), wish.ids.end(), caller.user()) != wish.ids.end();
  return {.everyone = false,
          .ids = includes_self ? std::vector{caller.user()} : std::vector<UserId>()};
}

UserKey KeyOf(const Caller& caller, const UserId& user) { return {caller.company(), user}; }

std::vector<UserId> IdsOf(const std::vector<User>& users) {
  std::vector<UserId> ids;
  ids.reserve(users.size());
  for (const User& user : users) ids.push_back(user.id);
  return ids;
}

}  // namespace

absl::StatusOr<UserList> Users::List(const Caller& caller, const ListWish& wish) {
  const Sight sight = SightOf(caller, wish);
  UserList list;
  if (sight.everyone && wish.ids_only) {
    ASSIGN_OR_RETURN(list.ids, store_.ListIds(caller.call(), caller.company()));
  } else if (sight.everyone) {
    ASSIGN_OR_RETURN(list.users, store_.List(caller.call(), caller.company(), wish.with_metadata));
  } else if (!sight.ids.empty()) {
    const bool with_metadata = wish.with_metadata && !wish.ids_only;
    ASSIGN_OR_RETURN(list.users,
                     store_.FindSome(caller.call(), caller.company(), sight.ids, with_metadata));
    if (wish.ids_only) list = {{}, IdsOf(list.users)};
  }
  return list;
}

absl::StatusOr<UserId> Users::Create(const Caller& caller, const UserChange& draft,
                                     const std::optional<OpaqueCredentials>& credentials) {
  // Before anything is begun. Auth asks the same of the token: it takes nobody's word for it.
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserCreate));
  if (draft.empty() && !credentials.has_value()) return FieldMissing("user");
  ASSIGN_OR_RETURN(const User user, Apply(User(), draft));
  return sagas_.Create(caller.call(), user, credentials);
}

absl::Status Users::Update(const Caller& caller, const UserId& user, const UserChange& change,
                           const std::optional<OpaqueCredentials>& credentials) {
  RETURN_IF_ERROR(RequireSelfOr(caller, user, Permission::kUserAdmin));
  // Password resets go to the e-mail address: whoever could change it could take the account over.
  if (!change.email.empty() || !change.metadata.empty()) {
    RETURN_IF_ERROR(RequirePermission(caller, Permission::kUserAdmin));
  }
  if (change.empty() && !credentials.has_value()) return FieldMissing("user");
  // Auth knows who exists; a profile is not needed for having methods.
  if (change.empty()) return auth_.UpdateMethods(caller.call(), user, *credentials);

  ASSIGN_OR_RETURN(const std::optional<User> current,
                   store_.Find(caller.call(), KeyOf(caller, user)));
  return current.has_value() ? UpdateKnown(caller, *current, change, credentials)
                             : MakeProfile(caller, user, change, credentials);
}

absl::Status Users::UpdateKnown(const Caller& caller, const User& current, const UserChange& change,
                                const std::optional<OpaqueCredentials>& credentials) {
  const UserKey key = KeyOf(caller, current.id);
  if (!change.email.empty() && change.email != current.email && current.id != caller.user()) {
    ASSIGN_OR_RETURN(const KnownUser known, auth_.Get(caller.call(), current.id));
    RETURN_IF_ERROR(RequireDominates(caller, current.id, known.held));
  }
  if (credentials.has_value()) {
    // All that could refuse the change comes before the credentials are changed.
    RETURN_IF_ERROR(Apply(current, change).status());
    if (!change.email.empty()) {
      RETURN_IF_ERROR(store_.RequireEmailFree(caller.call(), key, change.email));
    }
    RETURN_IF_ERROR(auth_.UpdateMethods(caller.call(), current.id, *credentials));
  }
  const DecideUpdate decide = [&](const User& locked) { return Changed(locked, change); };
  const absl::StatusOr<bool> updated = store_.Update(caller.call(), key, decide);
  if (updated.ok() && *updated) return absl::OkStatus();
  if (!credentials.has_value()) return updated.ok() ? UserNotFound() : updated.status();
  // Whatever went wrong, the credentials are changed.
  const bool decided = updated.ok() || ReplyCodeOf(updated.status()).has_value();
  return decided ? ChangedMeanwhile() : UpdateInDoubt();
}

absl::Status Users::MakeProfile(const Caller& caller, const UserId& user, const UserChange& change,
                                const std::optional<OpaqueCredentials>& credentials) {
  ASSIGN_OR_RETURN(const KnownUser known, auth_.Get(caller.call(), user));
  if (known.guest) return GuestHasNoProfile();
  if (!change.email.empty()) RETURN_IF_ERROR(RequireDominates(caller, user, known.held));
  ASSIGN_OR_RETURN(const User made, Apply(User{.id = user}, change));
  return sagas_.MakeProfile(caller.call(), made, credentials);
}

absl::StatusOr<Locale> Users::GetLocale(const Caller& caller, const UserId& user) {
  const bool oneself = user == caller.user();
  if (!oneself) {
    if (!MaySeeOthers(caller)) return OnlyOneself();
    RETURN_IF_ERROR(RequireAnyOf(
        caller, {Permission::kUserShow, Permission::kUserList, Permission::kUserAdmin}));
  }
  ASSIGN_OR_RETURN(const std::optional<User> found,
                   store_.Find(caller.call(), KeyOf(caller, user)));
  if (found.has_value()) return found->locale;
  // Whoever has a token exists, with a profile or without one.
  if (oneself) return Locale();
  return UserNotFound();
}

absl::StatusOr<bool> Users::EnsureProfile(const CallContext& call, const UserId& user,
                                          const UserChange& draft) {
  ASSIGN_OR_RETURN(const std::optional<User> present, store_.Find(call, {call.company, user}));
  if (present.has_value()) return false;
  ASSIGN_OR_RETURN(const KnownUser known, auth_.Get(call, user));
  if (known.guest) return GuestHasNoProfile();
  ASSIGN_OR_RETURN(const User made, Apply(User{.id = user}, draft));
  RETURN_IF_ERROR(sagas_.MakeProfile(call, made, std::nullopt));
  return true;
}

absl::Status Users::Destroy(const Caller& caller, const UserId& user) {
  RETURN_IF_ERROR(RequireSelfOr(caller, user, Permission::kUserAdmin));
  return sagas_.Remove(caller.call(), user);
}

absl::Status Users::ReplaceProfile(const Caller& caller, const UserId& user,
                                   const Profile& profile) {
  RETURN_IF_ERROR(RequireSelfOr(caller, user, Permission::kUserAdmin));
  ASSIGN_OR_RETURN(const bool replaced,
                   store_.ReplaceProfile(caller.call(), KeyOf(caller, user), profile));
  return replaced ? absl::OkStatus() : UserNotFound();
}

}  // namespace usher::user
