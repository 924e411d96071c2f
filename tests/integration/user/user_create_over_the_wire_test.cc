// userCreate as its clients see it: a user and the method to sign in with, both or neither.
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace user_create_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;

class UserCreateOverTheWireTest : public UserOverTheWire {
 protected:
  // How many users of "acme" there are with that address, in whatever state.
  std::string CountWith(const std::string& email) {
    return house_.database("user").Ask(
        absl::StrCat("SELECT count(*) FROM users WHERE email = '", email, "'"));
  }
  const std::string email_ = NewEmail();
  const std::string username_ = NewUsername();
};

TEST_F(UserCreateOverTheWireTest, ACreatedUserIsListedAsItWasGiven) {
  ::common::User user = UserWith(email_);
  user.mutable_userprofile()->set_firstname("Ann");
  user.mutable_userprofile()->set_lastname("Arbor");
  user.mutable_userprofile()->set_title("Dr.");
  (*user.mutable_metadata())["colour"] = "red";
  const std::string ann = Make(user);
  EXPECT_EQ(CanonicalUuid(ann), ann);
  EXPECT_THAT(*Find(ann), EqualsProto(user));
}

TEST_F(UserCreateOverTheWireTest, AUserWithCredentialsSignsIn) {
  const auto made = Create(TokenWith({Permission::kUserCreate}),
                           Creating(UserWith(email_), PasswordFor(username_)));
  ASSERT_THAT(made, Answers(::common::OK));
  const SignedIn ann = house_.SignIn("acme", username_, PasswordOf(username_));
  EXPECT_EQ(ann.user, made.userid());
  EXPECT_THAT(List(ann.access_token).users(), ElementsAre(Key(made.userid())));
}

TEST_F(UserCreateOverTheWireTest, CredentialsAloneMakeAUserToo) {
  const auto made = Create(AdminOf("acme"), Creating({}, PasswordFor(username_)));
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_TRUE(Find(made.userid()).has_value());
  EXPECT_EQ(house_.SignIn("acme", username_, PasswordOf(username_)).user, made.userid());
}

TEST_F(UserCreateOverTheWireTest, CreatingTakesUserCreate) {
  const PermissionSet all_others = kCompanyAdministrator.Without({Permission::kUserCreate});
  EXPECT_THAT(Create(TokenWith(all_others), Creating(UserWith(email_))),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(CountWith(email_), "0");
}

TEST_F(UserCreateOverTheWireTest, ARequestKeepsItsForm) {
  EXPECT_THAT(Create(AdminOf("acme"), {}), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith("no address"))),
              Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Create(AdminOf("acme"), Creating(Titled(std::string(256, 'x')))),
              Answers(::common::MAX_SIZE_EXCEEDED));
  ::common::User user;
  for (int i = 0; i <= 100; ++i) (*user.mutable_metadata())[absl::StrCat(i)] = "x";
  EXPECT_THAT(Create(AdminOf("acme"), Creating(user)), Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(UserCreateOverTheWireTest, ATakenAddressIsRefusedAndMakesNoMethod) {
  Make(UserWith(email_));
  EXPECT_THAT(Create(AdminOf("acme"),
                     Creating(UserWith(absl::AsciiStrToUpper(email_)), PasswordFor(username_))),
              Answers(::common::ACTION_INVALID));
  EXPECT_THROW(house_.SignIn("acme", username_, PasswordOf(username_)), std::runtime_error);
  Make(UserWith(email_), "globex");
}

TEST_F(UserCreateOverTheWireTest, ATakenPrincipalLeavesNoProfileAndTheAddressIsFree) {
  const Account bob = NewUser();
  EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith(email_), PasswordFor(bob.username))),
              Answers(::common::ACTION_INVALID));
  EXPECT_EQ(CountWith(email_), "0");
  EXPECT_EQ(SignIn(bob).user, bob.user);
  EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith(email_), PasswordFor(username_))),
              Answers(::common::OK));
}

TEST_F(UserCreateOverTheWireTest, WhatAuthRefusesLeavesNoProfile) {
  const auto refused = [&](const std::string& token,
                           const ::authentication::AuthenticationRequest& method) {
    const auto reply = Create(token, Creating(UserWith(email_), method));
    EXPECT_THAT(reply.userid(), IsEmpty());
    EXPECT_EQ(CountWith(email_), "0");
    return reply;
  };
  auto method = PasswordFor(username_);
  method.mutable_authorizationcodecredentials()->set_clientid(username_);
  EXPECT_THAT(refused(AdminOf("acme"), method), Answers(::common::PROTOCOL_ERROR));
  method = PasswordFor(username_);
  method.mutable_usernamepasswordcredentials()->set_password("12345678");
  EXPECT_THAT(refused(AdminOf("acme"), method), Answers(::common::ACTION_INVALID));
  method = PasswordFor(username_);
  method.mutable_usernamepasswordcredentials()->set_companyid("globex");
  EXPECT_THAT(refused(AdminOf("acme"), method), Answers(::common::NOT_FOUND));
  method = PasswordFor(username_);
  *method.mutable_permissions() = Wire({Permission::kRoomAdmin});
  EXPECT_THAT(refused(TokenWith({Permission::kUserCreate, Permission::kGrantPermissions}), method),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(refused(TokenWith({Permission::kUserCreate, Permission::kRoomAdmin}), method),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(UserCreateOverTheWireTest, ARepeatedIdempotencyKeyAnswersTheSameUser) {
  const Headers headers = {{"idempotency-key", NewUuid()}};
  const auto request = Creating(UserWith(email_), PasswordFor(username_));
  const auto first = Create(AdminOf("acme"), request, headers);
  ASSERT_THAT(first, Answers(::common::OK));
  const auto second = Create(AdminOf("acme"), request, headers);
  EXPECT_THAT(second, Answers(::common::OK));
  EXPECT_EQ(second.userid(), first.userid());
  EXPECT_EQ(CountWith(email_), "1");
}

TEST_F(UserCreateOverTheWireTest, AnIdempotencyKeyIsGoodForOneRequestOfOneCaller) {
  const Headers headers = {{"idempotency-key", NewUuid()}};
  const auto first = Create(AdminOf("acme"), Creating(UserWith(email_)), headers);
  ASSERT_THAT(first, Answers(::common::OK));
  EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith(NewEmail())), headers),
              Answers(::common::ACTION_INVALID));
  const auto of_another =
      Create(TokenWith({Permission::kUserCreate}), Creating(UserWith(NewEmail())), headers);
  EXPECT_THAT(of_another, Answers(::common::OK));
  EXPECT_NE(of_another.userid(), first.userid());
}

TEST_F(UserCreateOverTheWireTest, ARefusedCreationLeavesItsIdempotencyKeyFree) {
  const Headers headers = {{"idempotency-key", NewUuid()}};
  const Account bob = NewUser();
  EXPECT_THAT(
      Create(AdminOf("acme"), Creating(UserWith(email_), PasswordFor(bob.username)), headers),
      Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith(email_), PasswordFor(username_)), headers),
              Answers(::common::OK));
}

TEST_F(UserCreateOverTheWireTest, AMalformedIdempotencyKeyIsRefused) {
  for (const std::string& key : {std::string(129, 'k'), std::string("two words")}) {
    EXPECT_THAT(Create(AdminOf("acme"), Creating(UserWith(email_)), {{"idempotency-key", key}}),
                Answers(::common::PROTOCOL_ERROR));
  }
  EXPECT_EQ(CountWith(email_), "0");
}

}  // namespace user_create_over_the_wire_test
}  // namespace usher
