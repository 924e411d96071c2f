// What the tests that ask the five real servers have in common.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/permission/permission_wire.h"
#include "tests/support/credentials.h"
#include "tests/support/house.h"
#include "tests/support/status_matchers.h"

namespace usher {

using AuthStub = ::authentication::AuthenticationService::Stub;
using UserStub = ::user::UserService::Stub;
using CompanyStub = ::companyService::CompanyService::Stub;
using RoomStub = ::roomService::roomService::Stub;
using BusinessLogicStub = ::businessLogicService::BusinessLogicService::Stub;

inline const ::common::ReplyInfo& InfoOf(const ::common::ReplyInfo& reply) { return reply; }
template <class Reply>
const ::common::ReplyInfo& InfoOf(const Reply& reply) {
  return reply.replyinfo();
}

// The outcome of a reply, whatever else stands in it: Answers(::common::NOT_FOUND).
MATCHER_P(Answers, code, "answers " + ::common::ReplyStatusCode_Name(code)) {
  *result_listener << "which answers " << InfoOf(arg).ShortDebugString();
  return InfoOf(arg).statuscode() == code;
}

// A request with that token in it.
template <class Request>
Request As(const std::string& token, Request request = {}) {
  request.mutable_accessinfo()->set_accesstoken(token);
  return request;
}
inline ::common::AccessInfo Access(const std::string& token) {
  ::common::AccessInfo access;
  access.set_accesstoken(token);
  return access;
}

// The domain's permissions as they travel.
inline WirePermissions Wire(PermissionSet permissions) {
  WirePermissions wire;
  PermissionsToWire(permissions, &wire);
  return wire;
}

// What a token says (docs/token.md): the claims begin behind version, key ID and signature.
inline token::AccessToken Claims(const std::string& token) {
  const auto claims = token.size() > 73 ? token::ParsePayload(token.substr(73))
                                        : absl::InvalidArgumentError("this is no token");
  EXPECT_OK(claims);
  return claims.ok() ? *claims : token::AccessToken();
}

// Asks until `holds` says yes, for 5 seconds at most: what all servers are to know by then. No
// sleep: what is asked takes its time.
template <class Condition>
::testing::AssertionResult WithinFiveSeconds(Condition holds) {
  const absl::Time until = absl::Now() + absl::Seconds(5);
  do {
    if (holds()) return ::testing::AssertionSuccess();
  } while (absl::Now() < until);
  return ::testing::AssertionFailure() << "it did not come to hold within 5 seconds";
}

// Somebody with a password.
struct Account {
  std::string company;
  std::string user;
  std::string username;
  std::string password;
};

class OverTheWire : public ::testing::Test {
 protected:
  template <class Stub, class Request, class Reply>
  using Rpc = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Reply*);

  // gRPC status and reply: for calls that may stay undecided.
  template <class Stub, class Request, class Reply>
  grpc::Status Try(Rpc<Stub, Request, Reply> rpc, const Request& request, Reply* reply,
                   const std::map<std::string, std::string>& headers = {}) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    for (const auto& [name, value] : headers) context.AddMetadata(name, value);
    return (StubOf(static_cast<Stub*>(nullptr)).*rpc)(&context, request, reply);
  }

  // The reply of a call that has to be decided.
  template <class Stub, class Request, class Reply>
  Reply Ask(Rpc<Stub, Request, Reply> rpc, const Request& request,
            const std::map<std::string, std::string>& headers = {}) {
    Reply reply;
    const grpc::Status status = Try(rpc, request, &reply, headers);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }

  // The token of a new user of the company, whom auth does not know: for who may what.
  std::string TokenWith(PermissionSet permissions, const std::string& company = "acme") {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId(company);
    token.permissions = permissions;
    return house_.Sign(token);
  }
  std::string GuestToken(PermissionSet permissions = {}) {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("acme");
    token.permissions = permissions;
    token.guest = true;
    return house_.Sign(token);
  }

  // With a password of its own, made by the company's administrator.
  Account NewAccount(PermissionSet permissions = {}) { return NewAccountIn("acme", permissions); }
  Account NewAccountIn(const std::string& company, PermissionSet permissions = {}) {
    Account account;
    account.company = company;
    account.username = absl::StrCat("user-", NewUuid());
    account.password = absl::StrCat("password of ", account.username);
    ::authentication::AuthenticationCreateRequest request;
    auto& method = *request.mutable_authenticationrequest();
    method = WithPassword("", account.username, account.password);
    *method.mutable_permissions() = Wire(permissions);
    const auto reply = Ask(&AuthStub::authenticationCreate, As(AdminOf(company), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    account.user = reply.userid();
    return account;
  }
  SignedIn SignIn(const Account& account) {
    return house_.SignIn(account.company, account.username, account.password);
  }

  // The administrator's token of a company.
  std::string AdminOf(const std::string& company) {
    if (admins_.count(company) == 0) {
      const Tenant& tenant = company == "acme"     ? house_.acme()
                             : company == "globex" ? house_.globex()
                                                   : house_.operator_company();
      admins_[company] = house_.SignIn(tenant).access_token;
    }
    return admins_[company];
  }

  // A room that a company's administrator made, who needs no entry in it.
  std::string NewRoom(const std::string& company = "acme") {
    ::roomService::RoomCreateRequest request;
    request.mutable_room()->set_displayname("room");
    const auto reply = Ask(&RoomStub::Create, As(AdminOf(company), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.roomid();
  }
  // Gives somebody an entry in a room of "acme".
  void LetIn(const std::string& room, const std::string& user, RoomRights rights) {
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(room);
    RoomRightsToWire(rights, &(*request.mutable_room()->mutable_permissions())[user]);
    EXPECT_THAT(Ask(&RoomStub::Update, As(AdminOf("acme"), request)), Answers(::common::OK));
  }

  ::common::ReplyInfo IsAuthenticated(const std::string& token) {
    return Ask(&AuthStub::isAuthenticated, Access(token));
  }
  // What each of the five services says of a token, in a call that everybody may make.
  std::map<std::string, ::common::ReplyInfo> OutcomesOf(const std::string& token) {
    return {
        {"auth", IsAuthenticated(token)},
        {"user", InfoOf(Ask(&UserStub::userList, As<::user::UserListRequest>(token)))},
        {"company",
         InfoOf(Ask(&CompanyStub::companyList, As<::companyService::CompanyListRequest>(token)))},
        {"room", InfoOf(Ask(&RoomStub::List, As<::roomService::RoomListRequest>(token)))},
        {"business-logic",
         InfoOf(Ask(&BusinessLogicStub::permissionGroupsList,
                    As<::businessLogicService::CompanyPermissionGroupsListRequest>(token)))},
    };
  }
  bool AllAnswer(const std::string& token, ::common::ReplyStatusCode code) {
    for (const auto& [service, info] : OutcomesOf(token)) {
      if (info.statuscode() != code) return false;
    }
    return true;
  }

  House& house_ = House::Get();

 private:
  AuthStub& StubOf(const AuthStub*) { return house_.auth(); }
  UserStub& StubOf(const UserStub*) { return house_.user(); }
  CompanyStub& StubOf(const CompanyStub*) { return house_.company(); }
  RoomStub& StubOf(const RoomStub*) { return house_.room(); }
  BusinessLogicStub& StubOf(const BusinessLogicStub*) { return house_.business_logic(); }

  std::map<std::string, std::string> admins_;
};

}  // namespace usher
