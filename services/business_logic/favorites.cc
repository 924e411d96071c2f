#include "services/business_logic/favorites.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/business_logic/favorite_errors.h"

namespace usher::business_logic {

absl::StatusOr<Favorites::Eyes> Favorites::RequireMayUse(const Caller& caller, const UserId& user) {
  RETURN_IF_ERROR(RequireSelfOr(caller, user, Permission::kUserAdmin));
  if (user == caller.user()) return std::nullopt;
  return users_.Get(caller.call(), user);
}

absl::StatusOr<std::vector<RoomId>> Favorites::List(const Caller& caller, const UserId& user) {
  ASSIGN_OR_RETURN(const Eyes eyes, RequireMayUse(caller, user));
  ASSIGN_OR_RETURN(Split split, SplitByVisibility(caller, eyes, {caller.company(), user}));
  return std::move(split.visible);
}

absl::Status Favorites::Update(const Caller& caller, const UserId& user,
                               const FavoriteChange& change) {
  ASSIGN_OR_RETURN(const Eyes eyes, RequireMayUse(caller, user));
  if (change.empty()) return FieldMissing("roomIds");
  const Owner owner{caller.company(), user};
  if (!change.add.empty()) {
    ASSIGN_OR_RETURN(const std::set<RoomId> visible, Visible(caller, eyes, change.add));
    for (const RoomId& room : change.add) {
      if (visible.count(room) == 0) return FavoriteRoomNotFound(room);
    }
  }
  const absl::Status changed = store_.Change(caller.call(), owner, change);
  if (ReplyCodeOf(changed) != ::common::QUOTA_EXCEEDED) return changed;

  // Nobody could remove what they do not see.
  ASSIGN_OR_RETURN(const Split split, SplitByVisibility(caller, eyes, owner));
  if (split.hidden.empty()) return changed;
  const std::set<RoomId> added(change.add.begin(), change.add.end());
  FavoriteChange wider = change;
  for (const RoomId& room : split.hidden) {
    if (added.count(room) == 0) wider.remove.push_back(room);
  }
  return store_.Change(caller.call(), owner, wider);
}

absl::Status Favorites::ForgetUser(const CallContext& call, const Owner& owner) {
  return store_.Forget(call, owner);
}

absl::StatusOr<std::set<RoomId>> Favorites::Visible(const Caller& caller, const Eyes& eyes,
                                                    const std::vector<RoomId>& rooms) {
  return eyes ? rooms_.ToUser(caller.call(), *eyes, rooms) : rooms_.ToCaller(caller.call(), rooms);
}

absl::StatusOr<Favorites::Split> Favorites::SplitByVisibility(const Caller& caller,
                                                              const Eyes& eyes,
                                                              const Owner& owner) {
  ASSIGN_OR_RETURN(const std::vector<RoomId> rooms, store_.List(caller.call(), owner));
  Split split;
  if (rooms.empty()) return split;
  ASSIGN_OR_RETURN(const std::set<RoomId> visible, Visible(caller, eyes, rooms));
  for (const RoomId& room : rooms) {
    (visible.count(room) > 0 ? split.visible : split.hidden).push_back(room);
  }
  return split;
}

}  // namespace usher::business_logic
