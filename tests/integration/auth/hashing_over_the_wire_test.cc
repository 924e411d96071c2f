// What a sign-in that hashes does not hold meanwhile.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace hashing_over_the_wire_test {

class HashingOverTheWire : public AuthOverTheWire {
 protected:
  static grpc::Status AuthenticateAt(const std::shared_ptr<grpc::Channel>& channel,
                                     const Request& request, absl::Duration patience,
                                     Reply* reply) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
    return ::authentication::AuthenticationService::NewStub(channel)->authenticate(&context,
                                                                                   request, reply);
  }
};

// P3: four calls are at hashing and more wait, on a server with three connections.
TEST_F(HashingOverTheWire, P3NoConnectionIsHeldWhileASecretIsHashed) {
  OwnServer::Start start;
  start.service = "auth";
  start.flags = {"--database_connections=3", "--hash_threads=1", "--hash_memory=134217728",
                 "--hash_passes=4"};
  OwnServer server(start);
  const Account account = NewAccount();
  Request wrong = PasswordOf(account);
  wrong.mutable_usernamepasswordcredentials()->set_password("not the password");
  std::atomic<bool> stopping{false};
  std::atomic<int> hashed{0};
  std::vector<std::thread> guessers;
  for (int i = 0; i < 8; ++i) {
    guessers.emplace_back([&] {
      const auto channel = server.NewChannel();
      while (!stopping.load()) {
        Reply reply;
        // Or there was no room to wait.
        if (AuthenticateAt(channel, wrong, absl::Seconds(30), &reply).ok()) ++hashed;
      }
    });
  }
  const auto channel = server.NewChannel();
  const Tenant& acme = house_.acme();
  const Request key = WithCode("acme", acme.client_id, acme.code);
  for (int round = 0; round < 30 || hashed.load() < 4; ++round) {
    Reply reply;
    const grpc::Status status = AuthenticateAt(channel, key, absl::Seconds(2), &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_THAT(reply, Answers(::common::OK));
    EXPECT_EQ(house_.database("auth").Ask(
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                  "state = 'idle in transaction' AND state_change < now() - interval '200 ms'"),
              "0");
  }
  stopping.store(true);
  for (std::thread& guesser : guessers) guesser.join();
}

}  // namespace hashing_over_the_wire_test
}  // namespace usher
