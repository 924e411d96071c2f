// Where rooms are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/room.h"
#include "services/room/room_order.h"
#include "services/room/room_view.h"

namespace usher::room {

// Which of the rooms that a viewer may join or administer (or all, for who sees all) are wanted.
struct RoomPage {
  std::optional<std::vector<RoomId>> only;  // nothing: any
  uint32_t limit = 100;
  uint32_t offset = 0;
  bool ids_only = false;  // the rooms themselves may be left empty
  bool with_metadata = true;
  bool with_others = true;  // entries of others, to who may see them
  bool with_sub_rooms = true;
  bool joinable_only = false;                // also for who sees all
  size_t most_bytes = rpc::kLargestContent;  // of a reply, for all of them together
};

// An update answers all entries of a room, and all sub-rooms, as long as they are no more than
// this.
inline constexpr size_t kMostBeside = 32;

// What becomes of a room that is locked; a failure leaves it as it was. May be called several
// times, as a transaction may be run again.
using DecideParent = std::function<absl::Status(const Parent&)>;
using DecideUpdate = std::function<absl::StatusOr<RoomWrite>(const LockedRoom&)>;
using DecideRemoval = std::function<absl::Status(const RoomAccess&)>;
using DecideMove = std::function<absl::Status(const RoomMove&, const LockedRoom&)>;

// Thread-safe. Every method stays inside one company. Errors besides those named: sql_error.h.
class RoomStore {
 public:
  virtual ~RoomStore() = default;

  // Answers the ID of the room: `id`, or that of the first call with this idempotency key (then
  // nothing is made). Where the room has a parent, that one stays while it is made, unless `decide`
  // objects: fails as `decide` does, and leaves nothing behind. ACTION_INVALID as in idempotency.h.
  virtual absl::StatusOr<RoomId> Insert(const CallContext& call, const Viewer& viewer,
                                        const RoomId& id, const Room& room,
                                        const DecideParent& decide) = 0;

  // Locks the room and writes what `decide` answers, together with the entries and sub-rooms of
  // the change. Answers the room as it is then: of more than kMostBeside entries, or sub-rooms,
  // those that the change gives, and the viewer's. Nothing when there is no such room. Fails as
  // `decide` does.
  virtual absl::StatusOr<std::optional<Room>> Update(const CallContext& call, const Viewer& viewer,
                                                     const RoomId& id, const RoomChange& change,
                                                     const DecideUpdate& decide) = 0;

  // In the order of creation. Of `entries`, viewers who may not administer a room get their own.
  // ReplyTooLarge, without having read them, for rooms that surely take more than page.most_bytes;
  // what just does not fit is for the one who writes them to find out.
  virtual absl::StatusOr<ListedRooms> List(const CallContext& call, const Viewer& viewer,
                                           const RoomPage& page) = 0;

  // Makes the moves one after the other, all or none; each room is locked before `decide` is asked.
  // RoomNotFound, PredecessorNotFound for one that has another parent, or that the viewer may not
  // know about, TooManyToNumber, and as `decide` does.
  virtual absl::Status Sort(const CallContext& call, const Viewer& viewer,
                            const std::vector<RoomMove>& moves, const DecideMove& decide) = 0;

  // Locks the room, and unless `decide` objects removes it with its entries and sub-rooms; rooms
  // below it move to its parent. False when there is no such room. Fails as `decide` does.
  virtual absl::StatusOr<bool> Remove(const CallContext& call, const Viewer& viewer,
                                      const RoomId& id, const DecideRemoval& decide) = 0;

  // What the viewer, and `other` unless empty, may do in a room comes from this. Nothing when there
  // is no such room.
  virtual absl::StatusOr<std::optional<RoomAccess>> FindAccess(const CallContext& call,
                                                               const Viewer& viewer,
                                                               const RoomId& id,
                                                               const UserId& other) = 0;

  // Deletes the entries of a user in at most `most` rooms, in one short transaction. False when
  // there were none.
  virtual absl::StatusOr<bool> ForgetSome(const CallContext& call, const CompanyId& company,
                                          const UserId& user, uint32_t most) = 0;
};

}  // namespace usher::room
