#include "tests/conformance/authorization_scene.h"

#include <optional>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/id.h"
#include "common/permission/permission_wire.h"

namespace usher {
namespace {

constexpr absl::Duration kLongestRevocation = absl::Seconds(20);

struct Role {
  std::string company;
  PermissionSet held;   // by the user's method
  PermissionSet token;  // by the token
};

const PermissionSet kEverything = kCompanyAdministrator.Or(kPlatformPermissions);
// Who is given COMPANY_LIST is to see all companies.
const PermissionSet kGuestsEverything = kEverything.Without({Permission::kCompanyList});

// The permission that the column "uc" stands for, and so on.
std::optional<Permission> SinglePermission(const std::string& actor) {
  static const auto* const single = new std::map<std::string, Permission>{
      {"uc", Permission::kUserCreate},    {"us", Permission::kUserShow},
      {"ui", Permission::kUserInvite},    {"ul", Permission::kUserList},
      {"ua", Permission::kUserAdmin},     {"gp", Permission::kGrantPermissions},
      {"cc", Permission::kCompanyCreate}, {"cl", Permission::kCompanyList},
      {"ca", Permission::kCompanyAdmin},  {"rc", Permission::kRoomCreate},
      {"rl", Permission::kRoomList},      {"ra", Permission::kRoomAdmin},
      {"mc", Permission::kManageCompany}, {"mb", Permission::kManageBilling}};
  const auto found = single->find(actor);
  if (found == single->end()) return std::nullopt;
  return found->second;
}

Role RoleOf(const std::string& actor) {
  if (const std::optional<Permission> permission = SinglePermission(actor)) {
    // Nobody in acme can give COMPANY_*: such a token is as good as forged.
    const PermissionSet token{*permission};
    return {"acme", token.Without(kPlatformPermissions), token};
  }
  if (actor == "mem" || actor == "deact") return {"acme", {}, {}};
  if (actor == "grant") return {"acme", kCompanyAdministrator, kCompanyAdministrator};
  if (actor == "scoped") return {"acme", kCompanyAdministrator, {}};
  if (actor == "globex") return {"globex", kCompanyAdministrator, kCompanyAdministrator};
  if (actor == "platform") return {"operator", kEverything, kEverything};
  if (actor == "oc") {
    return {"operator", {Permission::kCompanyCreate}, {Permission::kCompanyCreate}};
  }
  throw std::runtime_error("nobody is called " + actor);
}

template <class Reply>
const ::common::ReplyInfo& InfoOf(const Reply& reply) {
  return reply.replyinfo();
}
const ::common::ReplyInfo& InfoOf(const ::common::ReplyInfo& reply) { return reply; }

// Calls, and takes no refusal.
template <class Reply, class Stub, class Method, class Request>
Reply Do(Stub& stub, Method method, const std::string& token, Request request) {
  request.mutable_accessinfo()->set_accesstoken(token);
  grpc::ClientContext context;
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok() || InfoOf(reply).statuscode() != ::common::OK) {
    throw std::runtime_error(absl::StrCat("the scene cannot be set: ", request.GetTypeName(), ": ",
                                          status.error_message(), InfoOf(reply).DebugString()));
  }
  return reply;
}

std::string MarkOf(const std::string& company) { return absl::StrCat("the mark of ", company); }

}  // namespace

Scene::Scene(House& house) : house_(house) {
  for (const Tenant* tenant : {&house.operator_company(), &house.acme(), &house.globex()}) {
    const Person first{tenant->company, tenant->administrator, tenant->username};
    administrators_[tenant->company] =
        SignFor(first, tenant == &house.operator_company() ? kEverything : kCompanyAdministrator);
  }
  for (const auto& [company, token] : administrators_) MarkCompany(company);
}

const Actor& Scene::actor(const std::string& name) {
  const auto found = actors_.find(name);
  if (found != actors_.end()) return found->second;
  return actors_.emplace(name, MakeActor(name)).first->second;
}

