#include "services/room/rooms.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/room_errors.h"
#include "services/room/viewer.h"

namespace usher::room {
namespace {

// The entries that one transaction deletes.
constexpr uint32_t kForgottenAtOnce = 100;

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

absl::StatusOr<SeenRoom> Rooms::Create(const Caller& caller, const RoomChange& draft) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomCreate));
  const Viewer viewer = ViewerOf(caller);
  ASSIGN_OR_RETURN(Room room, NewRoom(viewer, draft, limits_));
  const DecideParent decide = [&](const Parent& parent) { return CheckParent(viewer, parent); };
  ASSIGN_OR_RETURN(const RoomId id,
                   store_.Insert(caller.call(), viewer, RoomId(NewUuid()), room, decide));
  const RoomRights mine = EffectiveRights(viewer, AccessTo(room, viewer));
  return SeenRoom{id, std::move(room), mine};
}

absl::StatusOr<std::optional<SeenRoom>> Rooms::Update(const Caller& caller,
                                                      const RoomUpdate& update) {
  const Viewer viewer = ViewerOf(caller);
  const DecideUpdate decide = [&](const LockedRoom& room) -> absl::StatusOr<RoomWrite> {
    RETURN_IF_ERROR(RequireAdminIn(caller, viewer, room.access));
    if (!viewer.administers_all && LeavesNoAdministrator(room, update.change)) {
      return LastAdministrator();
    }
    return Merge(viewer, room, update.change, limits_);
  };
  ASSIGN_OR_RETURN(std::optional<Room> room,
                   store_.Update(caller.call(), viewer, update.id, update.change, decide));
  if (!room) return RoomNotFound();
  return SeenBy(viewer, update.id, *std::move(room));
}

absl::StatusOr<std::map<std::string, absl::Status>> Rooms::UpdateSome(
    const Caller& caller, const std::vector<NamedUpdate>& updates) {
  std::map<std::string, absl::Status> outcomes;
  bool changed = false;
  absl::Status given_up;
  for (const NamedUpdate& named : updates) {
    absl::Status outcome = given_up;
    if (outcome.ok()) {
      outcome = named.update.ok() ? Update(caller, *named.update).status() : named.update.status();
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

absl::Status Rooms::Sort(const Caller& caller, const std::vector<RoomMove>& moves) {
  const Viewer viewer = ViewerOf(caller);
  const DecideMove decide = [&](const RoomMove& move, const LockedRoom& room) -> absl::Status {
    RETURN_IF_ERROR(RequireAdminIn(caller, viewer, room.access));
    return move.parent.empty() ? absl::OkStatus() : CheckParent(viewer, room.parent);
  };
  return store_.Sort(caller.call(), viewer, moves, decide);
}

absl::StatusOr<ListedRooms> Rooms::List(const Caller& caller, const ListWish& wish) {
  RoomPage page;
  if (!wish.only.empty()) page.only = wish.only;
  page.limit = wish.limit;
  page.offset = wish.offset;
  page.ids_only = wish.ids_only;
  page.with_metadata = !wish.skip_metadata;
  page.with_others = !wish.skip_others;
  page.with_sub_rooms = !wish.skip_sub_rooms;
  page.joinable_only = wish.skip_unjoinable;
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

absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> Rooms::Status(
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
  ASSIGN_OR_RETURN(auto occupants, presence_.ListOccupants(caller.call(), caller.company(), ids));
  for (const RoomId& id : ids) occupants[id];  // rooms with nobody in them are told as well
  return occupants;
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

absl::StatusOr<std::string> Rooms::CreateJoinLink(const Caller& caller, const JoinLinkWish& wish) {
  const Viewer viewer = ViewerOf(caller);
  ASSIGN_OR_RETURN(const std::optional<RoomAccess> access,
                   store_.FindAccess(caller.call(), viewer, wish.room, UserId()));
  if (!access || !MayKnow(viewer, *access)) return RoomNotFound();
  const RoomRights rights = EffectiveRights(viewer, *access);
  if (!rights.Has(RoomRight::kJoin)) return JoinMissing();
  if (access->active_participants > 0) {
    ASSIGN_OR_RETURN(const RoomCrowd room,
                     presence_.Count(caller.call(), viewer.company, wish.room, caller.user()));
    // Who is in it has a place: somebody who comes back by another link takes no further one.
    const bool full = room.crowd.active >= access->active_participants;
    if (full && !room.is_in) return RoomFull(access->active_participants);
  }
  ASSIGN_OR_RETURN(
      const JoinToken token,
      signer_.SignJoinToken(caller.call(), {wish.room, wish.expires_at, viewer.administers_all}));
  const Entrance entrance{.company = viewer.company,
                          .room = wish.room,
                          .person = {.user = caller.user(),
                                     .subject = viewer.subject,
                                     .guest = caller.is_guest(),
                                     .room_admin = viewer.administers_all},
                          .display_name = caller.token().display_name,
                          .rights = rights,
                          .expires_at = token.expires_at};
  return absl::StrCat(bases_.BaseOf(caller.call(), viewer.company), "/join/",
                      viewer.company.value(), "/", wish.room.value(), "#",
                      absl::WebSafeBase64Escape(token.bytes),
                      tickets_.TicketFor(caller.call(), entrance));
}

absl::StatusOr<std::vector<RoomId>> Rooms::FindVisible(const CallContext& call,
                                                       const Viewer& viewer,
                                                       const std::vector<RoomId>& rooms) {
  RoomPage page;
  page.only = rooms;
  page.limit = static_cast<uint32_t>(rooms.size());
  page.ids_only = true;
  ASSIGN_OR_RETURN(const ListedRooms seen, store_.List(call, viewer, page));
  std::set<absl::string_view> visible;
  for (const RoomView& room : seen) visible.insert(room.id);
  std::vector<RoomId> found;
  for (const RoomId& room : rooms) {
    if (visible.count(room.value()) > 0) found.push_back(room);
  }
  return found;
}

absl::Status Rooms::ForgetUser(const CallContext& call, const CompanyId& company,
                               const UserId& user) {
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(more, store_.ForgetSome(call, company, user, kForgottenAtOnce));
  }
  return absl::OkStatus();
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
