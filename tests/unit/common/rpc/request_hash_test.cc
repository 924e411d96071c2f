#include "common/rpc/gate/request_hash.h"

#include <authentication/authenticationService.pb.h>
#include <gtest/gtest.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include "absl/strings/str_cat.h"

namespace usher::rpc {
namespace request_hash_test {

::user::UserCreateRequest ARequest() {
  ::user::UserCreateRequest request;
  request.mutable_accessinfo()->set_requestid("one");
  request.mutable_accessinfo()->set_accesstoken("token one");
  request.mutable_user()->set_email("jane@example.org");
  auto& credentials =
      *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username("jane");
  credentials.set_password("first password");
  return request;
}

TEST(RequestHash, Is64HexDigits) {
  const std::string hash = RequestHash("user.create", ARequest());
  EXPECT_EQ(hash.size(), 64u);
  EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(hash, RequestHash("user.create", ARequest()));
}

TEST(RequestHash, TellsRequestsAndRpcsApart) {
  ::user::UserCreateRequest other = ARequest();
  other.mutable_user()->set_email("john@example.org");
  EXPECT_NE(RequestHash("user.create", ARequest()), RequestHash("user.create", other));
  EXPECT_NE(RequestHash("user.create", ARequest()), RequestHash("user.update", ARequest()));
  other = ARequest();
  other.mutable_authenticationrequest()->mutable_usernamepasswordcredentials()->set_username("j");
  EXPECT_NE(RequestHash("user.create", ARequest()), RequestHash("user.create", other));
}

TEST(RequestHash, LeavesAccessInfoOut) {
  ::user::UserCreateRequest later = ARequest();
  later.mutable_accessinfo()->set_requestid("two");
  later.mutable_accessinfo()->set_accesstoken("token two");
  EXPECT_EQ(RequestHash("user.create", ARequest()), RequestHash("user.create", later));
}

TEST(RequestHash, LeavesSecretsOut) {
  ::user::UserCreateRequest other = ARequest();
  auto& credentials = *other.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_password("another password");
  credentials.set_current("and the current one");
  EXPECT_EQ(RequestHash("user.create", ARequest()), RequestHash("user.create", other));
}

TEST(RequestHash, LeavesEverySecretOfTheProtocolOut) {
  // Every string or bytes field whose name says that it holds a secret.
  const auto* request = ::authentication::AuthenticationRequest::descriptor();
  int secrets = 0;
  for (int i = 0; i < request->field_count(); ++i) {
    const auto* credentials = request->field(i)->message_type();
    if (credentials == nullptr || request->field(i)->is_map()) continue;
    for (int j = 0; j < credentials->field_count(); ++j) {
      const auto* field = credentials->field(j);
      const std::string& name = field->name();
      const bool secret = name == "password" || name == "code" || name == "current" ||
                          name == "currentCode" || name.find("oken") != std::string::npos;
      if (!secret) continue;
      ++secrets;
      ::authentication::AuthenticationRequest with;
      with.set_requestid("r");
      ::authentication::AuthenticationRequest without = with;
      with.GetReflection()->MutableMessage(&with, request->field(i));
      without.GetReflection()->MutableMessage(&without, request->field(i));
      auto* message = with.GetReflection()->MutableMessage(&with, request->field(i));
      message->GetReflection()->SetString(message, field, "secret");
      EXPECT_EQ(RequestHash("x", with), RequestHash("x", without)) << field->full_name();
    }
  }
  EXPECT_GE(secrets, 9);
}

TEST(RequestHash, DoesNotDependOnTheOrderOfMaps) {
  ::roomService::RoomCreateRequest forwards;
  ::roomService::RoomCreateRequest backwards;
  for (int i = 0; i < 50; ++i) {
    (*forwards.mutable_room()->mutable_metadata())[absl::StrCat("key", i)] = "v";
    (*backwards.mutable_room()->mutable_metadata())[absl::StrCat("key", 49 - i)] = "v";
  }
  EXPECT_EQ(RequestHash("room.create", forwards), RequestHash("room.create", backwards));
}

}  // namespace request_hash_test
}  // namespace usher::rpc
