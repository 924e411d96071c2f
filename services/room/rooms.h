// What can be done with rooms: who may, which rules hold, what is kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "services/room/engine_tickets.h"
#include "services/room/join_link_bases.h"
#include "services/room/join_token_signer.h"
#include "services/room/presence.h"
#include "services/room/room_store.h"

namespace usher::room {

struct RoomUpdate {
  RoomId id;
  RoomChange change;
};

// One of several updates, or why it cannot be one.
struct NamedUpdate {
  std::string name;  // the room's ID; how what the client wrote begins, where that is none
  absl::StatusOr<RoomUpdate> update;
};

struct ListWish {
  std::vector<RoomId> only;  // empty: all
  uint32_t limit = 100;
  uint32_t offset = 0;
  bool ids_only = false;
  // What may be left out, and of whom.
  bool skip_metadata = false;
  bool skip_others = false;  // entries of others
  bool skip_sub_rooms = false;
  bool skip_unjoinable = false;  // rooms that the caller may not join
};

struct JoinLinkWish {
  RoomId room;
  std::optional<absl::Time> expires_at;  // nothing: as late as may be
};

// Thread-safe. Rooms that do not exist, of other companies, and that the caller may not know about
// are ROOM_NOT_FOUND wherever a room is named.
class Rooms {
 public:
  Rooms(RoomStore& store, Presence& presence, JoinTokenSigner& signer, EngineTickets& tickets,
        JoinLinkBases& bases, RoomLimits limits)
      : store_(store),
        presence_(presence),
        signer_(signer),
        tickets_(tickets),
        bases_(bases),
        limits_(limits) {}

  // Takes ROOM_CREATE. Answers the room as stored.
  absl::StatusOr<SeenRoom> Create(const Caller& caller, const RoomChange& draft);

  // Takes ROOM_ADMIN, or admin in the room. Errors also as in Merge. Answers the room as the caller
  // sees it then (RoomStore::Update says how much of it); nothing where they no longer do.
  absl::StatusOr<std::optional<SeenRoom>> Update(const Caller& caller, const RoomUpdate& update);

  // Each for itself, in order. Answers what became of each name; where a name comes twice, the
  // first failure. Fails as a whole only while nothing was changed; what is left when an update
  // cannot be decided later on fails with it (TIMEOUT or REMOTE_ERROR).
  absl::StatusOr<std::map<std::string, absl::Status>> UpdateSome(
      const Caller& caller, const std::vector<NamedUpdate>& updates);

  // Moves rooms among those with the same parent, or below another one: all or none. Takes
  // ROOM_ADMIN, or admin in each room moved. Errors also as in CheckParent and RoomStore::Sort.
  absl::Status Sort(const Caller& caller, const std::vector<RoomMove>& moves);

  // The rooms that the caller may see, in the order of their creation.
  absl::StatusOr<ListedRooms> List(const Caller& caller, const ListWish& wish);

  // Takes ROOM_ADMIN, or admin in the room.
  absl::Status Destroy(const Caller& caller, const RoomId& id);

  // Who is in those of `only` that the caller may see; empty: in the first page of List.
  // StatusTooLarge.
  absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> Status(const Caller& caller,
                                                                 const std::vector<RoomId>& only);

  // The effective rights of `user`; empty: the caller. For others: ROOM_ADMIN, or admin in the
  // room.
  absl::StatusOr<RoomRights> Permissions(const Caller& caller, const RoomId& id,
                                         const UserId& user);

  // Takes join in the room; QUOTA_EXCEEDED where it is full, RANGE_ERROR for an end that has
  // passed. For holders of ROOM_ADMIN the link counts as admin in the room; for media engines that
  // want one, it has a ticket with what the caller may do there now. Asks auth: blocks.
  absl::StatusOr<std::string> CreateJoinLink(const Caller& caller, const JoinLinkWish& wish);

  // Those of the rooms that somebody else can see, in their order.
  absl::StatusOr<std::vector<RoomId>> FindVisible(const CallContext& call, const Viewer& viewer,
                                                  const std::vector<RoomId>& rooms);

  // Deletes the entries of a user who is gone from all rooms of the company, in pieces: what is
  // done stays done when it fails. A room whose last administrator that was is left without.
  absl::Status ForgetUser(const CallContext& call, const CompanyId& company, const UserId& user);

 private:
  absl::StatusOr<ListedRooms> ListPage(const Caller& caller, RoomPage page);

  RoomStore& store_;
  Presence& presence_;
  JoinTokenSigner& signer_;
  EngineTickets& tickets_;
  JoinLinkBases& bases_;
  const RoomLimits limits_;
};

}  // namespace usher::room
