// What tests of Rooms stand on: the domain over fakes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/room/rooms.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_company_pages.h"
#include "tests/support/fake_engine_tickets.h"
#include "tests/support/fake_join_token_signer.h"
#include "tests/support/fake_room_store.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

inline const UserId kMember("01900000-0000-7000-9000-000000000002");
inline const UserId kOther("01900000-0000-7000-9000-000000000003");
inline constexpr RoomRights kJoin{RoomRight::kJoin};
inline constexpr RoomRights kAdmin{RoomRight::kAdmin};

class FakePresence final : public Presence {
 public:
  absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> ListOccupants(
      const CallContext&, const CompanyId&, const std::vector<RoomId>& rooms) override {
    std::map<RoomId, std::vector<Occupant>> found;
    for (const RoomId& room : rooms) {
      if (online.count(room) > 0) found[room] = online[room];
    }
    return found;
  }
  absl::StatusOr<RoomCrowd> Count(const CallContext&, const CompanyId&, const RoomId& room,
                                  const UserId& user) override {
    RoomCrowd crowd;
    for (const Occupant& occupant : online[room]) {
      ++(occupant.spectator ? crowd.crowd.passive : crowd.crowd.active);
      if (occupant.person.user == user) crowd.is_in = true;
    }
    return crowd;
  }
  std::map<RoomId, std::vector<Occupant>> online;
};

inline Occupant Online(const UserId& user) {
  Occupant occupant;
  occupant.person.user = occupant.person.subject = user;
  return occupant;
}

class RoomsTestBase : public ::testing::Test {
 protected:
  static ACaller Administrator() { return ACaller().With(Permission::kRoomAdmin); }
  static ACaller Member() { return ACaller().As(kMember); }
  static ACaller Guest() { return ACaller().As(kMember).AsGuest(); }

  // Made by somebody with ROOM_ADMIN, so that nobody has an entry but those of the draft.
  RoomId Make(const RoomChange& draft, const std::string& company = "acme") {
    const auto made = rooms_.Create(
        ACaller().In(company).With({Permission::kRoomCreate, Permission::kRoomAdmin}), draft);
    EXPECT_OK(made);
    return made.ok() ? made->id : RoomId();
  }
  RoomId Make(std::map<UserId, std::optional<RoomRights>> entries = {},
              std::optional<RoomRights> default_rights = std::nullopt) {
    RoomChange draft;
    draft.display_name = "room";
    draft.entries = std::move(entries);
    draft.default_rights = default_rights;
    return Make(draft);
  }
  RoomId MakeElsewhere() {
    RoomChange draft;
    draft.display_name = "theirs";
    return Make(draft, "other");
  }
  Room Get(const RoomId& id) {
    const auto found = rooms_.List(Administrator(), {.only = {id}});
    EXPECT_OK(found);
    EXPECT_EQ(found->size(), 1u);
    return found->empty() ? Room() : RoomOf(*found->begin());
  }
  static RoomChange Renamed() {
    RoomChange change;
    change.display_name = "renamed";
    return change;
  }

  FakeRoomStore store_;
  FakePresence presence_;
  FakeJoinTokenSigner signer_;
  FakeEngineTickets tickets_;
  FakeCompanyPages pages_;
  JoinLinkBases bases_{&pages_, {.platform = "https://meet.example"}};
  Rooms rooms_{store_, presence_, signer_, tickets_, bases_, {}};
};

}  // namespace usher::room
