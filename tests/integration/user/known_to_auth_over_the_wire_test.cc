// What the user service decides by what auth knows of somebody.
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace known_to_auth_over_the_wire_test {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;

class KnownToAuthOverTheWire : public UserOverTheWire {
 protected:
  // Its user ID.
  std::string NewGuestAccess(PermissionSet permissions = {}) {
    ::authentication::AuthenticationCreateRequest request;
    auto& method = *request.mutable_authenticationrequest();
    method.mutable_guestaccesscredentials()->set_code("a random code");
    method.mutable_guestaccesscredentials()->set_roomid(NewRoom());
    *method.mutable_permissions() = Wire(permissions);
    const auto made = Ask(&AuthStub::authenticationCreate, As(AdminOf("acme"), request));
    EXPECT_THAT(made, Answers(::common::OK));
    return made.userid();
  }
  // The token that the guest gets.
  std::string SignInAsGuest(const std::string& access) {
    ::authentication::AuthenticationRequest request;
    auto& guest = *request.mutable_guestaccesscredentials();
    guest.set_companyid("acme");
    guest.set_userid(access);
    guest.set_code("a random code");
    const auto reply = Ask(&AuthStub::authenticate, request);
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.accesstoken();
  }
  // Another method for somebody, or another status of one.
  void ChangeMethod(const std::string& user,
                    const ::authentication::AuthenticationRequest& method) {
    ::authentication::AuthenticationUpdateRequest request;
    request.set_userid(user);
    *request.mutable_authenticationrequest() = method;
    EXPECT_THAT(Ask(&AuthStub::authenticationUpdate, As(AdminOf("acme"), request)),
                Answers(::common::OK));
  }
};

TEST_F(KnownToAuthOverTheWire, AGuestHasNoProfileAlsoWhenSignedIn) {
  const std::string guest = NewGuestAccess();
  EXPECT_THAT(Update(AdminOf("acme"), guest, Titled("Dr.")), Answers(::common::ACTION_INVALID));
  SignInAsGuest(guest);
  EXPECT_THAT(Update(AdminOf("acme"), guest, Titled("Dr.")), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(List(AdminOf("acme")).users(), Not(Contains(Key(guest))));
}

TEST_F(KnownToAuthOverTheWire, TheAddressOfWhoHoldsMoreInAnOlderMethodThatIsOffIsNotChanged) {
  const Account strong = NewUser({Permission::kGrantPermissions});
  auto newer = PasswordFor(NewUsername());
  ChangeMethod(strong.user, newer);
  ::authentication::AuthenticationRequest off;
  off.mutable_usernamepasswordcredentials()->set_username(strong.username);
  off.set_accountstatus(::authentication::DEACTIVATED);
  ChangeMethod(strong.user, off);
  const std::string before = Find(strong.user)->email();
  EXPECT_THAT(Update(TokenWith({Permission::kUserAdmin}), strong.user, UserWith(NewEmail())),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Find(strong.user)->email(), before);
  EXPECT_THAT(Update(AdminOf("acme"), strong.user, UserWith(NewEmail())), Answers(::common::OK));
}

TEST_F(KnownToAuthOverTheWire, AnApiClientGetsAProfileWhenItIsGivenOne) {
  ::authentication::AuthenticationCreateRequest request;
  auto& code = *request.mutable_authenticationrequest()->mutable_authorizationcodecredentials();
  code.set_clientid(NewUsername());
  code.set_code("a code that somebody made up");
  const auto made = Ask(&AuthStub::authenticationCreate, As(AdminOf("acme"), request));
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_THAT(List(AdminOf("acme")).users(), Not(Contains(Key(made.userid()))));
  EXPECT_THAT(Update(AdminOf("acme"), made.userid(), Titled("Bot")), Answers(::common::OK));
  EXPECT_THAT(List(AdminOf("acme")).users(), Contains(Key(made.userid())));
}

}  // namespace known_to_auth_over_the_wire_test
}  // namespace usher
