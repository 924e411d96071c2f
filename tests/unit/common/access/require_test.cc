#include "common/access/require.h"

#include <gtest/gtest.h>

#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace require_test {

using P = Permission;

const UserId& Other() {
  static const UserId other("01900000-0000-7000-8000-000000000002");
  return other;
}

auto IsRefused() { return HasReplyCode(::common::INSUFFICIENT_PERMISSIONS); }

TEST(RequirePermission, NamesWhatIsMissing) {
  EXPECT_OK(RequirePermission(ACaller().With(P::kRoomCreate), P::kRoomCreate));
  const absl::Status status = RequirePermission(ACaller().With(P::kRoomAdmin), P::kRoomCreate);
  EXPECT_THAT(status, IsRefused());
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("ROOM_CREATE"));
}

TEST(RequireAnyOf, TakesEachOfThem) {
  for (const P held : {P::kUserShow, P::kUserAdmin}) {
    EXPECT_OK(RequireAnyOf(ACaller().With(held), {P::kUserShow, P::kUserAdmin}));
  }
  const absl::Status status =
      RequireAnyOf(ACaller().With(P::kUserList), {P::kUserShow, P::kUserAdmin});
  EXPECT_THAT(status, IsRefused());
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("USER_SHOW or USER_ADMIN"));
}

TEST(RequireSelfOr, LetsEverybodyActOnThemselves) {
  EXPECT_OK(RequireSelfOr(ACaller(), UserId(kCallerId), P::kUserAdmin));
  EXPECT_OK(RequireSelfOr(ACaller().AsGuest(), UserId(kCallerId), P::kUserAdmin));
  EXPECT_OK(RequireSelfOr(ACaller().With(P::kUserAdmin), Other(), P::kUserAdmin));
  EXPECT_THAT(RequireSelfOr(ACaller().With(P::kUserShow), Other(), P::kUserAdmin), IsRefused());
}

TEST(RequireSelfOr, DoesNotTakeAGuestForItsSharedAccess) {
  EXPECT_THAT(RequireSelfOr(ACaller().OfSharedAccess(Other()), Other(), P::kUserAdmin),
              IsRefused());
}

TEST(RequireNoGuest, RefusesGuests) {
  EXPECT_OK(RequireNoGuest(ACaller()));
  EXPECT_THAT(RequireNoGuest(ACaller().AsGuest().With(kCompanyAdministrator)), IsRefused());
}

TEST(RequireMayGive, AllowsToChangeNothing) {
  EXPECT_OK(RequireMayGive(ACaller(), UserId(), {}));
  EXPECT_OK(RequireMayGive(ACaller(), UserId(kCallerId), {}));
}

TEST(RequireMayGive, TakesGrantPermissions) {
  const PermissionChange give{{P::kUserShow}, {}, false};
  const PermissionChange take{{}, {P::kUserShow}, false};
  const PermissionChange strip{{}, {}, true};
  for (const PermissionChange& change : {give, take, strip}) {
    EXPECT_OK(
        RequireMayGive(ACaller().With({P::kGrantPermissions, P::kUserShow}), Other(), change));
    EXPECT_THAT(RequireMayGive(ACaller().With({P::kUserShow, P::kUserAdmin}), Other(), change),
                IsRefused());
  }
}

TEST(RequireMayGive, RefusesWhatTheCallerLacks) {
  const Caller caller = ACaller().With({P::kGrantPermissions, P::kUserShow});
  EXPECT_THAT(RequireMayGive(caller, Other(), {{P::kUserShow, P::kUserAdmin}, {}, false}),
              IsRefused());
  EXPECT_THAT(RequireMayGive(caller, Other(), {{}, {P::kUserAdmin}, false}), IsRefused());
  EXPECT_THAT(RequireMayGive(caller, UserId(), {{P::kRoomAdmin}, {}, false}), IsRefused());
  EXPECT_OK(RequireMayGive(caller, UserId(), {{P::kUserShow, P::kGrantPermissions}, {}, false}));
}

TEST(RequireMayGive, LetsNobodyChangeTheirOwn) {
  const Caller caller = ACaller().With(kCompanyAdministrator);
  EXPECT_THAT(RequireMayGive(caller, caller.user(), {{P::kUserShow}, {}, false}), IsRefused());
  EXPECT_THAT(RequireMayGive(caller, caller.user(), {{}, {P::kUserShow}, false}), IsRefused());
  EXPECT_THAT(RequireMayGive(caller, caller.user(), {{}, {}, true}), IsRefused());
}