Actor Scene::MakeActor(const std::string& name) {
  if (name == "anon") return {.name = name, .person = {"acme", NewUuid(), "anon"}};
  if (name == "guest" || name == "gall") return MakeGuest(name, /*shareable=*/false);
  if (name == "shared" || name == "sall") return MakeGuest(name, /*shareable=*/true);
  const Role role = RoleOf(name);
  Actor actor;
  actor.name = name;
  actor.person = MakePerson(role.company, role.held);
  actor.token = SignFor(actor.person, role.token);
  actor.room_subject = actor.person.user;
  if (name == "deact") {
    SwitchOff(actor.person);
    AwaitRefusal(actor.token);
  }
  return actor;
}

Actor Scene::MakeGuest(const std::string& name, bool shareable) {
  ::authentication::AuthenticationCreateRequest request;
  auto& access = *request.mutable_authenticationrequest()->mutable_guestaccesscredentials();
  access.set_code(kScenePassword);
  access.set_roomid(OpenRoom("acme"));
  access.set_shareable(shareable);
  const auto made = Do<::authentication::AuthenticationCreateReply>(
      house_.auth(), &::authentication::AuthenticationService::Stub::authenticationCreate,
      Administrator("acme"), request);
  Actor actor;
  actor.name = name;
  actor.room_subject = made.userid();
  // Nobody signs in by it: guests have no passwords.
  actor.person = {"acme", shareable ? NewUuid() : made.userid(), NewUuid()};
  token::AccessToken token;
  token.user = UserId(actor.person.user);
  token.company = CompanyId(actor.person.company);
  token.guest = true;
  if (name == "gall" || name == "sall") token.permissions = kGuestsEverything;
  token.display_name = "Guest";
  if (shareable) token.base_permissions_id = UserId(made.userid());
  actor.token = house_.Sign(token);
  return actor;
}

Target Scene::target(const std::string& object, const Actor& actor) {
  if (object == "none") {
    return {{"nobody", NewUuid(), NewUuid()}, NewUuid(), NewUuid()};
  }
  Target target;
  if (object == "-" || object == "own" || object == "joined") {
    target.person = actor.person;
    if (object != "-") target.room = Room(object, actor);
  } else {
    target.person = person(object);
    if (object == "peer" || object == "foreign") target.room = Room(object, actor);
  }
  target.mark = MarkOf(target.person.company);
  return target;
}

const Person& Scene::person(const std::string& object) {
  const auto found = persons_.find(object);
  if (found != persons_.end()) return found->second;
  Person person;
  if (object == "peer" || object == "inactive") {
    person = MakePerson("acme", {});
    if (object == "inactive") SwitchOff(person);
  } else if (object == "stronger") {
    person = MakePerson("acme", kCompanyAdministrator);
  } else if (object == "foreign") {
    person = MakePerson("globex", {});
  } else {
    throw std::runtime_error("there is no object called " + object);
  }
  return persons_.emplace(object, person).first->second;
}

Person Scene::MakePerson(const std::string& company, PermissionSet permissions) {
  Person person{company, "", NewUuid()};
  ::user::UserCreateRequest request;
  request.mutable_user()->mutable_userprofile()->set_firstname("Somebody");
  auto& method = *request.mutable_authenticationrequest();
  method.mutable_usernamepasswordcredentials()->set_username(person.username);
  method.mutable_usernamepasswordcredentials()->set_password(kScenePassword);
  if (!permissions.empty()) PermissionsToWire(permissions, method.mutable_permissions());
  person.user = Do<::user::UserCreateReply>(house_.user(), &::user::UserService::Stub::userCreate,
                                            Administrator(company), request)
                    .userid();
  return person;
}

void Scene::SwitchOff(const Person& person) {
  ::authentication::AuthenticationUpdateRequest request;
  request.set_userid(person.user);
  request.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  Do<::common::ReplyInfo>(house_.auth(),
                          &::authentication::AuthenticationService::Stub::authenticationUpdate,
                          Administrator(person.company), request);
}

