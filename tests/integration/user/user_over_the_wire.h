// What the tests of UserService over the wire have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "tests/support/over_the_wire.h"

namespace usher {

class UserOverTheWire : public OverTheWire {
 protected:
  using Headers = std::map<std::string, std::string>;

  // Of nobody yet.
  static std::string NewEmail() { return absl::StrCat(NewUuid(), "@x.org"); }
  static std::string NewUsername() { return absl::StrCat("user-", NewUuid()); }
  static std::string PasswordOf(const std::string& username) {
    return absl::StrCat("password of ", username);
  }

  static ::common::User UserWith(const std::string& email) {
    ::common::User user;
    user.set_email(email);
    return user;
  }
  static ::common::User Titled(const std::string& title) {
    ::common::User user;
    user.mutable_userprofile()->set_title(title);
    return user;
  }
  static ::authentication::AuthenticationRequest PasswordFor(const std::string& username) {
    ::authentication::AuthenticationRequest request;
    request.mutable_usernamepasswordcredentials()->set_username(username);
    request.mutable_usernamepasswordcredentials()->set_password(PasswordOf(username));
    return request;
  }
  static ::user::UserCreateRequest Creating(
      const ::common::User& user,
      const std::optional<::authentication::AuthenticationRequest>& method = std::nullopt) {
    ::user::UserCreateRequest request;
    *request.mutable_user() = user;
    if (method.has_value()) *request.mutable_authenticationrequest() = *method;
    return request;
  }

  ::user::UserCreateReply Create(const std::string& token, const ::user::UserCreateRequest& request,
                                 const Headers& headers = {}) {
    return Ask(&UserStub::userCreate, As(token, request), headers);
  }
  // By the company's administrator; the ID.
  std::string Make(const ::common::User& user, const std::string& company = "acme") {
    const auto made = Create(AdminOf(company), Creating(user));
    EXPECT_THAT(made, Answers(::common::OK));
    return made.userid();
  }
  // With a profile, and a password to sign in with.
  Account NewUser(PermissionSet permissions = {}) {
    Account account;
    account.company = "acme";
    account.username = NewUsername();
    account.password = PasswordOf(account.username);
    auto method = PasswordFor(account.username);
    *method.mutable_permissions() = Wire(permissions);
    const auto made = Create(AdminOf("acme"), Creating(UserWith(NewEmail()), method));
    EXPECT_THAT(made, Answers(::common::OK));
    account.user = made.userid();
    return account;
  }

  ::user::UserListReply List(const std::string& token, const std::vector<std::string>& ids = {}) {
    auto request = As<::user::UserListRequest>(token);
    request.mutable_accessinfo()->set_includemetadata(true);
    for (const std::string& id : ids) request.add_useridlist(id);
    return Ask(&UserStub::userList, request);
  }
  // As the company's administrator sees the user; nothing when there is none.
  std::optional<::common::User> Find(const std::string& id, const std::string& company = "acme") {
    const auto reply = List(AdminOf(company), {id});
    EXPECT_THAT(reply, Answers(::common::OK));
    if (reply.users().count(id) == 0) return std::nullopt;
    return reply.users().at(id);
  }
  ::common::ReplyInfo Update(
      const std::string& token, const std::string& id, const ::common::User& user,
      const std::optional<::authentication::AuthenticationRequest>& method = std::nullopt) {
    ::user::UserUpdateRequest request;
    request.set_userid(id);
    *request.mutable_user() = user;
    if (method.has_value()) *request.mutable_authenticationrequest() = *method;
    return Ask(&UserStub::userUpdate, As(token, request));
  }
  ::common::ReplyInfo Destroy(const std::string& token, const std::string& id) {
    ::user::UserDestroyRequest request;
    request.set_userid(id);
    return Ask(&UserStub::userDestroy, As(token, request));
  }
  ::common::ReplyInfo ReplaceProfile(const std::string& token, const std::string& id,
                                     const std::string& firstname) {
    ::user::UserProfileUpdateRequest request;
    request.set_userid(id);
    request.mutable_userprofile()->set_firstname(firstname);
    return Ask(&UserStub::userProfileUpdate, As(token, request));
  }
};

}  // namespace usher