TEST(RequireMayGive, LeavesCompanyPermissionsToPlatformAdministrators) {
  const PermissionSet all = kCompanyAdministrator.Or(kPlatformPermissions);
  for (const P permission : {P::kCompanyCreate, P::kCompanyList, P::kCompanyAdmin}) {
    const PermissionChange give{{permission}, {}, false};
    const PermissionChange take{{}, {permission}, false};
    EXPECT_THAT(RequireMayGive(ACaller().With(all), Other(), give), IsRefused());
    EXPECT_THAT(RequireMayGive(ACaller().With(all), Other(), take), IsRefused());
    EXPECT_OK(RequireMayGive(ACaller().With(all).InOperatorCompany(), Other(), give));
    // Holding COMPANY_CREATE in the operator's company without COMPANY_ADMIN is not enough.
    EXPECT_THAT(RequireMayGive(ACaller().With(all.Without({P::kCompanyAdmin})).InOperatorCompany(),
                               Other(), give),
                IsRefused());
  }
}

TEST(RequireDominates, ProtectsThoseWhoHoldMore) {
  const Caller small = ACaller().With({P::kUserAdmin, P::kUserShow});
  EXPECT_OK(RequireDominates(small, Other(), {}));
  EXPECT_OK(RequireDominates(small, Other(), {P::kUserShow}));
  EXPECT_OK(RequireDominates(small, Other(), {P::kUserAdmin, P::kUserShow}));
  EXPECT_THAT(RequireDominates(small, Other(), {P::kRoomCreate}), IsRefused());
  EXPECT_OK(RequireDominates(small, small.user(), kCompanyAdministrator));
}

TEST(RequireRoomAdmin, TakesTheBackendsOrTheRoomsRight) {
  EXPECT_OK(RequireRoomAdmin(ACaller().With(P::kRoomAdmin), {}));
  EXPECT_OK(RequireRoomAdmin(ACaller(), {RoomRight::kAdmin}));
  EXPECT_THAT(
      RequireRoomAdmin(ACaller().With(P::kRoomCreate), kAllRoomRights.Without({RoomRight::kAdmin})),
      IsRefused());
}

TEST(RequireRoomAdmin, TakesTheRoomsRightOnlyFromGuests) {
  EXPECT_THAT(RequireRoomAdmin(ACaller().AsGuest().With(P::kRoomAdmin), {}), IsRefused());
  EXPECT_OK(RequireRoomAdmin(ACaller().AsGuest(), {RoomRight::kAdmin}));
}

TEST(Caller, IsPlatformAdministratorInTheOperatorsCompanyOnly) {
  EXPECT_TRUE(
      ACaller().With(P::kCompanyAdmin).InOperatorCompany().Build().IsPlatformAdministrator());
  EXPECT_FALSE(ACaller().With(P::kCompanyAdmin).Build().IsPlatformAdministrator());
  EXPECT_FALSE(
      ACaller().With(kCompanyAdministrator).InOperatorCompany().Build().IsPlatformAdministrator());
}

TEST(Caller, HasPlatformPermissionsWhereverTheyWereGiven) {
  EXPECT_TRUE(
      ACaller().With(P::kCompanyCreate).InOperatorCompany().Build().HasPlatform(P::kCompanyCreate));
  EXPECT_TRUE(
      ACaller().With(P::kCompanyAdmin).InOperatorCompany().Build().HasPlatform(P::kCompanyCreate));
  EXPECT_FALSE(
      ACaller().With(P::kCompanyList).InOperatorCompany().Build().HasPlatform(P::kCompanyCreate));
  EXPECT_TRUE(ACaller().With(P::kCompanyCreate).Build().HasPlatform(P::kCompanyCreate));
  EXPECT_FALSE(ACaller().With(P::kCompanyAdmin).Build().HasPlatform(P::kCompanyCreate));
  EXPECT_FALSE(ACaller().With(kCompanyAdministrator).Build().HasPlatform(P::kCompanyCreate));
}

TEST(Caller, ActsInRoomsUnderItsSharedAccess) {
  EXPECT_EQ(ACaller().Build().room_subject(), UserId(kCallerId));
  EXPECT_EQ(ACaller().OfSharedAccess(Other()).Build().room_subject(), Other());
}

}  // namespace require_test
}  // namespace usher
