#include "services/room/rooms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/room_errors.h"

namespace usher::room {
namespace {

// Default rights and backend permissions open rooms to users of the company, never to guests.
Viewer ViewerOf(const Caller& caller) {
  const bool is_user = !caller.is_guest();
  Viewer viewer;
  viewer.company = caller.company();
  viewer.subject = caller.room_subject();
  viewer.administers_all = is_user && caller.Has(Permission::kRoomAdmin);
  viewer.sees_all = viewer.administers_all || (is_user && caller.Has(Permission::kRoomList));
  viewer.has_defaults = is_user;
  return viewer;
}

// A join token is good for its one room.
bool TokenReaches(const Caller& caller, const RoomId& id) {
  return caller.token().type != token::TokenType::kJoin || caller.token().only_room == id;
}

absl::Status RequireAdminIn(const Caller& caller, const Viewer& viewer, const RoomAccess& access) {
  if (!MayKnow(viewer, access)) return RoomNotFound();
  return RequireRoomAdmin(caller, EffectiveRights(viewer, access));
}

bool IsDecided(const absl::Status& status) {
  return status.ok() || ReplyCodeOf(status).has_value();
}

// What a bulk call says of an update of which nobody knows, or for which there was no time left.
absl::Status AsDecided(const absl::Status& undecided) {
  const bool late = absl::IsDeadlineExceeded(undecided) || absl::IsCancelled(undecided);
  return ReplyError(late ? ::common::TIMEOUT : ::common::REMOTE_ERROR,
                    "this room was not reached, or its outcome is not known; try again");
}

}  // namespace

absl::StatusOr<CreatedRoom> Rooms::Create(const Caller& caller, const RoomChange& draft) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomCreate));
  ASSIGN_OR_RETURN(Room room, NewRoom(draft, options_.limits));
  const Viewer viewer = ViewerOf(caller);
  if (!viewer.administers_all) {
    RoomRights& own = room.entries[viewer.subject];
    own = own.Or(RoomRights{RoomRight::kAdmin});
  }
  if (room.entries.size() > options_.limits.entries) {
    return FieldTooLong("room.permissions (entries, with your own)", options_.limits.entries);
  }
  RETURN_IF_ERROR(RequireKnownParent(caller, room.parent));
  ASSIGN_OR_RETURN(const std::optional<RoomId> id,
                   store_.Insert(caller.call(), viewer.company, RoomId(NewUuid()), room));
  if (!id) return ParentNotFound();
  return CreatedRoom{*id, std::move(room)};
}

absl::Status Rooms::Update(const Caller& caller, const RoomUpdate& update) {
  const Viewer viewer = ViewerOf(caller);
  RETURN_IF_ERROR(RequireKnownParent(caller, update.change.parent));
  const DecideUpdate decide = [&](const LockedRoom& room) -> absl::StatusOr<RoomWrite> {
    RETURN_IF_ERROR(RequireAdminIn(caller, viewer, room.access));
    if (!viewer.administers_all && LeavesNoAdministrator(room, update.change)) {
      return LastAdministrator();
    }
    return Merge(room, update.change, options_.limits);
  };
  ASSIGN_OR_RETURN(const bool found,
                   store_.Update(caller.call(), viewer, update.id, update.change, decide));
  return found ? absl::OkStatus() : RoomNotFound();
}

absl::StatusOr<std::map<std::string, absl::Status>> Rooms::UpdateSome(
    const Caller& caller, const std::vector<NamedUpdate>& updates) {
  std::map<std::string, absl::Status> outcomes;
  bool changed = false;
  absl::Status given_up;
  for (const NamedUpdate& named : updates) {
    absl::Status outcome = given_up;
    if (outcome.ok()) {
      outcome = named.update.ok() ? Update(caller, *named.update) : named.update.status();
    }
    if (!IsDecided(outcome)) {
      if (!changed) return outcome;
      given_up = AsDecided(outcome);
      outcome = given_up;
    }
    changed = changed || outcome.ok();
    absl::Status& told = outcomes[named.name];
    if (told.ok()) told = outcome;
  }
  return outcomes;
}

absl::StatusOr<ListedRooms> Rooms::List(const Caller& caller, const ListWish& wish) {
  RoomPage page;
  if (!wish.only.empty()) page.only = wish.only;
  page.limit = wish.limit;
  page.offset = wish.offset;
  page.ids_only = wish.ids_only;
  return ListPage(caller, std::move(page));
}

