// What the tests of directories over the wire have in common: an auth server of its own that knows
// them, and a real slapd.
#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/own_server.h"
#include "tests/support/slapd.h"

namespace usher {

class DirectoryOverTheWire : public AuthOverTheWire {
 protected:
  static constexpr char kPassword[] = "the directory's password";

  // The directory of a company, as the file has it.
  static std::string Of(const std::string& company, const Slapd& slapd,
                        const std::string& more = "provision: true check_seconds: 10") {
    return absl::StrCat("directory {\n  company_id: '", company, "'\n  url: '", slapd.Url(),
                        "'\n  ca: '", slapd.Ca(), "'\n  base: '", Slapd::kPeople,
                        "'\n  filter: '(&(uid={user})(!(employeeType=off)))'\n  bind_dn: '",
                        Slapd::kReader, "'\n  bind_password_file: '", slapd.ReaderPasswordFile(),
                        "'\n  ", more, "\n}\n");
  }
  void Write(const std::string& directories) const { std::ofstream(File()) << directories; }
  std::string File() const { return acme_.folder() + "/directories"; }

  // An auth of its own that has them.
  void Start(const std::string& directories, std::vector<std::string> more = {}) {
    Write(directories);
    OwnServer::Start start;
    start.service = "auth";
    start.flags = {"--directories=" + File()};
    for (std::string& flag : more) start.flags.push_back(std::move(flag));
    auth_ = std::make_unique<OwnServer>(start);
    channel_ = auth_->NewChannel();
    stub_ = ::authentication::AuthenticationService::NewStub(channel_);
  }
  std::string NewName() { return absl::StrCat("user-", NewUuid()); }

  static Request DirectoryOf(const std::string& company, const std::string& username,
                             const std::string& password = kPassword) {
    Request request;
    auto& credentials = *request.mutable_ldapcredentials();
    credentials.set_companyid(company);
    credentials.set_username(username);
    credentials.set_password(password);
    return request;
  }
  Reply Try(const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Reply reply;
    const grpc::Status status = stub_->authenticate(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  // Somebody of acme's directory.
  Reply Entered(const std::string& name) {
    const Reply reply = Try(DirectoryOf("acme", name));
    EXPECT_THAT(reply, Answers(::common::OK)) << auth_->Log();
    return reply;
  }
  static Request RefreshOf(const Reply& session, const std::string& principal) {
    Account account;
    account.company = session.companyid();
    account.username = principal;
    return Refreshing(account, session.accesstoken(), session.refreshtoken());
  }
  // An account for somebody of the directory, made by the administrator.
  std::string NewAccountOf(const std::string& name, PermissionSet permissions = {}) {
    Request method;
    method.mutable_ldapcredentials()->set_username(name);
    *method.mutable_permissions() = Wire(permissions);
    const auto reply = Create(AdminOf("acme"), method);
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.userid();
  }
  // By a platform administrator, who may do all of it: of the account of that name, or, where there
  // is none, of the user as a whole.
  void Become(const std::string& user, const std::string& name,
              ::authentication::AccountStatus status) {
    if (name.empty() && status == ::authentication::DELETED) {
      ::user::UserDestroyRequest request;
      request.set_userid(user);
      ASSERT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), request)), Answers(::common::OK));
      return;
    }
    Request change;
    if (name.empty()) {
      change.mutable_usernamepasswordcredentials()->set_companyid("acme");
    } else {
      change.mutable_ldapcredentials()->set_companyid("acme");
      change.mutable_ldapcredentials()->set_username(name);
    }
    change.set_accountstatus(status);
    ASSERT_THAT(Update(AdminOf("operator"), user, change), Answers(::common::OK));
  }
  // At all five services.
  ::testing::AssertionResult IsDeadWithinFiveSeconds(const std::string& token) {
    return WithinFiveSeconds([&] {
      for (const auto& [service, info] : OutcomesOf(token)) {
        if (info.statuscode() == ::common::OK) return false;
      }
      return true;
    });
  }
  ::common::User ProfileOf(const std::string& user) {
    auto request = As<::user::UserListRequest>(AdminOf("acme"));
    request.add_useridlist(user);
    const auto reply = Ask(&UserStub::userList, request);
    EXPECT_THAT(reply, Answers(::common::OK));
    const auto found = reply.users().find(user);
    return found == reply.users().end() ? ::common::User() : found->second;
  }

  Slapd acme_;
  std::unique_ptr<OwnServer> auth_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<AuthStub> stub_;
};

}  // namespace usher
