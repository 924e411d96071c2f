// Rooms in memory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/status/try.h"
#include "services/room/room_errors.h"
#include "services/room/room_list_wire.h"
#include "services/room/room_store.h"
#include "tests/support/fake_answers.h"
#include "tests/support/room_views.h"

namespace usher::room {

// Thread-safe. Held to room_store_contract.h, like the real one.
class FakeRoomStore final : public RoomStore {
 public:
  // Every method fails with this from the given number of calls on; for what happens when the
  // database goes away.
  void FailAfter(int calls, absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    calls_left_ = calls;
    failure_ = std::move(failure);
  }

  absl::StatusOr<RoomId> Insert(const CallContext& call, const Viewer& viewer, const RoomId& id,
                                const Room& room, const DecideParent& decide) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    const CompanyId& company = viewer.company;
    ASSIGN_OR_RETURN(const std::optional<RoomId> made, answers_.Find(call));
    if (made.has_value()) return *made;
    Rooms& rooms = companies_[company];
    if (!room.parent.empty()) RETURN_IF_ERROR(decide(ParentOf(rooms, viewer, room.parent)));
    rooms.emplace(id, room);
    answers_.Bind(call, id);
    return id;
  }

  absl::StatusOr<std::optional<Room>> Update(const CallContext&, const Viewer& viewer,
                                             const RoomId& id, const RoomChange& change,
                                             const DecideUpdate& decide) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    Rooms& rooms = companies_[viewer.company];
    const auto found = rooms.find(id);
    if (found == rooms.end()) return std::nullopt;
    Room& room = found->second;
    ASSIGN_OR_RETURN(RoomWrite write, decide(Locked(rooms, viewer, id, room, change)));
    static_cast<RoomSettings&>(room) = std::move(write.settings);
    Apply(change.entries, &room.entries);
    Apply(change.sub_rooms, &room.sub_rooms);
    return Updated(viewer, change, room);
  }

  absl::Status Sort(const CallContext&, const Viewer& viewer, const std::vector<RoomMove>& moves,
                    const DecideMove& decide) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    Rooms rooms = companies_[viewer.company];
    for (const RoomMove& move : moves) RETURN_IF_ERROR(MoveOne(viewer, move, decide, &rooms));
    companies_[viewer.company] = std::move(rooms);
    return absl::OkStatus();
  }

  absl::StatusOr<ListedRooms> List(const CallContext&, const Viewer& viewer,
                                   const RoomPage& page) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    Rooms listed;
    uint32_t skipped = 0;
    for (const auto& [id, room] : companies_[viewer.company]) {
      if (!IsWanted(page, id) || !IsSeen(viewer, page, room)) continue;
      if (skipped++ < page.offset) continue;
      if (listed.size() == page.limit) break;
      listed.emplace(id, room);
    }
    std::map<RoomId, SeenRoom> seen;
    size_t bytes = 0;
    for (const auto& [id, room] : listed) {
      const SeenRoom& one = seen.emplace(id, Shown(viewer, page, id, room)).first->second;
      bytes += SizeOf(one);
    }
    if (!page.ids_only && bytes > page.most_bytes) return ReplyTooLarge();
    return Listed(std::move(seen));
  }

  absl::StatusOr<bool> Remove(const CallContext&, const Viewer& viewer, const RoomId& id,
                              const DecideRemoval& decide) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    Rooms& rooms = companies_[viewer.company];
    const auto found = rooms.find(id);
    if (found == rooms.end()) return false;
    RETURN_IF_ERROR(decide(AccessOf(found->second, viewer.subject)));
    for (auto& [other, room] : rooms) {
      if (room.parent == id) room.parent = found->second.parent;
    }
    rooms.erase(found);
    return true;
  }

  absl::StatusOr<std::optional<RoomAccess>> FindAccess(const CallContext&, const Viewer& viewer,
                                                       const RoomId& id,
                                                       const UserId& other) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    const Rooms& rooms = companies_[viewer.company];
    const auto found = rooms.find(id);
    if (found == rooms.end()) return std::nullopt;
    RoomAccess access = AccessOf(found->second, viewer.subject);
    access.other_entry = EntryOf(found->second, other);
    return access;
  }

  absl::StatusOr<bool> ForgetSome(const CallContext&, const CompanyId& company, const UserId& user,
                                  uint32_t most) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Count());
    uint32_t forgotten = 0;
    for (auto& [id, room] : companies_[company]) {
      if (forgotten == most) break;
      forgotten += static_cast<uint32_t>(room.entries.erase(user));
    }
    return forgotten > 0;
  }

 private:
  using Rooms = std::map<RoomId, Room>;

  absl::Status Count() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (failure_.ok() || calls_left_-- > 0) return absl::OkStatus();
    return failure_;
  }

  static std::optional<RoomRights> EntryOf(const Room& room, const UserId& user) {
    const auto found = room.entries.find(user);
    if (found == room.entries.end()) return std::nullopt;
    return found->second;
  }

  static RoomAccess AccessOf(const Room& room, const UserId& user) {
    RoomAccess access;
    access.entry = EntryOf(room, user);
    access.default_rights = room.default_rights;
    access.active_participants = room.active_participants;
    return access;
  }

  static bool IsWanted(const RoomPage& page, const RoomId& id) {
    return !page.only || std::find(page.only->begin(), page.only->end(), id) != page.only->end();
  }

  static bool IsSeen(const Viewer& viewer, const RoomPage& page, const Room& room) {
    const RoomRights rights = EffectiveRights(viewer, AccessOf(room, viewer.subject));
    if (viewer.sees_all && !page.joinable_only) return true;
    return rights.Has(RoomRight::kJoin);
  }

  static SeenRoom Shown(const Viewer& viewer, const RoomPage& page, const RoomId& id, Room room) {
    const RoomAccess access = AccessOf(room, viewer.subject);
    const RoomRights mine = EffectiveRights(viewer, access);
    if (!page.with_others || !mine.Has(RoomRight::kAdmin)) {
      room.entries.clear();
      if (access.entry) room.entries.emplace(viewer.subject, *access.entry);
    }
    if (!page.with_metadata) room.metadata.clear();
    if (!page.with_sub_rooms) room.sub_rooms.clear();
    return {id, std::move(room), mine};
  }

  // What an update answers.
  static Room Updated(const Viewer& viewer, const RoomChange& change, Room room) {
    if (room.entries.size() > kMostBeside) {
      std::erase_if(room.entries, [&](const auto& entry) {
        return entry.first != viewer.subject && change.entries.count(entry.first) == 0;
      });
    }
    if (room.sub_rooms.size() > kMostBeside) {
      std::erase_if(room.sub_rooms,
                    [&](const auto& entry) { return change.sub_rooms.count(entry.first) == 0; });
    }
    return room;
  }

  // In their order, but for one.
  static std::vector<RoomId> Siblings(const Rooms& rooms, const RoomId& parent,
                                      const RoomId& but_for) {
    std::vector<RoomId> siblings;
    for (const auto& [id, room] : rooms) {
      if (room.parent == parent && id != but_for) siblings.push_back(id);
    }
    std::stable_sort(siblings.begin(), siblings.end(), [&](const RoomId& a, const RoomId& b) {
      return rooms.at(a).sort < rooms.at(b).sort;
    });
    return siblings;
  }

  static absl::Status MoveOne(const Viewer& viewer, const RoomMove& move, const DecideMove& decide,
                              Rooms* rooms) {
    const auto found = rooms->find(move.room);
    if (found == rooms->end()) return RoomNotFound();
    RoomChange change;
    change.parent = move.parent;
    RETURN_IF_ERROR(decide(move, Locked(*rooms, viewer, move.room, found->second, change)));
    std::vector<RoomId> siblings = Siblings(*rooms, move.parent, move.room);
    auto place = siblings.begin();
    if (!move.after.empty()) {
      place = std::find(siblings.begin(), siblings.end(), move.after);
      const bool known = place != siblings.end() && ParentOf(*rooms, viewer, move.after).has_entry;
      if (place == siblings.end() || (!viewer.has_defaults && !known)) return PredecessorNotFound();
      ++place;
    }
    std::optional<int64_t> before;
    std::optional<int64_t> after;
    if (place != siblings.begin()) before = rooms->at(*(place - 1)).sort;
    if (place != siblings.end()) after = rooms->at(*place).sort;
    found->second.parent = move.parent;
    if (const std::optional<int64_t> number = PlaceBetween(before, after)) {
      found->second.sort = *number;
      return absl::OkStatus();
    }
    if (siblings.size() > kMostNumbered) return TooManyToNumber(kMostNumbered);
    siblings.insert(place, move.room);
    const std::vector<int64_t> numbers = NewPlaces(siblings.size());
    for (size_t i = 0; i < siblings.size(); ++i) rooms->at(siblings[i]).sort = numbers[i];
    return absl::OkStatus();
  }

  // In a reply.
  static size_t SizeOf(const SeenRoom& seen) {
    ::roomService::RoomListReply reply;
    ToWire(ViewOf(seen), &(*reply.mutable_rooms())[seen.id.value()]);
    return reply.ByteSizeLong();
  }

  static LockedRoom Locked(const Rooms& rooms, const Viewer& viewer, const RoomId& id,
                           const Room& room, const RoomChange& change) {
    LockedRoom locked;
    locked.settings = room;
    locked.access = AccessOf(room, viewer.subject);
    locked.entry_count = room.entries.size();
    locked.sub_room_count = room.sub_rooms.size();
    locked.other_administrator =
        change.entries.empty() && !change.remove_default_rights && !change.default_rights;
    for (const auto& [user, rights] : room.entries) {
      if (change.entries.count(user) > 0) {
        locked.named_entries.insert(user);
      } else if (rights.Has(RoomRight::kAdmin)) {
        locked.other_administrator = true;
      }
    }
    for (const auto& sub_room : room.sub_rooms) {
      if (change.sub_rooms.count(sub_room.first) > 0) {
        locked.named_sub_rooms.insert(sub_room.first);
      }
    }
    locked.parent = ParentOf(rooms, viewer, change.parent);
    for (auto up = rooms.find(change.parent); up != rooms.end();
         up = rooms.find(up->second.parent)) {
      if (up->first == id) locked.parent.is_within = true;
    }
    return locked;
  }

  static Parent ParentOf(const Rooms& rooms, const Viewer& viewer, const RoomId& id) {
    Parent parent;
    const auto found = rooms.find(id);
    parent.exists = found != rooms.end();
    parent.has_entry = parent.exists && found->second.entries.count(viewer.subject) > 0;
    return parent;
  }

  template <class Id, class Value>
  static void Apply(const std::map<Id, std::optional<Value>>& change, std::map<Id, Value>* values) {
    for (const auto& [id, value] : change) {
      values->erase(id);
      if (value) values->emplace(id, *value);
    }
  }

  absl::Mutex mutex_;
  std::map<CompanyId, Rooms> companies_ ABSL_GUARDED_BY(mutex_);
  FakeAnswers<RoomId> answers_ ABSL_GUARDED_BY(mutex_);
  int calls_left_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::room