absl::Status Rooms::Destroy(const Caller& caller, const RoomId& id) {
  const Viewer viewer = ViewerOf(caller);
  const DecideRemoval decide = [&](const RoomAccess& access) {
    return RequireAdminIn(caller, viewer, access);
  };
  ASSIGN_OR_RETURN(const bool found, store_.Remove(caller.call(), viewer, id, decide));
  return found ? absl::OkStatus() : RoomNotFound();
}

absl::StatusOr<std::map<RoomId, std::vector<UserId>>> Rooms::Status(
    const Caller& caller, const std::vector<RoomId>& only) {
  RoomPage page;
  page.ids_only = true;
  if (!only.empty()) {
    page.only = only;
    page.limit = static_cast<uint32_t>(only.size());
  }
  ASSIGN_OR_RETURN(const ListedRooms seen, ListPage(caller, std::move(page)));
  std::vector<RoomId> ids;
  ids.reserve(seen.size());
  for (const RoomView& room : seen) ids.emplace_back(std::string(room.id));
  ASSIGN_OR_RETURN(auto online, presence_.ListOnline(caller.call(), caller.company(), ids));
  for (const RoomId& id : ids) online[id];  // rooms with nobody in them are told as well
  return online;
}

absl::StatusOr<RoomRights> Rooms::Permissions(const Caller& caller, const RoomId& id,
                                              const UserId& user) {
  if (!TokenReaches(caller, id)) return RoomNotFound();
  const Viewer viewer = ViewerOf(caller);
  const bool oneself = user.empty() || user == caller.user() || user == viewer.subject;
  ASSIGN_OR_RETURN(const std::optional<RoomAccess> access,
                   store_.FindAccess(caller.call(), viewer, id, oneself ? UserId() : user));
  if (!access || !MayKnow(viewer, *access)) return RoomNotFound();
  const RoomRights own = EffectiveRights(viewer, *access);
  if (oneself) return own;
  RETURN_IF_ERROR(RequireRoomAdmin(caller, own));
  return EffectiveRightsOfOther(*access);
}

absl::StatusOr<std::string> Rooms::CreateJoinLink(const Caller& caller, const RoomId& id) {
  const Viewer viewer = ViewerOf(caller);
  ASSIGN_OR_RETURN(const std::optional<RoomAccess> access,
                   store_.FindAccess(caller.call(), viewer, id, UserId()));
  if (!access || !MayKnow(viewer, *access)) return RoomNotFound();
  if (!EffectiveRights(viewer, *access).Has(RoomRight::kJoin)) return JoinMissing();
  if (access->active_participants > 0) {
    ASSIGN_OR_RETURN(const size_t online, presence_.CountOnline(caller.call(), viewer.company, id));
    if (online >= access->active_participants) return RoomFull(access->active_participants);
  }
  ASSIGN_OR_RETURN(const std::string token, signer_.SignJoinToken(caller.call(), id));
  return absl::StrCat(options_.join_link_base, "/join/", viewer.company.value(), "/", id.value(),
                      "#", absl::WebSafeBase64Escape(token));
}

// For users of the company the store looks whether the parent exists; guests must know it.
absl::Status Rooms::RequireKnownParent(const Caller& caller, const RoomId& parent) {
  if (parent.empty() || !caller.is_guest()) return absl::OkStatus();
  const Viewer viewer = ViewerOf(caller);
  ASSIGN_OR_RETURN(const std::optional<RoomAccess> access,
                   store_.FindAccess(caller.call(), viewer, parent, UserId()));
  return access && MayKnow(viewer, *access) ? absl::OkStatus() : ParentNotFound();
}

absl::StatusOr<ListedRooms> Rooms::ListPage(const Caller& caller, RoomPage page) {
  const token::AccessToken& token = caller.token();
  if (token.type == token::TokenType::kJoin) {
    const bool wanted = !page.only || std::find(page.only->begin(), page.only->end(),
                                                token.only_room) != page.only->end();
    if (!wanted) return ListedRooms();
    page.only = std::vector<RoomId>{token.only_room};
  }
  return store_.List(caller.call(), ViewerOf(caller), page);
}

}  // namespace usher::room
