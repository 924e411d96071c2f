// Lists of users on the wire: what is asked for, and what one message holds of the answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/user/user_wire.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace user_list_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kAnn[] = "01900000-0000-7000-8000-0000000000ab";
constexpr char kBob[] = "01900000-0000-7000-8000-0000000000cd";

TEST(UserListWire, AnEmptyListRequestAsksForEveryone) {
  const auto wish = FromWire(::user::UserListRequest());
  ASSERT_OK(wish);
  EXPECT_THAT(wish->ids, IsEmpty());
  EXPECT_FALSE(wish->with_metadata);
}

TEST(UserListWire, AListRequestNamesUsersInAnySpelling) {
  ::user::UserListRequest request;
  request.mutable_accessinfo()->set_includemetadata(true);
  request.add_useridlist(absl::AsciiStrToUpper(kAnn));
  request.add_useridlist(kBob);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_THAT(wish->ids, ElementsAre(UserId(kAnn), UserId(kBob)));
  EXPECT_TRUE(wish->with_metadata);
}

TEST(UserListWire, AMalformedIdInAListIsNamed) {
  for (const char* id : {"abc", "", "01900000-0000-7000-8000-0000000000ag"}) {
    ::user::UserListRequest request;
    request.add_useridlist(kAnn);
    request.add_useridlist(id);
    const auto wish = FromWire(request);
    EXPECT_THAT(wish, HasReplyCode(::common::USER_ID_INVALID));
    EXPECT_THAT(std::string(wish.status().message()), HasSubstr(absl::StrCat("'", id, "'")));
  }
}

TEST(UserListWire, AListNamesUpToAThousandUsers) {
  ::user::UserListRequest request;
  for (int i = 0; i < 1000; ++i) request.add_useridlist(kAnn);
  EXPECT_OK(FromWire(request));
  request.add_useridlist(kAnn);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(UserListWire, UsersAreAnsweredById) {
  User ann;
  ann.id = UserId(kAnn);
  ann.email = "ann@x.org";
  ann.profile = {"Ann", "Arbor", "Dr."};
  ann.metadata = {{"colour", "red"}};
  ann.locale = {"de", {"de", "en"}};
  User bob;
  bob.id = UserId(kBob);
  ::user::UserListReply reply;
  EXPECT_OK(ToWire(UserList{.users = {ann, bob}}, &reply));

  ::user::UserListReply expected;
  ::common::User& wire = (*expected.mutable_users())[kAnn];
  wire.set_email("ann@x.org");
  (*wire.mutable_metadata())["colour"] = "red";
  wire.mutable_userprofile()->set_firstname("Ann");
  wire.mutable_userprofile()->set_lastname("Arbor");
  wire.mutable_userprofile()->set_title("Dr.");
  wire.mutable_locale()->set_uilanguage("de");
  wire.mutable_locale()->add_spokenlanguages("de");
  wire.mutable_locale()->add_spokenlanguages("en");
  (*expected.mutable_users())[kBob].mutable_userprofile();
  EXPECT_THAT(reply, EqualsProto(expected));
}

TEST(UserListWire, IdsAreAnsweredAlone) {
  ::user::UserListReply reply;
  EXPECT_OK(ToWire(UserList{.ids = {UserId(kBob), UserId(kAnn)}}, &reply));
  EXPECT_THAT(reply.useridlist(), ElementsAre(kBob, kAnn));
  EXPECT_TRUE(reply.users().empty());
}

TEST(UserListWire, WhatOneMessageCannotHoldIsRefusedWithAWayOut) {
  std::vector<User> users(66);
  for (size_t i = 0; i < users.size(); ++i) {
    users[i].id = UserId(absl::StrCat(kAnn, i));
    users[i].metadata["k"] = std::string(64 * 1024, 'x');
  }
  ::user::UserListReply reply;
  const absl::Status refused = ToWire(UserList{.users = users}, &reply);
  EXPECT_THAT(refused, HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("userIdList"));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
  users.resize(60);
  EXPECT_OK(ToWire(UserList{.users = users}, &reply));
  EXPECT_EQ(reply.users_size(), 60);
}

// F34: a list that left less for the ReplyInfo was dropped by its client.
TEST(UserListWire, ListsLeaveAKilobyteForTheReplyInfo) {
  UserList list;
  list.users.resize(1);
  User& user = list.users[0];
  user.id = UserId(kAnn);
  user.metadata["k"] = std::string(4 * 1024 * 1024, 'x');
  ::user::UserListReply larger;
  (*larger.mutable_users())[kAnn].mutable_userprofile();
  (*(*larger.mutable_users())[kAnn].mutable_metadata())["k"] = user.metadata["k"];
  const size_t beyond = larger.ByteSizeLong() - (4 * 1024 * 1024 - 1024);
  user.metadata["k"].resize(4 * 1024 * 1024 - beyond);
  ::user::UserListReply reply;
  EXPECT_OK(ToWire(list, &reply));
  EXPECT_EQ(reply.ByteSizeLong(), 4u * 1024 * 1024 - 1024);
  user.metadata["k"].push_back('x');
  reply.Clear();
  EXPECT_THAT(ToWire(list, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));

  constexpr size_t kMostIds = (4 * 1024 * 1024 - 1024) / 38;
  reply.Clear();
  EXPECT_OK(ToWire({.ids = std::vector<UserId>(kMostIds, UserId(kAnn))}, &reply));
  reply.Clear();
  EXPECT_THAT(ToWire({.ids = std::vector<UserId>(kMostIds + 1, UserId(kAnn))}, &reply),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(UserListWire, MoreIdsThanOneMessageHoldsAreRefused) {
  ::user::UserListReply reply;
  EXPECT_THAT(ToWire({.ids = std::vector<UserId>(4 * 1024 * 1024 / 38 + 1, UserId(kAnn))}, &reply),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
  EXPECT_OK(ToWire({.ids = std::vector<UserId>(100'000, UserId(kAnn))}, &reply));
}

}  // namespace user_list_wire_test
}  // namespace usher::user
