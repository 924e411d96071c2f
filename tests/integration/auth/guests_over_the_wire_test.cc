// Guest accesses: made by who administers the room, used by whoever has the code.
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace guests_over_the_wire_test {

constexpr char kCode[] = "a random code";

class GuestsOverTheWire : public AuthOverTheWire {
 protected:
  static Request AccessTo(const std::string& room) {
    Request request;
    request.mutable_guestaccesscredentials()->set_code(kCode);
    request.mutable_guestaccesscredentials()->set_roomid(room);
    return request;
  }
  // Its user ID.
  std::string NewAccess(bool shareable = false, const std::string& name = "",
                        const std::string& email = "") {
    Request request = AccessTo(NewRoom());
    request.mutable_guestaccesscredentials()->set_shareable(shareable);
    request.mutable_guestaccesscredentials()->set_displayname(name);
    request.mutable_guestaccesscredentials()->set_email(email);
    const auto reply = Create(AdminOf("acme"), request);
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.userid();
  }
  Reply SignInAs(const std::string& access, const std::string& name = "",
                 const std::string& code = kCode) {
    Request request;
    auto& guest = *request.mutable_guestaccesscredentials();
    guest.set_companyid("acme");
    guest.set_userid(access);
    guest.set_code(code);
    guest.set_displayname(name);
    return Authenticate(request);
  }
};

TEST_F(GuestsOverTheWire, AGuestIsTheUserOfTheAccess) {
  const std::string access = NewAccess();
  const Reply reply = SignInAs(access);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.userid(), access);
  const token::AccessToken claims = Claims(reply.accesstoken());
  EXPECT_TRUE(claims.guest);
  EXPECT_EQ(claims.user.value(), access);
  EXPECT_TRUE(claims.base_permissions_id.empty());
}

TEST_F(GuestsOverTheWire, EachSignInEndsTheOneBefore) {
  const std::string access = NewAccess();
  const Reply first = SignInAs(access), second = SignInAs(access);
  EXPECT_THAT(IsAuthenticated(first.accesstoken()), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(second.accesstoken()), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(first.accesstoken(), ::common::AUTHENTICATION_ERROR); }));
  EXPECT_TRUE(AllAnswer(second.accesstoken(), ::common::OK));
}

// L10.
TEST_F(GuestsOverTheWire, ASharedAccessGivesEachGuestAUserIdOfTheirOwn) {
  const std::string access = NewAccess(/*shareable=*/true);
  const Reply ann = SignInAs(access, "Ann"), ben = SignInAs(access, "Ben");
  EXPECT_NE(ann.userid(), ben.userid());
  EXPECT_NE(ann.userid(), access);
  for (const Reply& reply : {ann, ben}) {
    const token::AccessToken claims = Claims(reply.accesstoken());
    EXPECT_TRUE(claims.guest);
    EXPECT_EQ(claims.user.value(), reply.userid());
    EXPECT_EQ(claims.base_permissions_id.value(), access);
    EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::OK));
  }
}

TEST_F(GuestsOverTheWire, TheNameIsTheGivenElseTheStoredElseTheAddress) {
  const auto name_of = [](const Reply& reply) { return Claims(reply.accesstoken()).display_name; };
  const std::string named = NewAccess(false, "Gwen", "gwen@example.org");
  EXPECT_EQ(name_of(SignInAs(named, "Given")), "Given");
  EXPECT_EQ(name_of(SignInAs(named)), "Gwen");
  EXPECT_EQ(name_of(SignInAs(NewAccess(false, "", "gwen@example.org"))), "gwen@example.org");
  EXPECT_EQ(name_of(SignInAs(NewAccess())), "Unnamed guest");
}

