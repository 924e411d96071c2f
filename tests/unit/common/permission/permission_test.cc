#include "common/permission/permission.h"

#include <gtest/gtest.h>

#include <iterator>

#include "common/access/require.h"
#include "common/permission/permission_wire.h"
#include "common/permission/role.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace permission_test {

using P = Permission;

TEST(PermissionSet, HoldsWhatItWasGiven) {
  constexpr PermissionSet set{P::kUserAdmin, P::kRoomCreate};
  EXPECT_TRUE(set.Has(P::kUserAdmin));
  EXPECT_FALSE(set.Has(P::kUserCreate));
  EXPECT_TRUE(PermissionSet().empty());
  EXPECT_EQ(PermissionSet::FromMask(set.mask()), set);
}

TEST(PermissionSet, KeepsItsBitsWhereTheDatabaseHasThem) {
  EXPECT_EQ(PermissionSet{P::kUserCreate}.mask(), 1u << 1);
  EXPECT_EQ(PermissionSet{P::kRoomAdmin}.mask(), 1u << 15);
  EXPECT_EQ(PermissionSet{P::kManageCompany}.mask(), 1u << 16);
  EXPECT_EQ(PermissionSet{P::kManageBilling}.mask(), 1u << 17);
  EXPECT_EQ(RoomRights{RoomRight::kAction}.mask(), 1u << 30);
}

TEST(PermissionSet, CombinesLikeSets) {
  const PermissionSet a{P::kUserAdmin, P::kRoomCreate};
  const PermissionSet b{P::kUserAdmin, P::kRoomList};
  EXPECT_EQ(a.And(b), PermissionSet{P::kUserAdmin});
  EXPECT_EQ(a.Or(b), (PermissionSet{P::kUserAdmin, P::kRoomCreate, P::kRoomList}));
  EXPECT_EQ(a.Without(b), PermissionSet{P::kRoomCreate});
  EXPECT_TRUE(a.Or(b).Contains(b));
  EXPECT_FALSE(a.Contains(b));
  EXPECT_TRUE(a.Contains({}));
}

TEST(CompanyAdministrator, HoldsEverythingButThePlatformsPermissions) {
  PermissionSet all;
  for (int number = 1; number < 32; ++number) {
    if (::common::BackendPermission_IsValid(number)) {
      all = all.Or(PermissionSet{static_cast<P>(number)});
    }
  }
  EXPECT_EQ(kCompanyAdministrator, all.Without(kPlatformPermissions));
  EXPECT_TRUE(kCompanyAdministrator.And(kPlatformPermissions).empty());
}

TEST(Permission, HasTheNumbersAndNamesOfTheWire) {
  for (int number = 1; number < 32; ++number) {
    if (!::common::BackendPermission_IsValid(number)) continue;
    EXPECT_EQ(PermissionName(static_cast<P>(number)),
              ::common::BackendPermission_Name(static_cast<::common::BackendPermission>(number)));
  }
}

TEST(PermissionChange, GivesAndTakes) {
  const PermissionSet held{P::kUserShow, P::kUserList};
  const PermissionChange change{{P::kRoomCreate}, {P::kUserList, P::kRoomAdmin}, false};
  EXPECT_EQ(change.ApplyTo(held), (PermissionSet{P::kUserShow, P::kRoomCreate}));
  EXPECT_FALSE(change.empty());
  EXPECT_TRUE(PermissionChange().empty());
  EXPECT_EQ(PermissionChange().ApplyTo(held), held);
}

TEST(PermissionChange, StrippingAllWinsOverGiving) {
  PermissionChange change{{P::kRoomCreate}, {}, true};
  EXPECT_TRUE(change.ApplyTo({P::kUserShow}).empty());
  EXPECT_FALSE(change.empty());
}

WirePermissions Wire(const std::map<int32_t, bool>& entries) {
  return WirePermissions(entries.begin(), entries.end());
}

TEST(PermissionsFromWire, WhatIsHeldIsNeverLessThanWasSaid) {
  EXPECT_EQ(PermissionsFromWire(Wire({{5, true}, {10, false}, {15, true}})),
            (PermissionSet{P::kUserAdmin, P::kRoomAdmin}));
  // A permission of a release to come.
  EXPECT_EQ(PermissionsFromWire(Wire({{31, true}})).mask(), 1u << 31);
  EXPECT_TRUE(PermissionsFromWire(Wire({{999, true}, {0, true}, {-1, true}, {32, true}})).empty());
  WirePermissions wire;
  PermissionsToWire(PermissionSet::FromMask(~uint32_t{1}), &wire);
  EXPECT_EQ(PermissionsFromWire(wire), PermissionSet::FromMask(~uint32_t{1}));
}

TEST(PermissionChangeFromWire, ReadsTrueAsGiveAndFalseAsTake) {
  const auto change = PermissionChangeFromWire(Wire({{5, true}, {10, false}}));
  ASSERT_OK(change);
  EXPECT_EQ(change->give, PermissionSet{P::kUserAdmin});
  EXPECT_EQ(change->take, PermissionSet{P::kRoomCreate});
  EXPECT_FALSE(change->strip_all);
}

TEST(PermissionChangeFromWire, ReadsNoneAsStrippingAll) {
  const auto strip = PermissionChangeFromWire(Wire({{::common::NONE, true}}));
  ASSERT_OK(strip);
  EXPECT_TRUE(strip->strip_all);
  const auto nothing = PermissionChangeFromWire(Wire({{::common::NONE, false}}));
  ASSERT_OK(nothing);
  EXPECT_TRUE(nothing->empty());
}

