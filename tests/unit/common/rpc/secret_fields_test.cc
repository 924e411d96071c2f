#include "common/rpc/gate/secret_fields.h"

#include <authentication/authenticationService.pb.h>
#include <gtest/gtest.h>
#include <roomService/roomService.pb.h>

namespace usher::rpc {
namespace secret_fields_test {

TEST(SecretFields, AreKnownAtAnyDepth) {
  EXPECT_TRUE(HasSecretFields(*::authentication::AuthenticationRequest::descriptor()));
  EXPECT_TRUE(HasSecretFields(*::authentication::AuthenticationUpdateRequest::descriptor()));
  EXPECT_FALSE(HasSecretFields(*::roomService::RoomListRequest::descriptor()));
}

// The string is looked at where it was: protobuf keeps it when a field is cleared.
TEST(SecretFields, AreOverwrittenAndNothingElseIs) {
  ::authentication::AuthenticationRequest request;
  auto* credentials = request.mutable_usernamepasswordcredentials();
  credentials->set_companyid("acme");
  credentials->set_username("ann");
  credentials->set_password("correct horse battery staple");
  const char* const bytes = credentials->password().data();
  ASSERT_EQ(bytes[0], 'c');
  WipeSecretFields(&request);
  EXPECT_TRUE(request.usernamepasswordcredentials().password().empty());
  EXPECT_NE(bytes[0], 'c');
  EXPECT_NE(bytes[10], 'r');
  EXPECT_EQ(request.usernamepasswordcredentials().username(), "ann");
  EXPECT_EQ(request.usernamepasswordcredentials().companyid(), "acme");
}

}  // namespace secret_fields_test
}  // namespace usher::rpc
