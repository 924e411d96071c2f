// What the tests of guessing over the wire have in common: replicas of auth behind a proxy that
// says who guesses.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {

class GuessingOverTheWire : public AuthOverTheWire {
 protected:
  static OwnServer::Start Replica(std::vector<std::string> further = {}) {
    OwnServer::Start start;
    start.service = "auth";
    start.flags = {"--throttle_free_guesses=5", "--throttle_account_guesses=50",
                   "--throttle_source_guesses=300", "--throttle_source_at_once=20",
                   "--trusted_proxies=127.0.0.1"};
    for (std::string& flag : further) start.flags.push_back(std::move(flag));
    return start;
  }

  static Reply AuthenticateAt(OwnServer& server, const std::string& source,
                              const Request& request) {
    if (source.empty()) ADD_FAILURE() << "whose guess is it?";
    const auto stub = ::authentication::AuthenticationService::NewStub(server.NewChannel());
    return AuthenticateBy(*stub, source, request);
  }
  static Reply AuthenticateBy(AuthStub& stub, const std::string& source, const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    context.AddMetadata("x-forwarded-for", source);
    Reply reply;
    const grpc::Status status = stub.authenticate(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  // A guess after those that are free. The machine may be so busy that a second has passed: the
  // delays double, and it is caught up with.
  static Reply SlowedDown(OwnServer& server, const std::string& source, const Account& account) {
    Reply reply;
    for (int i = 0; i < 6; ++i) {
      reply = AuthenticateAt(server, source, Wrong(account));
      if (reply.replyinfo().statuscode() == ::common::QUOTA_EXCEEDED) break;
    }
    return reply;
  }
  static Request Wrong(Account account) {
    account.password = "not the password";
    return PasswordOf(account);
  }
  static Account Nobody() {
    return {.company = "acme", .user = "", .username = "nobody-" + NewUuid(), .password = "none"};
  }
  // A source of its own for each use: the tests of the process share a database.
  static std::string NewSource() {
    static int last = 0;
    ++last;
    return absl::StrCat("2001:db8:", last, ":1::1");
  }
};

}  // namespace usher
