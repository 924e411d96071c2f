#include "services/auth/session/sign_in_wire.h"

#include <common/permissions.pb.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/auth/session/sign_in_errors.h"
#include "tests/support/sign_in_requests.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace sign_in_wire_test {

namespace wire = ::authentication;
using wire::AuthenticationRequest;

constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";
constexpr PermissionSet kAnything = PermissionSet::FromMask(~uint32_t{0});
constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

PermissionSet WantedWith(const std::map<int32_t, bool>& permissions) {
  AuthenticationRequest request = ByPassword();
  for (const auto& [number, wanted] : permissions) {
    (*request.mutable_permissions())[number] = wanted;
  }
  return GrantOf<PasswordGrant>(request).wanted;
}

TEST(SignInWire, WhatOtherWingsReadIsLeftToThem) {
  AuthenticationRequest request;
  request.mutable_ldapcredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
  request.Clear();
  request.mutable_activationtokencredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
  request.Clear();
  request.mutable_companyswitchcredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
}

TEST(SignInWire, NoCredentialsAreAnEmptyRequest) {
  AuthenticationRequest request;
  request.set_requestid("1");
  (*request.mutable_permissions())[4] = true;
  EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(SignInWire, AnyTwoCredentialsAreOneTooMany) {
  const std::vector<std::function<void(AuthenticationRequest&)>> kinds = {
      [](auto& request) { request.MergeFrom(ByPassword()); },
      [](auto& request) { request.MergeFrom(ByCode()); },
      [](auto& request) { request.MergeFrom(ByGuestAccess()); },
      [](auto& request) { request.MergeFrom(ByRefreshToken()); },
      [](auto& request) { request.mutable_ldapcredentials(); },
      [](auto& request) { request.mutable_activationtokencredentials(); },
      [](auto& request) { request.mutable_companyswitchcredentials(); },
  };
  for (size_t a = 0; a < kinds.size(); ++a) {
    for (size_t b = a + 1; b < kinds.size(); ++b) {
      AuthenticationRequest request;
      kinds[a](request);
      kinds[b](request);
      EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::PROTOCOL_ERROR)) << a << b;
    }
  }
}

TEST(SignInWire, PermissionsThatAreTrueAreAllThatIsWanted) {
  EXPECT_EQ(WantedWith({}), kAnything);
  EXPECT_EQ(WantedWith({{::common::USER_LIST, true}, {::common::ROOM_LIST, true}}), kLists);
  EXPECT_EQ(WantedWith({{::common::USER_LIST, true}, {::common::ROOM_LIST, false}}),
            PermissionSet{Permission::kUserList});
  EXPECT_EQ(WantedWith({{::common::USER_LIST, false}}), kAnything.Without({Permission::kUserList}));
}

TEST(SignInWire, NoneStripsAllPermissions) {
  EXPECT_EQ(WantedWith({{::common::NONE, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{::common::NONE, true}, {::common::USER_LIST, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{::common::NONE, false}}), kAnything);
}

// Asking for more than the method has simply does not give it.
TEST(SignInWire, WhatIsNoPermissionIsNotGivenAndWidensNothing) {
  EXPECT_EQ(WantedWith({{4711, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{-1, true}, {0, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{4711, true}, {::common::USER_LIST, true}}),
            PermissionSet{Permission::kUserList});
}

TEST(SignInWire, EveryGrantTakesTheWantedPermissions) {
  std::vector<AuthenticationRequest> requests = {ByPassword(), ByCode(), ByGuestAccess(),
                                                 ByRefreshToken()};
  for (AuthenticationRequest& request : requests) {
    (*request.mutable_permissions())[::common::USER_LIST] = true;
  }
  const PermissionSet wanted{Permission::kUserList};
  EXPECT_EQ(GrantOf<PasswordGrant>(requests[0]).wanted, wanted);
  EXPECT_EQ(GrantOf<CodeGrant>(requests[1]).wanted, wanted);
  EXPECT_EQ(GrantOf<GuestGrant>(requests[2]).wanted, wanted);
  EXPECT_EQ(GrantOf<RefreshGrant>(requests[3]).wanted, wanted);
}

TEST(SignInWire, StatusAndMetadataAreIgnoredInSigningIn) {
  AuthenticationRequest request = ByPassword();
  request.set_accountstatus(static_cast<wire::AccountStatus>(12345));
  (*request.mutable_metadata())[""] = std::string(5000, 'x');
  EXPECT_EQ(GrantOf<PasswordGrant>(request).username, "ann");
}

TEST(SignInWire, WhatHasBeenSignedInIsTold) {
  SignedIn signed_in;
  signed_in.access_token = std::string("\0\xff token", 8);
  signed_in.expires_at = absl::FromUnixSeconds(1893456000);
  signed_in.refresh_token = Secret("refresh");
  signed_in.user = UserId(kUserCanonical);
  signed_in.permissions = kLists;
  wire::AuthenticationReply reply;
  ToWire(signed_in, &reply);

  wire::AuthenticationReply expected;
  expected.set_accesstoken(signed_in.access_token);
  expected.set_expiresat(1893456000);
  expected.set_refreshtoken("refresh");
  expected.set_userid(kUserCanonical);
  expected.set_accountstatus(wire::ACTIVATED);
  (*expected.mutable_permissions())[::common::USER_LIST] = true;
  (*expected.mutable_permissions())[::common::ROOM_LIST] = true;
  EXPECT_THAT(reply, EqualsProto(expected));
}

TEST(SignInWire, TheStatusStandsBesideAnAccountStatusErrorAlone) {
  for (const auto& [status, expected] : std::map<AccountStatus, wire::AccountStatus>{
           {AccountStatus::kDeactivated, wire::DEACTIVATED},
           {AccountStatus::kLocked, wire::LOCKED},
           {AccountStatus::kPending, wire::PENDING},
           {AccountStatus::kDeleted, wire::DELETED}}) {
    wire::AuthenticationReply reply;
    AccountStatusToWire(AccountInactive(status), &reply);
    EXPECT_EQ(reply.accountstatus(), expected);
  }
  for (const absl::Status& other :
       {absl::OkStatus(), CredentialsRefused(), RefreshTokenRefused(), absl::InternalError("x")}) {
    wire::AuthenticationReply reply;
    AccountStatusToWire(other, &reply);
    EXPECT_THAT(reply, EqualsProto(wire::AuthenticationReply()));
  }
}

}  // namespace sign_in_wire_test
}  // namespace usher::auth
