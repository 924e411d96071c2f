// Nobody can hand out what they do not hold: every permission, through every door that gives any.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/access/require.h"
#include "common/base/id.h"
#include "common/permission/permission.h"
#include "tests/conformance/authorization_scene.h"
#include "tests/conformance/database_digest.h"
#include "tests/conformance/published_methods.h"
#include "tests/support/house.h"

namespace usher {
namespace no_escalation_test {

using ::google::protobuf::Message;

struct Door {
  std::string rpc;
  std::unique_ptr<Message> request;
};

void Name(const std::string& username, ::authentication::AuthenticationRequest* method) {
  method->mutable_usernamepasswordcredentials()->set_username(username);
}

void NewMethod(::authentication::AuthenticationRequest* method) {
  Name(NewUuid(), method);
  method->mutable_usernamepasswordcredentials()->set_password(kScenePassword);
}

// The doors to what somebody has already.
std::vector<Door> DoorsTo(const Person& person, int permission, bool given) {
  std::vector<Door> doors;
  auto update = std::make_unique<::authentication::AuthenticationUpdateRequest>();
  update->set_userid(person.user);
  Name(person.username, update->mutable_authenticationrequest());
  (*update->mutable_authenticationrequest()->mutable_permissions())[permission] = given;
  auto user_update = std::make_unique<::user::UserUpdateRequest>();
  user_update->set_userid(person.user);
  *user_update->mutable_authenticationrequest() = update->authenticationrequest();
  doors.push_back({"authentication.AuthenticationService.authenticationUpdate", std::move(update)});
  doors.push_back({"user.UserService.userUpdate", std::move(user_update)});
  return doors;
}

// Those, and the doors to what is new.
std::vector<Door> DoorsThatGive(const Person& person, int permission, const std::string& room) {
  std::vector<Door> doors = DoorsTo(person, permission, true);
  auto create = std::make_unique<::authentication::AuthenticationCreateRequest>();
  NewMethod(create->mutable_authenticationrequest());
  (*create->mutable_authenticationrequest()->mutable_permissions())[permission] = true;
  auto user_create = std::make_unique<::user::UserCreateRequest>();
  NewMethod(user_create->mutable_authenticationrequest());
  (*user_create->mutable_authenticationrequest()->mutable_permissions())[permission] = true;
  auto guest = std::make_unique<::authentication::AuthenticationCreateRequest>();
  auto& access = *guest->mutable_authenticationrequest()->mutable_guestaccesscredentials();
  access.set_code(kScenePassword);
  access.set_roomid(room);
  (*guest->mutable_authenticationrequest()->mutable_permissions())[permission] = true;
  auto invite = std::make_unique<::authentication::AuthenticationCreateRequest>();
  auto& invitation = *invite->mutable_authenticationrequest()->mutable_activationtokencredentials();
  invitation.set_keytype("password");
  invitation.set_principal(NewUuid());
  (*invite->mutable_authenticationrequest()->mutable_permissions())[permission] = true;
  auto sign = std::make_unique<::authentication::SignAccessTokenRequest>();
  sign->mutable_accesstoken()->set_userid(person.user);
  (*sign->mutable_accesstoken()->mutable_permissions())[permission] = true;
  const std::string auth = "authentication.AuthenticationService.";
  doors.push_back({auth + "authenticationCreate", std::move(create)});
  doors.push_back({auth + "authenticationCreate", std::move(guest)});
  doors.push_back({auth + "authenticationCreate", std::move(invite)});
  doors.push_back({auth + "signAccessToken", std::move(sign)});
  doors.push_back({"user.UserService.userCreate", std::move(user_create)});
  return doors;
}

class NoEscalationTest : public ::testing::TestWithParam<Permission> {
 protected:
  static Scene& scene() {
    static auto* const scene = new Scene(House::Get());
    return *scene;
  }
  static Digest Look() {
    static auto* const digest = new DatabaseDigest(House::Get());
    return digest->Take();
  }

  int number() const { return static_cast<int>(GetParam()); }

  std::string TokenWith(PermissionSet permissions) {
    token::AccessToken token;
    token.user = UserId(scene().actor("grant").person.user);
    token.company = CompanyId("acme");
    token.permissions = permissions;
    return House::Get().Sign(token);
  }
  // Of a company administrator who lacks the permission. Whoever has a token with one that is the
  // platform's to give has it by mistake, and gets nowhere with it.
  std::string Token() {
    const PermissionSet permission{GetParam()};
    return TokenWith(kPlatformPermissions.Contains(permission)
                         ? kCompanyAdministrator.Or(permission)
                         : kCompanyAdministrator.Without(permission));
  }

  ::common::ReplyStatusCode Enter(const Door& door, const std::string& token) {
    SetAccess(token, "no-escalation-test", door.request.get());
    const Answer answer = Call(House::Get(), *FindPublishedMethod(door.rpc), *door.request);
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    return answer.info.statuscode();
  }

  void ExpectClosed(const std::vector<Door>& doors) {
    const Digest before = Look();
    const std::string token = Token();
    for (const Door& door : doors) {
      EXPECT_EQ(Enter(door, token), ::common::INSUFFICIENT_PERMISSIONS)
          << door.rpc << ": " << door.request->DebugString();
    }
    EXPECT_EQ(Look(), before);
  }
};

TEST_P(NoEscalationTest, NobodyGivesWhatTheyLack) {
  const Actor caller = scene().actor("grant");
  const Target peer = scene().target("peer", caller);
  ExpectClosed(DoorsThatGive(peer.person, number(), peer.room));
}

TEST_P(NoEscalationTest, NobodyTakesWhatTheyLack) {
  const Target stronger = scene().target("stronger", scene().actor("grant"));
  ExpectClosed(DoorsTo(stronger.person, number(), false));
}

TEST_P(NoEscalationTest, NobodyGivesToThemselvesWhatTheyLack) {
  const Actor caller = scene().actor("grant");
  ExpectClosed(DoorsTo(caller.person, number(), true));
}

// What makes the refusals above mean something: the same doors open to who holds it.
TEST_P(NoEscalationTest, ACompanyAdministratorGivesWhatTheyHold) {
  if (kPlatformPermissions.Contains({GetParam()})) return;  // never theirs to give
  const Actor caller = scene().actor("grant");
  const Target peer = scene().target("peer", caller);
  for (const Door& door : DoorsThatGive(peer.person, number(), peer.room)) {
    EXPECT_EQ(Enter(door, TokenWith(kCompanyAdministrator)), ::common::OK) << door.rpc;
  }
  scene().ForgetPerson("peer", caller);
}

INSTANTIATE_TEST_SUITE_P(Permissions, NoEscalationTest,
                         ::testing::Values(Permission::kUserCreate, Permission::kUserShow,
                                           Permission::kUserInvite, Permission::kUserList,
                                           Permission::kUserAdmin, Permission::kGrantPermissions,
                                           Permission::kCompanyCreate, Permission::kCompanyList,
                                           Permission::kCompanyAdmin, Permission::kRoomCreate,
                                           Permission::kRoomList, Permission::kRoomAdmin,
                                           Permission::kManageCompany, Permission::kManageBilling),
                         [](const auto& info) { return std::string(PermissionName(info.param)); });

}  // namespace no_escalation_test
}  // namespace usher
