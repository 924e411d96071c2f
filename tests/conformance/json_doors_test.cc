// Every rpc that has a path is the same through the JSON door: what it answers, and whom it
// refuses.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/id.h"
#include "tests/conformance/json_calls.h"
#include "tests/conformance/published_methods.h"
#include "tests/support/house.h"

namespace usher {
namespace json_doors_test {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

constexpr char kRequestId[] = "json-doors-test";

// A user of "acme" without permissions, who need not exist: tokens are verified offline.
std::string TokenOf(absl::Duration lifetime) {
  token::AccessToken token;
  token.user = UserId(NewUuid());
  token.company = CompanyId(House::Get().acme().company);
  token.issued_at = absl::Now() - absl::Hours(2);
  token.expires_at = absl::Now() + lifetime;
  return House::Get().Sign(token);
}

class JsonDoorTest : public ::testing::TestWithParam<const MethodDescriptor*> {
 protected:
  const MethodDescriptor& method() const { return *GetParam(); }

  void ExpectSame(const std::string& token) {
    const std::unique_ptr<Message> request = RequestOf(method());
    SetAccess(token, kRequestId, request.get());
    const Answer by_grpc = Call(House::Get(), method(), *request);
    const Answer by_json = CallByJson(House::Get(), method(), *request);
    EXPECT_EQ(by_json.status.error_code(), by_grpc.status.error_code());
    EXPECT_EQ(by_json.info.statuscode(), by_grpc.info.statuscode());
    EXPECT_EQ(by_json.info.statusmessage(), by_grpc.info.statusmessage());
    EXPECT_EQ(by_json.reply->GetTypeName(), by_grpc.reply->GetTypeName());
  }
};

TEST_P(JsonDoorTest, AnswersAMemberAsGrpcDoes) { ExpectSame(TokenOf(absl::Hours(1))); }

TEST_P(JsonDoorTest, RefusesAMissingTokenAsGrpcDoes) { ExpectSame(""); }

TEST_P(JsonDoorTest, RefusesAnExpiredTokenAsGrpcDoes) { ExpectSame(TokenOf(-absl::Hours(1))); }

TEST_P(JsonDoorTest, RefusesWhatIsNoTokenAsGrpcDoes) { ExpectSame("this is no token"); }

std::vector<const MethodDescriptor*> MethodsWithPaths() {
  std::vector<const MethodDescriptor*> methods;
  for (const MethodDescriptor* method : PublishedMethods()) {
    if (HasJsonPath(*method)) methods.push_back(method);
  }
  return methods;
}

INSTANTIATE_TEST_SUITE_P(Published, JsonDoorTest, ::testing::ValuesIn(MethodsWithPaths()),
                         [](const auto& info) { return TestNameOf(*info.param); });

TEST(JsonDoorsTest, EveryRpcHasAPathThatTheDescriptorsSay) {
  EXPECT_GE(MethodsWithPaths().size(), 30U);
}

}  // namespace json_doors_test
}  // namespace usher
