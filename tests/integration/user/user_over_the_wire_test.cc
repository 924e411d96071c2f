// UserService as its clients see it: listing, changing and removing users. Creating them:
// user_create_over_the_wire_test.cc.
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace user_over_the_wire_test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using UserOverTheWireTest = UserOverTheWire;

TEST_F(UserOverTheWireTest, NoCallGoesWithoutAToken) {
  EXPECT_THAT(List(""), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Create("", Creating(UserWith(NewEmail()))), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Update("", NewUuid(), Titled("Dr.")), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Destroy("", NewUuid()), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(ReplaceProfile("", NewUuid(), "Ann"), Answers(::common::ACCESS_INFO_MISSING));
}

TEST_F(UserOverTheWireTest, EveryoneIsListedWithUserListOrUserAdminElseOneself) {
  const std::string other = Make(UserWith(NewEmail()));
  const Account ann = NewUser();
  EXPECT_THAT(List(SignIn(ann).access_token).users(), ElementsAre(Key(ann.user)));
  EXPECT_THAT(List(TokenWith({Permission::kUserShow})).users(), IsEmpty());
  for (const Permission permission : {Permission::kUserList, Permission::kUserAdmin}) {
    const auto reply = List(TokenWith({permission}));
    EXPECT_THAT(reply.users(), Contains(Key(other)));
    EXPECT_THAT(reply.users(), Contains(Key(ann.user)));
  }
}

TEST_F(UserOverTheWireTest, NamedUsersAreListedWithUserShowElseOneself) {
  const std::string other = Make(UserWith(NewEmail()));
  const Account ann = NewUser();
  const std::vector<std::string> ids = {other, ann.user, NewUuid()};
  EXPECT_THAT(List(TokenWith({Permission::kUserShow}), ids).users(),
              UnorderedElementsAre(Key(other), Key(ann.user)));
  EXPECT_THAT(List(SignIn(ann).access_token, ids).users(), ElementsAre(Key(ann.user)));
  EXPECT_THAT(List(SignIn(ann).access_token, {other}).users(), IsEmpty());
}

TEST_F(UserOverTheWireTest, IdsAndMetadataAreAnsweredWhereTheyAreAskedFor) {
  ::common::User user = UserWith(NewEmail());
  (*user.mutable_metadata())["colour"] = "red";
  const std::string ann = Make(user);
  auto request = As<::user::UserListRequest>(AdminOf("acme"));
  request.add_useridlist(ann);
  EXPECT_TRUE(Ask(&UserStub::userList, request).users().at(ann).metadata().empty());
  request.mutable_accessinfo()->set_includemetadata(true);
  EXPECT_EQ(Ask(&UserStub::userList, request).users().at(ann).metadata().at("colour"), "red");
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  const auto reply = Ask(&UserStub::userList, request);
  EXPECT_THAT(reply.useridlist(), ElementsAre(ann));
  EXPECT_TRUE(reply.users().empty());
}

TEST_F(UserOverTheWireTest, AListRequestKeepsItsForm) {
  const auto malformed = List(AdminOf("acme"), {NewUuid(), "abc"});
  EXPECT_THAT(malformed, Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(malformed.replyinfo().statusmessage(), HasSubstr("'abc'"));
  EXPECT_THAT(List(AdminOf("acme"), std::vector<std::string>(1001, NewUuid())),
              Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(UserOverTheWireTest, GuestsSeeAndChangeNobody) {
  const std::string ann = Make(UserWith(NewEmail()));
  const std::string guest = GuestToken(kCompanyAdministrator);
  EXPECT_THAT(List(guest), Answers(::common::OK));
  EXPECT_THAT(List(guest).users(), IsEmpty());
  EXPECT_THAT(List(guest, {ann}).users(), IsEmpty());
  EXPECT_THAT(Create(guest, Creating(UserWith(NewEmail()))),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(guest, ann, Titled("Dr.")), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Destroy(guest, ann), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(ReplaceProfile(guest, ann, "Ann"), Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(UserOverTheWireTest, JoinAndActivationTokensReadTheOwnProfileOnly) {
  const std::string other = Make(UserWith(NewEmail()));
  const Account ann = NewUser();
  for (const token::TokenType type : {token::TokenType::kJoin, token::TokenType::kActivation}) {
    token::AccessToken claims;
    claims.type = type;
    claims.user = UserId(ann.user);
    claims.company = CompanyId("acme");
    if (type == token::TokenType::kJoin) claims.only_room = RoomId(NewUuid());
    const std::string token = house_.Sign(claims);
    EXPECT_THAT(List(token).users(), ElementsAre(Key(ann.user)));
    EXPECT_THAT(List(token, {other}).users(), IsEmpty());
    EXPECT_THAT(Create(token, Creating(UserWith(NewEmail()))),
                Answers(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(Update(token, ann.user, Titled("Dr.")), Answers(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(ReplaceProfile(token, ann.user, "A"), Answers(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(Destroy(token, ann.user), Answers(::common::AUTHENTICATION_ERROR));
  }
}

TEST_F(UserOverTheWireTest, AnUpdateAddsAndOverwrites) {
  ::common::User user = UserWith(NewEmail());
  user.mutable_userprofile()->set_firstname("Ann");
  (*user.mutable_metadata())["colour"] = "red";
  const std::string ann = Make(user);
  ::common::User change = Titled("Dr.");
  (*change.mutable_metadata())["colour"] = "";
  (*change.mutable_metadata())["size"] = "l";
  EXPECT_THAT(Update(AdminOf("acme"), ann, change), Answers(::common::OK));
  user.mutable_userprofile()->set_title("Dr.");
  user.clear_metadata();
  (*user.mutable_metadata())["size"] = "l";
  EXPECT_THAT(*Find(ann), EqualsProto(user));
}

TEST_F(UserOverTheWireTest, OneselfMayChangeTheProfileButNotAddressOrMetadata) {
  const Account ann = NewUser();
  const std::string token = SignIn(ann).access_token;
  EXPECT_THAT(Update(token, ann.user, Titled("Dr.")), Answers(::common::OK));
  ::common::User metadata = Titled("Prof.");
  (*metadata.mutable_metadata())["colour"] = "red";
  for (const ::common::User& change : {UserWith(NewEmail()), metadata}) {
    EXPECT_THAT(Update(token, ann.user, change), Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_EQ(Find(ann.user)->userprofile().title(), "Dr.");
  EXPECT_THAT(Update(token, NewUser().user, Titled("Dr.")),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(UserOverTheWireTest, AnUpdateKeepsItsForm) {
  const std::string ann = Make(UserWith(NewEmail()));
  EXPECT_THAT(Update(AdminOf("acme"), "", Titled("Dr.")), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Update(AdminOf("acme"), "abc", Titled("Dr.")), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(Update(AdminOf("acme"), ann, {}), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Update(AdminOf("acme"), ann, UserWith("no address")),
              Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Update(AdminOf("acme"), ann, Titled(std::string(256, 'x'))),
              Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(UserOverTheWireTest, ATakenAddressIsRefusedHoweverItIsSpelt) {
  const std::string email = NewEmail();
  Make(UserWith(email));
  const std::string bob = Make(UserWith(NewEmail()));
  EXPECT_THAT(Update(AdminOf("acme"), bob, UserWith("  " + absl::AsciiStrToUpper(email))),
              Answers(::common::ACTION_INVALID));
  EXPECT_NE(Find(bob)->email(), email);
}

TEST_F(UserOverTheWireTest, TheOwnPasswordChangesWithTheProfileOrNeitherDoes) {
  const Account ann = NewUser();
  const std::string token = SignIn(ann).access_token;
  ::authentication::AuthenticationRequest method;
  auto& password = *method.mutable_usernamepasswordcredentials();
  password.set_username(ann.username);
  password.set_password("an altogether new one");
  password.set_current("not the current one");
  EXPECT_THAT(Update(token, ann.user, Titled("Dr."), method),
              Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(Find(ann.user)->userprofile().title(), "");
  password.set_current(ann.password);
  EXPECT_THAT(Update(token, ann.user, Titled("Dr."), method), Answers(::common::OK));
  EXPECT_EQ(Find(ann.user)->userprofile().title(), "Dr.");
  EXPECT_EQ(house_.SignIn("acme", ann.username, "an altogether new one").user, ann.user);
}

TEST_F(UserOverTheWireTest, AnUpdateMakesTheProfileOfWhoOnlyHasMethods) {
  const Account ann = NewAccount();
  EXPECT_FALSE(Find(ann.user).has_value());
  EXPECT_THAT(Update(SignIn(ann).access_token, ann.user, Titled("Dr.")), Answers(::common::OK));
  EXPECT_EQ(Find(ann.user)->userprofile().title(), "Dr.");
  EXPECT_THAT(List(SignIn(ann).access_token).users(), ElementsAre(Key(ann.user)));
}

TEST_F(UserOverTheWireTest, AStrongerUserKeepsAddressCredentialsAndExistence) {
  const std::string small = SignIn(NewUser({Permission::kUserAdmin})).access_token;
  const Account strong = NewUser({Permission::kUserAdmin, Permission::kRoomAdmin});
  const ::common::User before = *Find(strong.user);
  EXPECT_THAT(Update(small, strong.user, UserWith(NewEmail())),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(small, strong.user, Titled("Dr."), PasswordFor(strong.username)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Destroy(small, strong.user), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(*Find(strong.user), EqualsProto(before));
  EXPECT_EQ(SignIn(strong).user, strong.user);
  EXPECT_THAT(Update(small, strong.user, Titled("Dr.")), Answers(::common::OK));
}

TEST_F(UserOverTheWireTest, AProfileIsReplacedAsAWhole) {
  const Account ann = NewUser();
  const std::string token = SignIn(ann).access_token;
  EXPECT_THAT(Update(token, ann.user, Titled("Dr.")), Answers(::common::OK));
  ::user::UserProfileUpdateRequest request;
  request.mutable_userprofile()->set_firstname("Ann");
  EXPECT_THAT(Ask(&UserStub::userProfileUpdate, As(token, request)), Answers(::common::OK));
  EXPECT_THAT(Find(ann.user)->userprofile(), EqualsProto(request.userprofile()));
  EXPECT_NE(Find(ann.user)->email(), "");
  EXPECT_THAT(ReplaceProfile(AdminOf("acme"), ann.user, ""), Answers(::common::OK));
  EXPECT_THAT(Find(ann.user)->userprofile(), EqualsProto(::common::UserProfile()));
}

TEST_F(UserOverTheWireTest, ReplacingAProfileTakesUserAdminOrOneself) {
  const std::string ann = Make(UserWith(NewEmail()));
  EXPECT_THAT(ReplaceProfile(TokenWith({Permission::kUserShow}), ann, "A"),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(ReplaceProfile(AdminOf("acme"), "abc", "A"), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(ReplaceProfile(AdminOf("acme"), ann, std::string(256, 'x')),
              Answers(::common::MAX_SIZE_EXCEEDED));
  ::user::UserProfileUpdateRequest request;
  request.set_userid(ann);
  EXPECT_THAT(Ask(&UserStub::userProfileUpdate, As(AdminOf("acme"), request)),
              Answers(::common::REQUEST_EMPTY));
}

TEST_F(UserOverTheWireTest, TokensOfADestroyedUserStopOnAllServices) {
  const Account ann = NewUser();
  const std::string token = SignIn(ann).access_token;
  ASSERT_TRUE(AllAnswer(token, ::common::OK));
  EXPECT_THAT(Destroy(AdminOf("acme"), ann.user), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllAnswer(token, ::common::ACCOUNT_STATUS_ERROR); }));
  EXPECT_THROW(SignIn(ann), std::runtime_error);
}

TEST_F(UserOverTheWireTest, ADestroyedUserIsGoneAndTheAddressIsFree) {
  const std::string email = NewEmail();
  const std::string ann = Make(UserWith(email));
  EXPECT_THAT(Destroy(AdminOf("acme"), ann), Answers(::common::OK));
  EXPECT_FALSE(Find(ann).has_value());
  EXPECT_THAT(Update(AdminOf("acme"), ann, Titled("Dr.")), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Update(AdminOf("acme"), ann, {}, PasswordFor(NewUsername())),
              Answers(::common::NOT_FOUND));
  EXPECT_THAT(ReplaceProfile(AdminOf("acme"), ann, "A"), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Destroy(AdminOf("acme"), ann), Answers(::common::NOT_FOUND));
  Make(UserWith(email));
}

TEST_F(UserOverTheWireTest, OneselfAndUsersWithoutProfileMayBeDestroyed) {
  const Account ann = NewUser();
  EXPECT_THAT(Destroy(SignIn(NewUser()).access_token, ann.user),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Destroy(SignIn(ann).access_token, ann.user), Answers(::common::OK));
  EXPECT_FALSE(Find(ann.user).has_value());
  const Account nameless = NewAccount();
  EXPECT_THAT(Destroy(AdminOf("acme"), nameless.user), Answers(::common::OK));
  EXPECT_THROW(SignIn(nameless), std::runtime_error);
  EXPECT_THAT(Destroy(AdminOf("acme"), ""), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Destroy(AdminOf("acme"), "abc"), Answers(::common::USER_ID_INVALID));
}

// Not only the code: nothing in the reply tells a user of globex from one who never was.
TEST_F(UserOverTheWireTest, TheUsersOfAnotherCompanyAreNotFoundLikeARandomId) {
  const ::common::User user = UserWith(NewEmail());
  const std::string theirs = Make(user, "globex");
  const auto replies = [&](const std::string& id) {
    std::vector<::common::ReplyInfo> replies = {
        Update(AdminOf("acme"), id, Titled("Dr.")),
        Update(AdminOf("acme"), id, UserWith(NewEmail())),
        Update(AdminOf("acme"), id, Titled("Dr."), PasswordFor(NewUsername())),
        Update(AdminOf("acme"), id, {}, PasswordFor(NewUsername())),
        ReplaceProfile(AdminOf("acme"), id, "A"),
        Destroy(AdminOf("acme"), id)};
    for (::common::ReplyInfo& reply : replies) {
      EXPECT_THAT(reply, Answers(::common::NOT_FOUND));
      reply.clear_requestid();
    }
    return replies;
  };
  const auto of_theirs = replies(theirs);
  const auto of_nobody = replies(NewUuid());
  for (size_t i = 0; i < of_theirs.size(); ++i) {
    EXPECT_THAT(of_theirs[i], EqualsProto(of_nobody[i]));
  }
  EXPECT_THAT(List(AdminOf("acme"), {theirs}).users(), IsEmpty());
  EXPECT_THAT(List(AdminOf("acme")).users(), Not(Contains(Key(theirs))));
  EXPECT_THAT(*Find(theirs, "globex"), EqualsProto([&] {
    ::common::User expected = user;
    expected.mutable_userprofile();
    return expected;
  }()));
}

}  // namespace user_over_the_wire_test
}  // namespace usher
