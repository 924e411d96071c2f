// A company of a hundred thousand users, as its clients see it.
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace many_users_over_the_wire_test {

using ::testing::HasSubstr;

constexpr int kUsers = 100'000;

class ManyUsersOverTheWire : public UserOverTheWire {
 protected:
  // Nobody makes them one by one.
  ManyUsersOverTheWire() {
    house_.database("user").Run(absl::StrCat(
        "INSERT INTO users (company_id, user_id, email, email_key, firstname, lastname, state)"
        " SELECT 'crowd', ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid,"
        " 'user' || i || '@crowd.example', 'user' || i || '@crowd.example', 'First', 'Last', 2"
        " FROM generate_series(1, ",
        kUsers, ") i; ANALYZE users"));
  }
  ~ManyUsersOverTheWire() override {
    house_.database("user").Run("DELETE FROM users WHERE company_id = 'crowd'");
  }

  ::user::UserListReply ListAll(bool ids_only) {
    auto request = As<::user::UserListRequest>(TokenWith({Permission::kUserList}, "crowd"));
    request.mutable_accessinfo()->set_returnobjectidsonly(ids_only);
    return Ask(&UserStub::userList, request);
  }
};

TEST_F(ManyUsersOverTheWire, TheIdsOfAllAreAnsweredInOneMessageAndTheProfilesInSeveral) {
  const auto ids = ListAll(true);
  ASSERT_THAT(ids, Answers(::common::OK));
  ASSERT_EQ(ids.useridlist_size(), kUsers);
  EXPECT_TRUE(ids.users().empty());
  EXPECT_EQ(ids.useridlist(0), "00000000-0000-7000-8000-000000000001");
  EXPECT_EQ(ids.useridlist(kUsers - 1), "00000000-0000-7000-8000-000000100000");

  const auto refused = ListAll(false);
  EXPECT_THAT(refused, Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_TRUE(refused.users().empty());
  for (const char* way_out : {"returnObjectIdsOnly", "userIdList"}) {
    EXPECT_THAT(refused.replyinfo().statusmessage(), HasSubstr(way_out));
  }

  // What the message says to do.
  auto request = As<::user::UserListRequest>(TokenWith({Permission::kUserList}, "crowd"));
  for (int i = 0; i < 1000; ++i) request.add_useridlist(ids.useridlist(kUsers - 1 - i));
  const auto some = Ask(&UserStub::userList, request);
  EXPECT_THAT(some, Answers(::common::OK));
  ASSERT_EQ(some.users_size(), 1000);
  EXPECT_EQ(some.users().at(ids.useridlist(kUsers - 1)).email(), "user100000@crowd.example");
}

TEST_F(ManyUsersOverTheWire, OneOfThemIsStillToldOfOneselfAlone) {
  token::AccessToken token;
  token.user = UserId("00000000-0000-7000-8000-000000050000");
  token.company = CompanyId("crowd");
  const auto reply = Ask(&UserStub::userList, As<::user::UserListRequest>(house_.Sign(token)));
  EXPECT_THAT(reply, Answers(::common::OK));
  ASSERT_EQ(reply.users_size(), 1);
  EXPECT_EQ(reply.users().begin()->second.email(), "user50000@crowd.example");
}

}  // namespace many_users_over_the_wire_test
}  // namespace usher
