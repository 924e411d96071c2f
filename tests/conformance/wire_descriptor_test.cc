// Holds the generated code, which is what the servers speak, against the tables of wire.md.
#include <authentication/accountStatus.pb.h>
#include <authentication/authenticationService.pb.h>
#include <businessLogicService/businessLogicService.pb.h>
#include <common/accessInfo.pb.h>
#include <common/accessToken.pb.h>
#include <common/chat.pb.h>
#include <common/company.pb.h>
#include <common/permissions.pb.h>
#include <common/replyInfo.pb.h>
#include <common/room.pb.h>
#include <common/user.pb.h>
#include <companyService/companyService.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include <set>
#include <string>
#include <vector>

#include "tests/conformance/descriptor_contract.h"
#include "tests/conformance/wire_tables.h"

namespace usher {
namespace wire_descriptor_test {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FileDescriptor;

// What we add to the published packages. A symbol stands for all that is inside it. Everything here
// is marked as an addition in its comment, and has nothing published renumbered or renamed.
const std::set<std::string>& Additions() {
  static const auto* const kAdditions = new std::set<std::string>{
      // The room service under the name that the documentation gives it.
      "roomService.RoomService",
      // Fields of later generations of the published clients.
      "roomService.CreateJoinLinkRequest.expiresAt",
      "roomService.RoomInfo.subrooms",
      "roomService.RoomListRequest.skipFlags",
      "roomService.RoomMoveInfo",
      "roomService.RoomSortReply",
      "roomService.RoomSortRequest",
      "roomService.RoomStatusRequest.groupBySubroom",
      "roomService.RoomUpdateReply.room",
      "roomService.SkipFlags",
      "roomService.SubroomInfo",
      "roomService.UserInfo.displayName",
      "roomService.UserInfo.isGuest",
      "roomService.UserInfo.isSpectator",
      "roomService.UserInfo.state",
      "roomService.roomService.Sort",
      "authentication.Account",
      "authentication.AccessTokenInformationRequest",
      "authentication.ActivationTokenCredentials.finishSignupURL",
      "authentication.ActivationTokenCredentials.resendInvitation",
      "authentication.AuthenticationReply.accessibleAccounts",
      "authentication.AuthenticationReply.companyId",
      "authentication.AuthenticationService.accessTokenInformation",
      "authentication.PasswordResetReply.trackingInfo",
      "authentication.PasswordResetRequest.resetURL",
      "common.BackendPermission.MANAGE_BILLING",
      "common.BackendPermission.MANAGE_COMPANY",
      "common.Branding.logoSquare48URL",
      "common.Branding.logoSquare96URL",
      "common.ChatMessage.language",
      "common.ChatMessage.sourceLanguage",
      "common.Company.customerId",
      "common.Company.planId",
      "common.Locale",
      "common.Permissions.role",
      "common.ReplyStatusCode.GO_AWAY",
      "common.ReplyStatusCode.ROOM_PREDECESSOR_NOT_FOUND",
      "common.Role",
      "common.Room.mode",
      "common.Room.myPermissions",
      "common.Room.sort",
      "common.Room.type",
      "common.RoomMode",
      "common.RoomQuotas.passiveParticipants",
      "common.RoomType",
      "common.SubRoom.id",
      "common.TrackingInfo",
      "common.User.locale",
      "common.UserState",
      "user.UserGetLocaleReply",
      "user.UserGetLocaleRequest",
      "user.UserService.userGetLocale",
      // What the service made itself, which nothing published has a place for.
      "authentication.AuthenticationCreateReply.activationToken",
      "authentication.AuthenticationCreateReply.code",
      // What the documented messages lack for the pages, places and positions of usher.chat.v1.
      "common.ChatHistoryReply.nextPage",
      "common.ChatHistoryReply.position",
      "common.ChatHistoryRequest.allSubRooms",
      "common.ChatHistoryRequest.limit",
      "common.ChatHistoryRequest.page",
      "common.ChatHistoryRequest.subRoomId",
      "common.ChatSendReply.chatMessage",
  };
  return *kAdditions;
}

// One message or enum of each file: naming them links the files in, which a static library would
// otherwise leave out.
const std::vector<const FileDescriptor*>& LinkedFiles() {
  static const auto* const kFiles = new std::vector<const FileDescriptor*>{
      ::authentication::AccountStatus_descriptor()->file(),
      ::authentication::AuthenticationRequest::descriptor()->file(),
      ::businessLogicService::PermissionGroup::descriptor()->file(),
      ::common::AccessInfo::descriptor()->file(),
      ::common::AccessToken::descriptor()->file(),
      ::common::ChatMessage::descriptor()->file(),
      ::common::Company::descriptor()->file(),
      ::common::Permissions::descriptor()->file(),
      ::common::ReplyInfo::descriptor()->file(),
      ::common::Room::descriptor()->file(),
      ::common::User::descriptor()->file(),
      ::companyService::CompanyListRequest::descriptor()->file(),
      ::roomService::RoomInfo::descriptor()->file(),
      ::user::UserListRequest::descriptor()->file(),
  };
  return *kFiles;
}

bool IsAddition(const std::string& symbol) {
  for (const std::string& addition : Additions()) {
    if (symbol == addition || symbol.rfind(addition + ".", 0) == 0) return true;
  }
  return false;
}

void ExpectKept(const Definitions& published, const Definitions& ours) {
  ASSERT_FALSE(published.empty());
  for (const auto& [symbol, definition] : published) {
    const auto found = ours.find(symbol);
    if (found == ours.end()) {
      ADD_FAILURE() << symbol << " (" << definition << ") is missing";
    } else {
      EXPECT_EQ(found->second, definition) << symbol;
    }
  }
}

void ExpectNothingAdded(const Definitions& published, const Definitions& ours) {
  for (const auto& [symbol, definition] : ours) {
    EXPECT_TRUE(published.count(symbol) > 0 || IsAddition(symbol))
        << symbol << " (" << definition << ") is neither published nor listed as an addition";
  }
}

class WireDescriptorTest : public testing::Test {
 protected:
  const WireContract published_ = ReadWireTables(USHER_SOURCE_DIR "/tests/conformance/wire.md");
  const WireContract ours_ = ContractOf(LinkedFiles());
};

TEST_F(WireDescriptorTest, EveryPublishedFileIsThereWithItsPackage) {
  EXPECT_EQ(ours_.packages, published_.packages);
}

TEST_F(WireDescriptorTest, EveryFileOutsideOurOwnPackagesIsPublished) {
  for (const std::string& file : ProtoFilesBelow(USHER_SOURCE_DIR "/proto")) {
    // The other exception is the option that carries JSON paths, which is Google's.
    if (file.rfind("usher/", 0) == 0 || file.rfind("google/api/", 0) == 0) continue;
    EXPECT_EQ(published_.packages.count(file), 1U) << file;
  }
}

TEST_F(WireDescriptorTest, EveryFileIsProto3) {
  for (const FileDescriptor* file : LinkedFiles()) {
    EXPECT_EQ(file->syntax(), FileDescriptor::SYNTAX_PROTO3) << file->name();
  }
}

TEST_F(WireDescriptorTest, EveryPublishedMessageIsThere) {
  ExpectKept(published_.messages, ours_.messages);
}

TEST_F(WireDescriptorTest, EveryPublishedFieldKeepsItsNumber) {
  ExpectKept(published_.fields, ours_.fields);
}

TEST_F(WireDescriptorTest, EveryReservedNumberAndNameStaysReserved) {
  ExpectKept(published_.reserved, ours_.reserved);
}

TEST_F(WireDescriptorTest, EveryPublishedEnumValueKeepsItsNumber) {
  ExpectKept(published_.enums, ours_.enums);
  ExpectKept(published_.values, ours_.values);
}

TEST_F(WireDescriptorTest, EveryPublishedRpcKeepsItsRequestAndReply) {
  ExpectKept(published_.services, ours_.services);
  ExpectKept(published_.rpcs, ours_.rpcs);
}

TEST_F(WireDescriptorTest, NothingIsAddedThatIsNotListed) {
  ExpectNothingAdded(published_.messages, ours_.messages);
  ExpectNothingAdded(published_.fields, ours_.fields);
  ExpectNothingAdded(published_.reserved, ours_.reserved);
  ExpectNothingAdded(published_.enums, ours_.enums);
  ExpectNothingAdded(published_.values, ours_.values);
  ExpectNothingAdded(published_.services, ours_.services);
  ExpectNothingAdded(published_.rpcs, ours_.rpcs);
}

TEST_F(WireDescriptorTest, EveryListedAdditionExists) {
  for (const std::string& addition : Additions()) {
    EXPECT_TRUE(ours_.messages.count(addition) + ours_.fields.count(addition) +
                ours_.enums.count(addition) + ours_.values.count(addition) +
                ours_.services.count(addition) + ours_.rpcs.count(addition))
        << addition;
  }
}

TEST_F(WireDescriptorTest, TheRoomServiceHasTheSameRpcsUnderBothNames) {
  const std::string documented = "roomService.RoomService.";
  Definitions renamed;
  for (const auto& [symbol, definition] : ours_.rpcs) {
    if (symbol.rfind(documented, 0) == 0) {
      renamed["roomService.roomService." + symbol.substr(documented.size())] = definition;
    }
  }
  EXPECT_EQ(renamed.size(), 9U);
  ExpectKept(renamed, ours_.rpcs);
}

TEST_F(WireDescriptorTest, TheCredentialsAreFieldsAndNotAOneof) {
  EXPECT_EQ(::authentication::AuthenticationRequest::descriptor()->oneof_decl_count(), 0);
}

// Fact 3 of wire.md: JSON uses the names of the tables, which protobuf's own mapping would change
// for a name with an underscore.
TEST_F(WireDescriptorTest, EveryFieldHasItsOwnNameInJson) {
  for (const FileDescriptor* file : LinkedFiles()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor& message = *file->message_type(i);
      for (int j = 0; j < message.field_count(); ++j) {
        EXPECT_EQ(message.field(j)->json_name(), message.field(j)->name()) << message.full_name();
      }
    }
  }
}

}  // namespace wire_descriptor_test
}  // namespace usher