TEST_F(GuestsOverTheWire, OnlyTheCodeOpensIt) {
  const std::string access = NewAccess();
  EXPECT_THAT(SignInAs(access, "", "another code"), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(SignInAs(NewUuid()), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(SignInAs("abc"), IsRefusedWith(::common::USER_ID_INVALID));
  EXPECT_THAT(SignInAs(access, "", ""), IsRefusedWith(::common::REQUEST_EMPTY));
  EXPECT_THAT(SignInAs(NewAccount().user), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(GuestsOverTheWire, AnExpiredAccessOpensNothing) {
  Request request = AccessTo(NewRoom());
  request.mutable_guestaccesscredentials()->set_expiry(absl::ToUnixSeconds(absl::Now()) + 3);
  const auto made = Create(AdminOf("acme"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  const Reply reply = SignInAs(made.userid());
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_LE(reply.expiresat(), request.guestaccesscredentials().expiry());
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return SignInAs(made.userid()).replyinfo().statuscode() == ::common::ACCOUNT_STATUS_ERROR;
  }));
  EXPECT_THAT(IsAuthenticated(reply.accesstoken()), ::testing::Not(Answers(::common::OK)));
}

// L10.
TEST_F(GuestsOverTheWire, ItTakesUserInviteAndTheRoom) {
  const std::string room = NewRoom();
  const Request request = AccessTo(room);
  EXPECT_THAT(Create(TokenWith({Permission::kRoomAdmin, Permission::kUserAdmin}), request),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(TokenWith({Permission::kUserInvite, Permission::kRoomList}), request),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(TokenWith({Permission::kUserInvite}), request),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(TokenWith({Permission::kUserInvite, Permission::kRoomAdmin}), request),
              Answers(::common::OK));
  const Account host = NewAccount({Permission::kUserInvite});
  LetIn(room, host.user, {RoomRight::kAdmin});
  EXPECT_THAT(Create(SignIn(host).access_token, request), Answers(::common::OK));
}

TEST_F(GuestsOverTheWire, AGuestWithUserInviteInvitesToTheOwnRoomOnly) {
  const std::string room = NewRoom(), other = NewRoom();
  token::AccessToken host;
  host.user = UserId(NewUuid());
  host.company = CompanyId("acme");
  host.guest = true;
  host.permissions = {Permission::kUserInvite, Permission::kRoomAdmin};
  LetIn(room, host.user.value(), {RoomRight::kAdmin});
  EXPECT_THAT(Create(house_.Sign(host), AccessTo(room)), Answers(::common::OK));
  EXPECT_THAT(Create(house_.Sign(host), AccessTo(other)), Answers(::common::ROOM_NOT_FOUND));
}

// L10: another company's room.
TEST_F(GuestsOverTheWire, TheRoomIsOneOfTheCompany) {
  const std::string token = AdminOf("acme");
  for (const std::string& room : {NewUuid(), NewRoom("globex")}) {
    EXPECT_THAT(Create(token, AccessTo(room)), Answers(::common::ROOM_NOT_FOUND));
  }
  EXPECT_THAT(Create(token, AccessTo("abc")), Answers(::common::ROOM_ID_INVALID));
  EXPECT_THAT(Create(token, AccessTo("")), Answers(::common::REQUEST_EMPTY));
}

// L10.
TEST_F(GuestsOverTheWire, CreationRefusesWhatAnAccessCannotHave) {
  const std::string token = AdminOf("acme");
  const Request good = AccessTo(NewRoom());
  Request request = good;
  request.mutable_guestaccesscredentials()->clear_code();
  EXPECT_THAT(Create(token, request), Answers(::common::REQUEST_EMPTY));
  request = good;
  request.mutable_guestaccesscredentials()->set_userid(NewUuid());
  EXPECT_THAT(Create(token, request), Answers(::common::PROTOCOL_ERROR));
  for (const int64_t expiry : {int64_t{1}, int64_t{-2}, absl::ToUnixSeconds(absl::Now()) - 1}) {
    request = good;
    request.mutable_guestaccesscredentials()->set_expiry(expiry);
    EXPECT_THAT(Create(token, request), Answers(::common::RANGE_ERROR)) << expiry;
  }
  request = good;
  request.mutable_guestaccesscredentials()->set_email("not an address");
  EXPECT_THAT(Create(token, request), Answers(::common::PROTOCOL_ERROR));
  request = good;
  request.mutable_guestaccesscredentials()->set_displayname(std::string(256, 'x'));
  EXPECT_THAT(Create(token, request), Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(GuestsOverTheWire, TheMetadataTellsWhatTheAccessIs) {
  Request request = AccessTo(NewRoom());
  auto& guest = *request.mutable_guestaccesscredentials();
  guest.set_displayname("Gwen");
  guest.set_email("gwen@example.org");
  guest.set_expiry(-1);
  guest.set_shareable(true);
  const std::string access = Create(AdminOf("acme"), request).userid();
  const auto reply = Information(AdminOf("acme"), access);
  const auto& metadata = reply.authenticationmethodinformation().at("guest_access").metadata();
  EXPECT_EQ(metadata.at("roomId"), guest.roomid());
  EXPECT_EQ(metadata.at("email"), "gwen@example.org");
  EXPECT_EQ(metadata.at("displayName"), "Gwen");
  EXPECT_EQ(metadata.at("expiry"), "-1");
  EXPECT_EQ(metadata.at("shareable"), "true");
  EXPECT_EQ(reply.ShortDebugString().find(kCode), std::string::npos);
}

TEST_F(GuestsOverTheWire, AnAccessWithoutExpiryEndsInThirtyDays) {
  const std::string access = NewAccess();
  const std::string told = Information(AdminOf("acme"), access)
                               .authenticationmethodinformation()
                               .at("guest_access")
                               .metadata()
                               .at("expiry");
  const int64_t in_thirty_days = absl::ToUnixSeconds(absl::Now() + absl::Hours(24 * 30));
  EXPECT_NEAR(static_cast<double>(std::stoll(told)), static_cast<double>(in_thirty_days), 120);
}

TEST_F(GuestsOverTheWire, AGuestSeesAndChangesNobodyButSignsOut) {
  const std::string access = NewAccess();
  const std::string token = SignInAs(access).accesstoken();
  const Account other = NewAccount();
  EXPECT_THAT(Information(token, other.user), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Information(token, access), Answers(::common::OK));
  Request change;
  change.mutable_guestaccesscredentials()->set_code("a code of my own");
  EXPECT_THAT(Update(token, access, change), Answers(::common::INSUFFICIENT_PERMISSIONS));
  Request sign_out;
  sign_out.mutable_refreshtokencredentials()->set_principal(Claims(token).session.value());
  sign_out.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(token, access, sign_out), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::AUTHENTICATION_ERROR));
}

// L10: within five seconds, everywhere.
TEST_F(GuestsOverTheWire, ARemovedSharedAccessEndsItsGuests) {
  const std::string access = NewAccess(/*shareable=*/true);
  const Reply guest = SignInAs(access);
  ASSERT_THAT(Update(AdminOf("acme"), access, Request(), /*remove_all=*/true),
              Answers(::common::OK));
  EXPECT_THAT(SignInAs(access), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(guest.accesstoken(), ::common::AUTHENTICATION_ERROR); }));
}

}  // namespace guests_over_the_wire_test
}  // namespace usher