TEST(PermissionChangeFromWire, RefusesNumbersThatAreNoPermission) {
  for (const int32_t number :
       {-1, 0, 11, 12, 14, 18, 31, 32, 33, 64, 998, 1000, INT32_MAX, INT32_MIN}) {
    for (const bool wanted : {true, false}) {
      EXPECT_THAT(PermissionChangeFromWire(Wire({{number, wanted}})),
                  HasReplyCode(::common::PROTOCOL_ERROR))
          << number;
    }
  }
}

TEST(NarrowedByWire, TakesAllWhenNothingIsAsked) {
  const PermissionSet held{P::kUserShow, P::kUserList};
  EXPECT_EQ(NarrowedByWire(held, Wire({})), held);
}

TEST(NarrowedByWire, GivesWhatIsAskedAsFarAsItIsHeld) {
  const PermissionSet held{P::kUserShow, P::kUserList};
  EXPECT_EQ(NarrowedByWire(held, Wire({{2, true}, {5, true}})), PermissionSet{P::kUserShow});
  EXPECT_TRUE(NarrowedByWire(held, Wire({{5, true}})).empty());
}

TEST(NarrowedByWire, TakesAwayWhatIsFalseWhenNothingIsAsked) {
  const PermissionSet held{P::kUserShow, P::kUserList};
  EXPECT_EQ(NarrowedByWire(held, Wire({{2, false}})), PermissionSet{P::kUserList});
  EXPECT_EQ(NarrowedByWire(held, Wire({{2, true}, {4, false}})), PermissionSet{P::kUserShow});
}

TEST(NarrowedByWire, GivesNothingForNoneAndForUnknownWishes) {
  const PermissionSet held{P::kUserShow, P::kUserList};
  EXPECT_TRUE(NarrowedByWire(held, Wire({{::common::NONE, true}, {2, true}})).empty());
  EXPECT_EQ(NarrowedByWire(held, Wire({{::common::NONE, false}})), held);
  // Whoever asks for something unknown alone shall not get everything.
  EXPECT_TRUE(NarrowedByWire(held, Wire({{77, true}})).empty());
}

TEST(PermissionsToWire, ComesBackTheSame) {
  WirePermissions wire;
  const PermissionSet all = kCompanyAdministrator.Or(kPlatformPermissions);
  PermissionsToWire(all, &wire);
  EXPECT_EQ(wire.size(), 14u);
  EXPECT_EQ(NarrowedByWire(PermissionSet::FromMask(~0u), wire), all);
}

TEST(RoomRights, TravelFieldByField) {
  const auto* fields = ::common::Permissions::descriptor();
  for (int i = 0; i < fields->field_count(); ++i) {
    const auto* field = fields->field(i);
    if (field->name() == "role") continue;
    ::common::Permissions wire;
    wire.GetReflection()->SetBool(&wire, field, true);
    const RoomRights rights = RoomRightsFromWire(wire);
    if (field->name() == "remove") {
      EXPECT_TRUE(rights.empty());
      continue;
    }
    EXPECT_EQ(rights.mask(), 1u << field->number()) << field->name();
    ::common::Permissions back;
    RoomRightsToWire(rights, &back);
    back.clear_role();
    EXPECT_THAT(back, EqualsProto(wire)) << field->name();
  }
  EXPECT_EQ(kAllRoomRights.mask(), [&] {
    uint32_t mask = 0;
    for (int i = 0; i < fields->field_count(); ++i) {
      if (fields->field(i)->name() == "role") continue;
      if (fields->field(i)->number() < 32) mask |= 1u << fields->field(i)->number();
    }
    return mask;
  }());
}

TEST(RoomRights, OfARoleAreThoseOfItsTableAndTravelWithItsName) {
  for (const RoleRights& one : kRoles) {
    ::common::Permissions wire;
    wire.set_role(static_cast<::common::Role>(one.role));
    EXPECT_EQ(RoomRightsFromWire(wire), one.rights) << wire.role();
    ::common::Permissions back;
    RoomRightsToWire(one.rights, &back);
    EXPECT_EQ(back.role(), wire.role());
    EXPECT_EQ(back.join(), one.rights.Has(RoomRight::kJoin));
  }
}

TEST(RoomRights, BesideARoleAreAdded) {
  ::common::Permissions wire;
  wire.set_role(::common::ROLE_SPECTATOR);
  wire.set_voice(true);
  const RoomRights rights = RoomRightsFromWire(wire);
  EXPECT_EQ(rights, RightsOf(Role::kSpectator).Or({RoomRight::kVoice}));
  ::common::Permissions back;
  RoomRightsToWire(rights, &back);
  EXPECT_EQ(back.role(), ::common::ROLE_CUSTOM);
}

TEST(RoomRights, WithAdminAreThoseOfTheAdministratorWhateverIsBeside) {
  EXPECT_EQ(RoleOf({RoomRight::kAdmin}), Role::kAdmin);
  EXPECT_EQ(RoleOf({RoomRight::kAdmin, RoomRight::kVip}), Role::kAdmin);
  EXPECT_EQ(RoleOf(kAllRoomRights), Role::kAdmin);
}

TEST(RoomRights, OfEveryRoleOfTheProtocolAreInTheTable) {
  const auto* roles = ::common::Role_descriptor();
  ASSERT_EQ(static_cast<size_t>(roles->value_count()), std::size(kRoles) + 1);
  for (const RoleRights& one : kRoles) {
    const auto* role = roles->FindValueByNumber(static_cast<int>(one.role));
    ASSERT_NE(role, nullptr) << static_cast<int>(one.role);
    for (const RoleRights& other : kRoles) {
      EXPECT_EQ(one.rights == other.rights, one.role == other.role) << role->name();
    }
  }
}

}  // namespace permission_test
}  // namespace usher
