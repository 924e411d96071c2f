// What method_wire.h makes of lists, and of what is told about a user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/method/user_change.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace method_list_wire_test {

namespace wire = ::authentication;

constexpr char kUser[] = "01900000-0000-7000-8000-00000000ABCD";
constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";

// The bound on methods is what makes a page of one user fit, whatever that user has.
TEST(MethodWire, AllMethodsOfOneUserFitIntoOneReply) {
  const text::Limits& limits = text::TheLimits();
  std::string widest;
  for (size_t i = 0; i < limits.longest_name; ++i) widest += "\U0001F600";
  Method method;
  method.company = CompanyId(std::string(63, 'c'));
  method.key_type = KeyType::kAuthorizationCode;
  method.principal = widest;
  method.user = UserId(kUserCanonical);
  method.permissions = PermissionSet::FromMask(~uint32_t{0});
  const size_t share = limits.largest_metadata / limits.most_metadata;
  for (size_t i = 0; i < limits.most_metadata; ++i) {
    const std::string key = absl::StrCat(i);
    method.metadata[key] = std::string(share - key.size(), 'x');
  }
  ListAnswer answer;
  answer.methods.assign(kMostMethods, method);
  method.key_type = KeyType::kRefreshToken;
  method.metadata.clear();
  answer.methods.insert(answer.methods.end(), MethodFilter().most_sessions, method);
  wire::ListAuthenticationsReply reply;
  EXPECT_OK(ToWire(answer, &reply));
  EXPECT_EQ(reply.results().at(kUserCanonical).list_size(), 150);
}

// What an older release let in is still found.
TEST(MethodWire, AListFiltersByNamesThatAreNotGivenAnyMore) {
  wire::ListAuthenticationsRequest request;
  request.add_principal("\u3000ad\u200bmin\u00a0");
  EXPECT_THAT(FromWire(request)->principals, ::testing::ElementsAre("ad\u200bmin"));
}

TEST(MethodWire, ListsAreBounded) {
  wire::ListAuthenticationsRequest request;
  EXPECT_EQ(FromWire(request)->limit, 100u);
  request.set_limit(1000);
  request.set_offset(4294967295u);
  request.add_keytype("guest_access");
  request.add_useridlist(kUser);
  request.add_accountstatus(wire::LOCKED);
  request.add_companyid("ACME");
  request.add_companyid("no company");
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->limit, 1000u);
  EXPECT_EQ(wish->offset, 4294967295u);
  EXPECT_THAT(wish->users, ::testing::ElementsAre(UserId(kUserCanonical)));
  EXPECT_THAT(wish->key_types, ::testing::ElementsAre(KeyType::kGuestAccess));
  EXPECT_THAT(wish->companies, ::testing::ElementsAre(CompanyId("acme"), CompanyId()));
  request.set_limit(1001);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::RANGE_ERROR));
  request.set_limit(1);
  for (int i = 0; i < 1000; ++i) request.add_principal("p");
  EXPECT_OK(FromWire(request));
  request.add_principal("p");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  request.clear_principal();
  request.add_keytype("nonsense");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(MethodWire, RepliesNeverCarrySecrets) {
  Method method;
  method.company = CompanyId("acme");
  method.principal = "ann";
  method.user = UserId(kUserCanonical);
  method.sealed_secret = "SEALED";
  method.permissions = {Permission::kUserList};
  method.metadata = {{"a", "b"}};
  wire::AuthenticationInformationReply information;
  ToWire(
      UserInformation{.user = method.user, .permissions = method.permissions, .methods = {method}},
      &information);
  const auto& info = information.authenticationmethodinformation().at("password");
  EXPECT_EQ(info.type(), "password");
  EXPECT_EQ(info.principal(), "ann");
  EXPECT_EQ(info.companyid(), "acme");
  EXPECT_EQ(info.userid(), kUserCanonical);
  EXPECT_TRUE(info.permissions().at(4));
  EXPECT_EQ(info.accountstatus(), wire::ACTIVATED);
  EXPECT_EQ(info.metadata().at("a"), "b");
  wire::ListAuthenticationsReply list;
  ASSERT_OK(ToWire(ListAnswer{.max_offset = 7, .methods = {method, method}}, &list));
  EXPECT_EQ(list.maxoffset(), 7u);
  EXPECT_EQ(list.results().at(kUserCanonical).list_size(), 2);
  EXPECT_EQ(information.SerializeAsString().find("SEALED"), std::string::npos);
  EXPECT_EQ(list.SerializeAsString().find("SEALED"), std::string::npos);
}

TEST(MethodWire, AListThatOneMessageCannotHoldSaysSo) {
  ListAnswer answer;
  Method method;
  method.metadata = {{"large", std::string(4096, 'x')}};
  for (int i = 0; i < 1100; ++i) answer.methods.push_back(method);
  wire::ListAuthenticationsReply reply;
  EXPECT_THAT(ToWire(answer, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_TRUE(reply.results().empty());
}

}  // namespace method_list_wire_test
}  // namespace usher::auth
