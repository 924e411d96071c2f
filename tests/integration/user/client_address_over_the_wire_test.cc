// What the user service has auth do for somebody counts for that client's address, as far as auth
// knows: not for the one of the user service, behind which are all clients.
#include <string>

#include "tests/integration/user/user_over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace client_address_over_the_wire_test {

using ClientAddressOverTheWire = UserOverTheWire;

TEST_F(ClientAddressOverTheWire, ANewPasswordStandsInTheAuditUnderTheClientsAddress) {
  constexpr char kClient[] = "198.51.100.77";
  OwnServer server({.service = "user", .flags = {"--trusted_proxies=127.0.0.1"}});
  const auto stub = ::user::UserService::NewStub(server.NewChannel());
  const Account ann = NewUser();
  auto request = As<::user::UserUpdateRequest>(SignIn(ann).access_token);
  request.set_userid(ann.user);
  auto& password = *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  password.set_username(ann.username);
  password.set_password("an altogether new one");
  password.set_current("not the current one");
  const auto update = [&] {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    context.AddMetadata("x-forwarded-for", kClient);
    ::common::ReplyInfo reply;
    EXPECT_TRUE(stub->userUpdate(&context, request, &reply).ok());
    return reply;
  };
  EXPECT_THAT(update(), Answers(::common::AUTHENTICATION_ERROR));
  password.set_current(ann.password);
  EXPECT_THAT(update(), Answers(::common::OK));
  EXPECT_EQ(house_.database("auth").Ask(
                absl::StrCat("SELECT string_agg(DISTINCT peer, ' ') FROM audit "
                             "WHERE rpc = 'auth.authenticationUpdate' AND user_id = '",
                             ann.user, "'")),
            kClient);
}

}  // namespace client_address_over_the_wire_test
}  // namespace usher