// The servers hear of it within moments; this waits until all of them have.
void Scene::AwaitRefusal(const std::string& token) {
  ::common::AccessInfo access;
  access.set_accesstoken(token);
  const auto is_taken = [&](auto& stub, auto method, auto request, auto reply) {
    *request.mutable_accessinfo() = access;
    grpc::ClientContext context;
    (stub.*method)(&context, request, &reply);
    return InfoOf(reply).statuscode() == ::common::OK;
  };
  const auto is_taken_anywhere = [&] {
    return is_taken(house_.user(), &::user::UserService::Stub::userList, ::user::UserListRequest(),
                    ::user::UserListReply()) ||
           is_taken(house_.company(), &::companyService::CompanyService::Stub::companyList,
                    ::companyService::CompanyListRequest(), ::companyService::CompanyListReply()) ||
           is_taken(house_.room(), &::roomService::roomService::Stub::List,
                    ::roomService::RoomListRequest(), ::roomService::RoomListReply()) ||
           is_taken(house_.business_logic(),
                    &::businessLogicService::BusinessLogicService::Stub::permissionGroupsList,
                    ::businessLogicService::CompanyPermissionGroupsListRequest(),
                    ::businessLogicService::CompanyPermissionGroupsListReply());
  };
  const absl::Time until = absl::Now() + kLongestRevocation;
  while (is_taken_anywhere()) {
    if (absl::Now() > until) throw std::runtime_error("a revocation is not heard of");
    absl::SleepFor(absl::Milliseconds(20));
  }
}

// Of "own" and "joined" every actor has one; of the others there is one.
std::string Scene::Room(const std::string& object, const Actor& actor) {
  if (actor.token.empty() && (object == "own" || object == "joined")) return NewUuid();
  const bool is_actors = object == "own" || object == "joined";
  const std::string key = is_actors ? absl::StrCat(object, "/", actor.name) : object;
  const auto found = rooms_.find(key);
  if (found != rooms_.end()) return found->second;
  ::common::Room room;
  room.set_displayname(key);
  if (is_actors) {
    auto& rights = (*room.mutable_permissions())[actor.room_subject];
    rights.set_admin(object == "own");
    rights.set_join(true);
  }
  const std::string company = object == "peer"      ? "acme"
                              : object == "foreign" ? "globex"
                                                    : actor.person.company;
  return rooms_[key] = MakeRoom(company, room);
}

std::string Scene::OpenRoom(const std::string& company) {
  std::string& room = rooms_["open/" + company];
  if (room.empty()) {
    ::common::Room draft;
    draft.set_displayname("open");
    draft.mutable_defaultpermissions()->set_join(true);
    room = MakeRoom(company, draft);
  }
  return room;
}

std::string Scene::MakeRoom(const std::string& company, const ::common::Room& room) {
  ::roomService::RoomCreateRequest request;
  *request.mutable_room() = room;
  return Do<::roomService::RoomCreateReply>(house_.room(),
                                            &::roomService::roomService::Stub::Create,
                                            Administrator(company), request)
      .roomid();
}

void Scene::ForgetPerson(const std::string& object, const Actor& actor) {
  persons_.erase(object);
  if (object != "own") return;
  // The rooms are kept under the user ID of the one who is gone.
  rooms_.erase("own/" + actor.name);
  rooms_.erase("joined/" + actor.name);
  actors_.erase(actor.name);
}

void Scene::ForgetRoom(const std::string& object, const Actor& actor) {
  rooms_.erase(object);
  rooms_.erase(absl::StrCat(object, "/", actor.name));
}

std::string Scene::SignFor(const Person& person, PermissionSet permissions) {
  token::AccessToken token;
  token.user = UserId(person.user);
  token.company = CompanyId(person.company);
  token.permissions = permissions;
  return house_.Sign(token);
}

std::string Scene::Administrator(const std::string& company) { return administrators_.at(company); }

void Scene::MarkCompany(const std::string& company) {
  ::companyService::CompanyUpdateRequest request;
  request.set_companyid(company);
  request.mutable_company()->mutable_branding()->set_title(MarkOf(company));
  Do<::common::ReplyInfo>(house_.company(), &::companyService::CompanyService::Stub::companyUpdate,
                          Administrator(company), request);
}

}  // namespace usher
