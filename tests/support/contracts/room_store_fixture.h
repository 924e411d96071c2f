// What the contracts of a RoomStore stand on. A fixture has `RoomStore& store()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/room/room_errors.h"
#include "services/room/room_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/room_views.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

// A user ID that differs in its last digits.
inline UserId ContractUser(int number) {
  return UserId(absl::StrCat("01900000-0000-7000-9000-", absl::Dec(number, absl::kZeroPad12)));
}

// For rooms whose parents are beside the point.
inline absl::Status AnyParent(const Parent&) { return absl::OkStatus(); }

template <class Fixture>
class RoomStoreFixture : public Fixture {
 protected:
  static Viewer Administrator(const std::string& company = "acme") {
    Viewer viewer;
    viewer.company = CompanyId(company);
    viewer.subject = ContractUser(1);
    viewer.sees_all = viewer.administers_all = viewer.has_defaults = true;
    return viewer;
  }
  static Viewer UserWithout(int number) {
    Viewer viewer;
    viewer.company = CompanyId("acme");
    viewer.subject = ContractUser(number);
    viewer.has_defaults = true;
    return viewer;
  }
  static Viewer Guest(int number) {
    Viewer viewer = UserWithout(number);
    viewer.has_defaults = false;
    return viewer;
  }

  RoomId Insert(const std::string& name, const RoomId& parent = RoomId()) {
    Room room;
    room.display_name = name;
    room.parent = parent;
    return Insert(room);
  }
  RoomId Insert(const Room& room, const std::string& company = "acme") {
    const RoomId id(NewUuid());
    EXPECT_THAT(this->TryInsert(ACall(company), id, room, company), IsOkAndHolds(id));
    return id;
  }
  absl::StatusOr<RoomId> TryInsert(const CallContext& call, const RoomId& id, const Room& room,
                                   const std::string& company = "acme") {
    const Viewer viewer = Administrator(company);
    return this->store().Insert(call, viewer, id, room,
                                [&](const Parent& parent) { return CheckParent(viewer, parent); });
  }
  // Whether there was such a room.
  absl::StatusOr<bool> Update(const RoomId& id, const RoomChange& change) {
    const auto updated = UpdateBy(Administrator(), id, change);
    if (!updated.ok()) return updated.status();
    return updated->has_value();
  }
  absl::StatusOr<std::optional<Room>> UpdateBy(const Viewer& viewer, const RoomId& id,
                                               const RoomChange& change) {
    return this->store().Update(ACall(), viewer, id, change, [&](const LockedRoom& room) {
      return Merge(viewer, room, change, RoomLimits());
    });
  }
  std::optional<Room> Find(const RoomId& id, const Viewer& viewer) {
    RoomPage page;
    page.only = std::vector<RoomId>{id};
    const auto listed = this->store().List(ACall(), viewer, page);
    EXPECT_OK(listed);
    if (!listed.ok() || listed->empty()) return std::nullopt;
    return RoomOf(*listed->begin());
  }
  std::optional<Room> Find(const RoomId& id) { return Find(id, Administrator()); }
  std::vector<std::string> Names(const Viewer& viewer, uint32_t limit = 100, uint32_t offset = 0) {
    RoomPage page;
    page.limit = limit;
    page.offset = offset;
    const auto listed = this->store().List(ACall(), viewer, page);
    EXPECT_OK(listed);
    std::vector<std::string> names;
    if (!listed.ok()) return names;
    for (const RoomView& room : *listed) names.emplace_back(room.display_name);
    return names;
  }
};

}  // namespace usher::room
