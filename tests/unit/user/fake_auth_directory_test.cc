#include "tests/support/fake_auth_directory.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/a_caller.h"
#include "tests/support/contracts/auth_directory_contract.h"

namespace usher::user {
namespace fake_auth_directory_test {

class OnTheFake : public ::testing::Test {
 protected:
  AuthDirectory& directory() { return directory_; }
  CallContext Call() { return ACall(); }
  UserKey User(PermissionSet held) { return Known({.held = held}); }
  UserKey UserWhoHeldMore(PermissionSet held) { return Known({.held = held}); }
  UserKey Guest() { return Known({.guest = true}); }
  std::optional<OpaqueCredentials> NewCredentials() { return CredentialsOf(NewUuid()); }
  bool SignsIn(const UserKey& key, const OpaqueCredentials& credentials) {
    ::authentication::AuthenticationRequest request;
    EXPECT_TRUE(request.ParseFromString(std::string(credentials.bytes.Reveal())));
    const std::vector<std::string> usernames = directory_.UsernamesOf(key);
    return std::count(usernames.begin(), usernames.end(),
                      request.usernamepasswordcredentials().username()) > 0;
  }

 private:
  UserKey Known(const KnownUser& known) {
    const UserKey key{CompanyId("acme"), UserId(NewUuid())};
    directory_.Add(key, known);
    return key;
  }

  FakeAuthDirectory directory_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, AuthDirectoryContract, ::testing::Types<OnTheFake>);

}  // namespace fake_auth_directory_test
}  // namespace usher::user
