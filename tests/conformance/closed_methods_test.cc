// What every published rpc has in common, whatever it is about: it answers, repeats the request ID,
// and, unless it is one of the three open ones, takes good access tokens only. The list of rpcs is
// the descriptors', so that a new one is covered without anybody thinking of it.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/id.h"
#include "tests/conformance/published_methods.h"
#include "tests/support/house.h"

namespace usher {
namespace closed_methods_test {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

constexpr char kRequestId[] = "closed-methods-test";
constexpr size_t kEnvelope = 73;  // bytes of a token before its payload (docs/token.md)
constexpr absl::Duration kLongestRevocation = absl::Seconds(20);

// docs/contract.md: "who" is "anyone".
bool IsOpen(const MethodDescriptor& method) {
  static const auto* const open =
      new std::set<std::string>{"authentication.AuthenticationService.authenticate",
                                "authentication.AuthenticationService.requestPasswordReset",
                                "companyService.CompanyService.companyAvailable"};
  return open->count(method.full_name()) > 0;
}

// A join token is good for one room and the own profile, and can be asked about. The two names of
// the room service are one service.
bool TakesJoinTokens(const MethodDescriptor& method) {
  static const auto* const taking =
      new std::set<std::string>{"AuthenticationService.isAuthenticated",
                                "AuthenticationService.accessTokenInformation",
                                "UserService.userGetLocale",
                                "UserService.userList",
                                "roomService.List",
                                "roomService.Status",
                                "roomService.Permissions",
                                "ChatService.send",
                                "ChatService.history",
                                "ChatService.watch",
                                "RoomService.List",
                                "RoomService.Status",
                                "RoomService.Permissions"};
  return taking->count(absl::StrCat(method.service()->name(), ".", method.name())) > 0;
}

// An activation token is enough to read the own profile and company, and can be asked about.
bool TakesActivationTokens(const MethodDescriptor& method) {
  static const auto* const taking = new std::set<std::string>{
      "AuthenticationService.isAuthenticated", "AuthenticationService.accessTokenInformation",
      "UserService.userGetLocale", "UserService.userList", "CompanyService.companyList"};
  return taking->count(absl::StrCat(method.service()->name(), ".", method.name())) > 0;
}

// A user of "acme" without permissions, who need not exist: tokens are verified offline.
token::AccessToken Member() {
  token::AccessToken token;
  token.user = UserId(NewUuid());
  token.company = CompanyId(House::Get().acme().company);
  token.issued_at = absl::Now();
  return token;
}

std::string Good() { return House::Get().Sign(Member()); }

std::string Tampered() {
  std::string token = Good();
  token.back() = static_cast<char>(token.back() ^ 1);
  return token;
}

std::string Expired() {
  token::AccessToken token = Member();
  token.issued_at = absl::Now() - absl::Hours(2);
  token.expires_at = absl::Now() - absl::Hours(1);
  return House::Get().Sign(token);
}

std::string Joining() {
  token::AccessToken token = Member();
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(NewUuid());
  token.extension_disallowed = true;
  return House::Get().Sign(token);
}

std::string Activating() {
  token::AccessToken token = Member();
  token.type = token::TokenType::kActivation;
  return House::Get().Sign(token);
}

::common::ReplyStatusCode Update(const ::authentication::AuthenticationUpdateRequest& request) {
  grpc::ClientContext context;
  ::common::ReplyInfo reply;
  const grpc::Status status = House::Get().auth().authenticationUpdate(&context, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.statuscode(), ::common::OK) << reply.statusmessage();
  return reply.statuscode();
}

// A session that was signed out; the token that it began with.
std::string MakeSignedOut() {
  House& house = House::Get();
  const SignedIn signed_in = house.SignIn(house.acme());
  const auto claims = token::ParsePayload(signed_in.access_token.substr(kEnvelope));
  EXPECT_TRUE(claims.ok()) << claims.status();
  ::authentication::AuthenticationUpdateRequest request;
  request.mutable_accessinfo()->set_accesstoken(signed_in.access_token);
  request.set_userid(signed_in.user);
  auto& method = *request.mutable_authenticationrequest();
  method.set_accountstatus(::authentication::DELETED);
  method.mutable_refreshtokencredentials()->set_principal(claims->session.value());
  Update(request);
  return signed_in.access_token;
}

// A user who was switched off after the token had been issued.
std::string MakeDeactivated() {
  House& house = House::Get();
  const std::string administrator = house.SignIn(house.acme()).access_token;
  ::user::UserCreateRequest creation;
  creation.mutable_accessinfo()->set_accesstoken(administrator);
  creation.mutable_user()->mutable_userprofile()->set_firstname("Switched off");
  grpc::ClientContext context;
  ::user::UserCreateReply created;
  EXPECT_TRUE(house.user().userCreate(&context, creation, &created).ok());
  token::AccessToken token = Member();
  token.user = UserId(created.userid());
  const std::string signed_token = house.Sign(token);

  ::authentication::AuthenticationUpdateRequest request;
  request.mutable_accessinfo()->set_accesstoken(administrator);
  request.set_userid(created.userid());
  request.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  Update(request);
  return signed_token;
}

Answer CallWith(const MethodDescriptor& method, const std::string& token) {
  const std::unique_ptr<Message> request = RequestOf(method);
  SetAccess(token, kRequestId, request.get());
  return Call(House::Get(), method, *request);
}

// The servers hear of a revocation within moments; this waits until all of them have.
std::string Revoked(const std::string& token) {
  const absl::Time until = absl::Now() + kLongestRevocation;
  for (const MethodDescriptor* method : PublishedMethods()) {
    if (IsOpen(*method)) continue;
    const auto is_refused = [&] {
      const int code = CallWith(*method, token).info.statuscode();
      return code == ::common::AUTHENTICATION_ERROR || code == ::common::ACCOUNT_STATUS_ERROR;
    };
    while (!is_refused() && absl::Now() < until) absl::SleepFor(absl::Milliseconds(20));
  }
  return token;
}

class PublishedMethodTest : public ::testing::TestWithParam<const MethodDescriptor*> {
 protected:
  const MethodDescriptor& method() const { return *GetParam(); }

