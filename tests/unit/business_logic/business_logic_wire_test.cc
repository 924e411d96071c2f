#include "services/business_logic/business_logic_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "tests/support/contracts/favorite_store_contract.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {
namespace business_logic_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kRoom[] = "01900000-0000-7000-8000-0000000000ab";
constexpr char kUser[] = "01900000-0000-7000-9000-0000000000cd";

TEST(BusinessLogicWire, WhoeverNamesNobodyMeansThemselves) {
  EXPECT_THAT(OwnerFromWire("", UserId(kUser)), IsOkAndHolds(UserId(kUser)));
  EXPECT_THAT(OwnerFromWire(absl::AsciiStrToUpper(kUser), UserId(kCallerId)),
              IsOkAndHolds(UserId(kUser)));
}

TEST(BusinessLogicWire, AnOwnerThatIsNoUuidIsQuoted) {
  const auto refused = OwnerFromWire("abc", UserId(kCallerId));
  EXPECT_THAT(refused, HasReplyCode(::common::USER_ID_INVALID));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("abc"));
}

TEST(BusinessLogicWire, TrueAddsAndFalseRemovesInTheOrderOfTheIds) {
  ::businessLogicService::FavoritesUpdateRequest request;
  for (const int number : {4, 2, 3, 1}) {
    (*request.mutable_roomids())[ContractRoom(number).value()] = number != 3;
  }
  const auto change = FromWire(request);
  ASSERT_OK(change);
  EXPECT_THAT(change->add, ElementsAre(ContractRoom(1), ContractRoom(2), ContractRoom(4)));
  EXPECT_THAT(change->remove, ElementsAre(ContractRoom(3)));
}

TEST(BusinessLogicWire, ARequestWithoutRoomsIsAChangeOfNothing) {
  const auto change = FromWire(::businessLogicService::FavoritesUpdateRequest());
  ASSERT_OK(change);
  EXPECT_TRUE(change->empty());
}

TEST(BusinessLogicWire, RoomsAreReadInAnySpellingButOnce) {
  ::businessLogicService::FavoritesUpdateRequest request;
  (*request.mutable_roomids())[absl::AsciiStrToUpper(kRoom)] = true;
  EXPECT_THAT(FromWire(request)->add, ElementsAre(RoomId(kRoom)));
  (*request.mutable_roomids())[kRoom] = false;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(BusinessLogicWire, ARoomThatIsNoUuidIsQuoted) {
  for (const char* id : {"abc", ""}) {
    ::businessLogicService::FavoritesUpdateRequest request;
    (*request.mutable_roomids())[id] = true;
    const auto refused = FromWire(request);
    EXPECT_THAT(refused, HasReplyCode(::common::ROOM_ID_INVALID)) << id;
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(id));
  }
}

TEST(BusinessLogicWire, ARequestNamesAtMostAThousandRooms) {
  ::businessLogicService::FavoritesUpdateRequest request;
  for (const RoomId& room : ContractRooms(1, 1000)) (*request.mutable_roomids())[room.value()];
  EXPECT_OK(FromWire(request));
  (*request.mutable_roomids())[ContractRoom(1001).value()] = true;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(BusinessLogicWire, FavoritesAreAnsweredInTheirOrder) {
  ::businessLogicService::FavoritesListReply reply;
  ToWire(std::vector<RoomId>{ContractRoom(2), ContractRoom(1)}, &reply);
  EXPECT_THAT(reply.roomids(), ElementsAre(ContractRoom(2).value(), ContractRoom(1).value()));
}

TEST(BusinessLogicWire, GroupsAreAnsweredByTheirIds) {
  ::businessLogicService::CompanyPermissionGroupsListReply reply;
  EXPECT_OK(ToWire(
      std::vector<PermissionGroup>{
          {"staff", "The staff", 7, {RoomRight::kJoin, RoomRight::kFileList}}, {"none", "", 0, {}}},
      &reply));
  ASSERT_EQ(reply.permissiongroups().size(), 2u);
  ::businessLogicService::PermissionGroup staff;
  staff.set_name("The staff");
  staff.set_order(7);
  staff.mutable_permissions()->set_join(true);
  staff.mutable_permissions()->set_filelist(true);
  EXPECT_THAT(reply.permissiongroups().at("staff"), EqualsProto(staff));
  EXPECT_TRUE(reply.permissiongroups().at("none").has_permissions());
}

TEST(BusinessLogicWire, NoGroupsAreAnEmptyMap) {
  ::businessLogicService::CompanyPermissionGroupsListReply reply;
  EXPECT_OK(ToWire(std::vector<PermissionGroup>(), &reply));
  EXPECT_THAT(reply.permissiongroups(), IsEmpty());
}

TEST(BusinessLogicWire, GroupsThatOneMessageCannotHoldAreRefused) {
  std::vector<PermissionGroup> groups(70);
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i].id = std::to_string(i);
    groups[i].name = std::string(60000, 'x');
  }
  ::businessLogicService::CompanyPermissionGroupsListReply reply;
  EXPECT_THAT(ToWire(groups, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
}

}  // namespace business_logic_wire_test
}  // namespace usher::business_logic
