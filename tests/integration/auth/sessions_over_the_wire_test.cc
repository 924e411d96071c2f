// Sessions as a whole: what is shown of them, and usher.session.v1.SessionService.
#include <usher/session/v1/session.grpc.pb.h>

#include <map>
#include <string>

#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace sessions_over_the_wire_test {

class SessionsOverTheWire : public AuthOverTheWire {
 protected:
  using EndAllRequest = ::usher::session::v1::EndAllRequest;
  using EndAllReply = ::usher::session::v1::EndAllReply;

  EndAllReply EndAll(const std::string& token, EndAllRequest request = {}) {
    const auto stub = ::usher::session::v1::SessionService::NewStub(house_.channel("auth"));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    request.mutable_accessinfo()->set_accesstoken(token);
    EndAllReply reply;
    const grpc::Status status = stub->endAll(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  static EndAllRequest Of(const std::string& user) {
    EndAllRequest request;
    request.set_user_id(user);
    return request;
  }
  // What is told of the sessions of the account, by their IDs.
  std::map<std::string, std::map<std::string, std::string>> Shown(const Account& account) {
    ::authentication::ListAuthenticationsRequest request;
    request.add_keytype("refresh_token");
    request.add_useridlist(account.user);
    std::map<std::string, std::map<std::string, std::string>> shown;
    const auto listed = List(AdminOf(account.company), request);
    for (const auto& [user, methods] : listed.results()) {
      for (const auto& session : methods.list()) {
        shown[session.principal()] = {session.metadata().begin(), session.metadata().end()};
      }
    }
    return shown;
  }

  const Account account_ = NewAccount();
};

TEST_F(SessionsOverTheWire, ASessionTellsWithWhatItIsUsed) {
  const SignedIn session = SignIn(account_);
  const std::string id = Claims(session.access_token).session.value();
  std::string agent = Shown(account_)[id]["userAgent"];
  EXPECT_THAT(agent, ::testing::HasSubstr("grpc-c++/"));

  // What another client calls itself comes in front of gRPC's own name.
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("conference/2.0 " + std::string(400, 'x'));
  const auto other = ::authentication::AuthenticationService::NewStub(grpc::CreateCustomChannel(
      house_.Socket("auth", "public"), grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
  Reply reply;
  ASSERT_TRUE(other
                  ->authenticate(&context,
                                 Refreshing(account_, session.access_token, session.refresh_token),
                                 &reply)
                  .ok());
  EXPECT_THAT(reply, Answers(::common::OK));
  agent = Shown(account_)[id]["userAgent"];
  EXPECT_THAT(agent, ::testing::StartsWith("conference/2.0 xxx"));
  EXPECT_EQ(agent.size(), 256u);
}

TEST_F(SessionsOverTheWire, SigningOutEverywhereEndsEveryTokenAtEveryService) {
  const SignedIn one = SignIn(account_), two = SignIn(account_);
  ASSERT_EQ(Shown(account_).size(), 2u);
  EXPECT_THAT(EndAll(one.access_token), Answers(::common::OK));
  EXPECT_THAT(Shown(account_), ::testing::IsEmpty());
  for (const SignedIn& ended : {one, two}) {
    EXPECT_TRUE(WithinFiveSeconds(
        [&] { return AllAnswer(ended.access_token, ::common::AUTHENTICATION_ERROR); }));
    EXPECT_THAT(Refresh(account_, ended), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(IsAuthenticated(SignIn(account_).access_token), Answers(::common::OK));
}

TEST_F(SessionsOverTheWire, TheOwnSessionGoesOnWhereItIsKept) {
  const SignedIn own = SignIn(account_), other = SignIn(account_);
  const std::string id = Claims(own.access_token).session.value();
  const std::string first_use = Shown(account_)[id]["firstUse"];
  EndAllRequest keeping;
  keeping.set_keep_own(true);
  EXPECT_THAT(EndAll(own.access_token, keeping), Answers(::common::OK));
  EXPECT_THAT(Refresh(account_, other), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(other.access_token), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(own.access_token), Answers(::common::TOKEN_OUTDATED));
  const Reply next = Refresh(account_, own);
  ASSERT_THAT(next, Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(next.accesstoken()), Answers(::common::OK));
  ASSERT_EQ(Shown(account_).size(), 1u);
  EXPECT_EQ(Shown(account_)[id]["firstUse"], first_use);
  // And again, now that it was dated anew.
  EXPECT_THAT(EndAll(next.accesstoken(), keeping), Answers(::common::OK));
  EXPECT_THAT(Refresh(account_, next.accesstoken(), next.refreshtoken()), Answers(::common::OK));
}

TEST_F(SessionsOverTheWire, AnAdministratorSignsOthersOutOfTheOwnCompanyOnly) {
  const SignedIn session = SignIn(account_);
  EXPECT_THAT(EndAll(SignIn(NewAccount()).access_token, Of(account_.user)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(EndAll(AdminOf("globex"), Of(account_.user)), Answers(::common::NOT_FOUND));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::OK));
  EXPECT_THAT(EndAll(AdminOf("acme"), Of(account_.user)), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::AUTHENTICATION_ERROR));
  const SignedIn again = SignIn(account_);
  EndAllRequest by_platform = Of(account_.user);
  by_platform.set_company_id("acme");
  EXPECT_THAT(EndAll(AdminOf("operator"), by_platform), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(again.access_token), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(SessionsOverTheWire, TheAuditCountsItAmongTheEndsOfSessions) {
  const SignedIn session = SignIn(account_);
  ASSERT_THAT(EndAll(session.access_token), Answers(::common::OK));
  EXPECT_EQ(house_.database("auth").Ask(
                "SELECT audit_kind(object, detail) || ' ' || rpc FROM audit WHERE object = 'user " +
                account_.user + "' AND detail LIKE 'all sessions%'"),
            "3 session.endAll");
}

// With --most_shared_sessions of a server of its own.
TEST_F(SessionsOverTheWire, ASharedAccessAdmitsSoManyAndSigningThemOutMakesRoom) {
  OwnServer::Start start;
  start.service = "auth";
  start.flags = {"--most_shared_sessions=2"};
  OwnServer server(start);
  const auto stub = ::authentication::AuthenticationService::NewStub(server.NewChannel());
  Request access;
  auto& given = *access.mutable_guestaccesscredentials();
  given.set_code("a code to be shared");
  given.set_roomid(NewRoom());
  given.set_shareable(true);
  const auto made = Create(AdminOf("acme"), access);
  ASSERT_THAT(made, Answers(::common::OK));
  const auto come = [&] {
    Request request;
    auto& guest = *request.mutable_guestaccesscredentials();
    guest.set_companyid("acme");
    guest.set_userid(made.userid());
    guest.set_code(given.code());
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Reply reply;
    EXPECT_TRUE(stub->authenticate(&context, request, &reply).ok());
    return reply;
  };
  const Reply first = come();
  EXPECT_THAT(first, Answers(::common::OK));
  EXPECT_THAT(come(), Answers(::common::OK));
  EXPECT_THAT(come(), IsRefusedWith(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(EndAll(AdminOf("acme"), Of(made.userid())), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(first.accesstoken()), Answers(::common::AUTHENTICATION_ERROR));
  const Reply second = come();
  EXPECT_THAT(second, Answers(::common::OK));
  const Reply third = come();
  EXPECT_THAT(third, Answers(::common::OK));
  // A guest signs out without the others.
  EXPECT_THAT(EndAll(second.accesstoken()), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(second.accesstoken()), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(third.accesstoken()), Answers(::common::OK));
}

}  // namespace sessions_over_the_wire_test
}  // namespace usher