  // Every reply is decided and repeats the request ID, whatever it says otherwise.
  ::common::ReplyStatusCode CodeWith(const std::string& token) {
    const Answer answer = CallWith(method(), token);
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    if (method().name() == "companyAvailable") {  // its request has no place for an ID
      EXPECT_NE(answer.info.requestid(), "");
    } else {
      EXPECT_EQ(answer.info.requestid(), kRequestId);
    }
    return answer.info.statuscode();
  }
};

class ClosedMethodTest : public PublishedMethodTest {};

TEST_P(PublishedMethodTest, AnswersAndRepeatsTheRequestId) {
  const ::common::ReplyStatusCode code = CodeWith(Good());
  EXPECT_NE(code, ::common::ACCESS_INFO_MISSING);
  EXPECT_NE(code, ::common::AUTHENTICATION_ERROR);
  EXPECT_NE(code, ::common::INTERNAL_ERROR);
}

TEST_P(ClosedMethodTest, RefusesAMissingToken) {
  EXPECT_EQ(CodeWith(""), ::common::ACCESS_INFO_MISSING);
}

TEST_P(ClosedMethodTest, RefusesATamperedToken) {
  EXPECT_EQ(CodeWith(Tampered()), ::common::AUTHENTICATION_ERROR);
}

TEST_P(ClosedMethodTest, RefusesAnExpiredToken) {
  EXPECT_EQ(CodeWith(Expired()), ::common::TOKEN_OUTDATED);
}

TEST_P(ClosedMethodTest, RefusesATokenThatWasSignedOut) {
  static const auto* const token = new std::string(Revoked(MakeSignedOut()));
  EXPECT_EQ(CodeWith(*token), ::common::AUTHENTICATION_ERROR);
}

TEST_P(ClosedMethodTest, RefusesATokenOfAUserWhoWasSwitchedOff) {
  static const auto* const token = new std::string(Revoked(MakeDeactivated()));
  EXPECT_EQ(CodeWith(*token), ::common::ACCOUNT_STATUS_ERROR);
}

TEST_P(ClosedMethodTest, RefusesAJoinTokenUnlessItIsAboutTheRoom) {
  const ::common::ReplyStatusCode code = CodeWith(Joining());
  if (TakesJoinTokens(method())) {
    EXPECT_NE(code, ::common::AUTHENTICATION_ERROR);
  } else {
    EXPECT_EQ(code, ::common::AUTHENTICATION_ERROR);
  }
}

TEST_P(ClosedMethodTest, RefusesAnActivationTokenUnlessItReadsProfileOrCompany) {
  const ::common::ReplyStatusCode code = CodeWith(Activating());
  if (TakesActivationTokens(method())) {
    EXPECT_NE(code, ::common::AUTHENTICATION_ERROR);
  } else {
    EXPECT_EQ(code, ::common::AUTHENTICATION_ERROR);
  }
}

std::vector<const MethodDescriptor*> ClosedMethods() {
  std::vector<const MethodDescriptor*> closed;
  for (const MethodDescriptor* method : PublishedMethods()) {
    if (!IsOpen(*method)) closed.push_back(method);
  }
  return closed;
}

std::string NameOf(const ::testing::TestParamInfo<const MethodDescriptor*>& info) {
  return TestNameOf(*info.param);
}

INSTANTIATE_TEST_SUITE_P(Published, PublishedMethodTest, ::testing::ValuesIn(PublishedMethods()),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Closed, ClosedMethodTest, ::testing::ValuesIn(ClosedMethods()), NameOf);

// 31 published rpcs, of which the room service's 9 have two names.
TEST(PublishedMethodsTest, TheDescriptorsHaveThemAll) {
  EXPECT_GE(PublishedMethods().size(), 40U);
  EXPECT_EQ(PublishedMethods().size() - ClosedMethods().size(), 3U);
}

}  // namespace closed_methods_test
}  // namespace usher
