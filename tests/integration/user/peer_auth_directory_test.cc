// The user service's way to ask auth, against the running auth.
#include "services/user/peer_auth_directory.h"

#include "services/user/user_wire.h"
#include "tests/integration/user/user_over_the_wire.h"
#include "tests/support/a_caller.h"
#include "tests/support/contracts/auth_directory_contract.h"

namespace usher::user {
namespace peer_auth_directory_test {

class OnTheHouse : public UserOverTheWire {
 protected:
  AuthDirectory& directory() { return directory_; }
  CallContext Call() {
    CallContext call = ACaller().Until(absl::Now() + absl::Seconds(60)).BuildCall();
    call.access_token = AdminOf("acme");
    return call;
  }
  UserKey User(PermissionSet held) { return KeyOf(NewAccount(held).user); }
  UserKey UserWhoHeldMore(PermissionSet held) {
    const Account account = NewAccount(held);
    const OpaqueCredentials newer = *NewCredentials();
    EXPECT_OK(directory_.UpdateMethods(Call(), UserId(account.user), newer));
    ::authentication::AuthenticationRequest off;
    off.mutable_usernamepasswordcredentials()->set_username(account.username);
    off.set_accountstatus(::authentication::DEACTIVATED);
    EXPECT_OK(directory_.UpdateMethods(Call(), UserId(account.user), *CredentialsFromWire(off)));
    return KeyOf(account.user);
  }
  UserKey Guest() {
    ::authentication::AuthenticationCreateRequest request;
    auto& access = *request.mutable_authenticationrequest()->mutable_guestaccesscredentials();
    access.set_code("a random code");
    access.set_roomid(NewRoom());
    const auto made = Ask(&AuthStub::authenticationCreate, As(AdminOf("acme"), request));
    EXPECT_THAT(made, Answers(::common::OK));
    ::authentication::AuthenticationRequest sign_in;
    sign_in.mutable_guestaccesscredentials()->set_companyid("acme");
    sign_in.mutable_guestaccesscredentials()->set_userid(made.userid());
    sign_in.mutable_guestaccesscredentials()->set_code("a random code");
    EXPECT_THAT(Ask(&AuthStub::authenticate, sign_in), Answers(::common::OK));
    return KeyOf(made.userid());
  }
  std::optional<OpaqueCredentials> NewCredentials() {
    return CredentialsFromWire(PasswordFor(NewUsername()));
  }
  bool SignsIn(const UserKey& key, const OpaqueCredentials& credentials) {
    ::authentication::AuthenticationRequest request;
    EXPECT_TRUE(request.ParseFromString(std::string(credentials.bytes.Reveal())));
    request.mutable_usernamepasswordcredentials()->set_companyid("acme");
    const auto reply = Ask(&AuthStub::authenticate, request);
    return reply.replyinfo().statuscode() == ::common::OK && reply.userid() == key.user.value();
  }

 private:
  static UserKey KeyOf(const std::string& user) { return {CompanyId("acme"), UserId(user)}; }

  rpc::Peer auth_ = house_.PeerOf("auth", "user");
  PeerAuthDirectory directory_{auth_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, AuthDirectoryContract, ::testing::Types<OnTheHouse>);

}  // namespace peer_auth_directory_test
}  // namespace usher::user
