#include "common/server/self_check.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/server/listening_socket.h"
#include "common/server/upkeep.h"
#include "tests/support/gate_server.h"
#include "tests/support/status_matchers.h"

namespace usher::server {
namespace self_check_test {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr absl::Duration kImpatience = absl::Milliseconds(20);

// Somebody who listens, and accepts nobody: what a deaf process is.
struct Deaf {
  explicit Deaf(const std::string& address) : sockets(*Listen(address, &shown)) {}
  std::string shown;
  std::vector<ListeningSocket> sockets;
};

TEST(SelfCheckTest, AServerThatServesAnswersOnEveryKindOfAddress) {
  for (const std::string& address :
       {std::string("127.0.0.1:0"), std::string("[::1]:0"), std::string("0.0.0.0:0"),
        std::string("localhost:0"), absl::StrCat("unix:/tmp/usher_self_check_", getpid())}) {
    rpc::HealthRpc health;
    ListenOptions options;
    options.plain = address;
    const auto server = Server::Start(options, {}, {&health});
    ASSERT_OK(server.status()) << address;
    EXPECT_OK(TryPort((*server)->ports()[0].address, kPatience)) << address;
  }
}

TEST(SelfCheckTest, AConnectionThatIsRefusedIsAnAnswerToo) {
  Deaf deaf("127.0.0.1:0");
  std::thread refuses([&] {
    int accepted = -1;
    while (accepted < 0) accepted = accept(deaf.sockets[0].descriptor(), nullptr, nullptr);
    close(accepted);
  });
  EXPECT_OK(TryPort(deaf.shown, kPatience));
  refuses.join();
}

TEST(SelfCheckTest, APortWhereNobodyAcceptsDoesNotAnswer) {
  for (const std::string& address :
       {std::string("127.0.0.1:0"), absl::StrCat("unix:/tmp/usher_deaf_", getpid())}) {
    const Deaf deaf(address);
    EXPECT_THAT(TryPort(deaf.shown, kImpatience), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
}

TEST(SelfCheckTest, APortWhereNobodyListensIsOutOfReach) {
  std::string shown;
  Deaf(std::string("127.0.0.1:0")).shown.swap(shown);
  EXPECT_THAT(TryPort(shown, kPatience), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(TryPort("unix:/nowhere/socket", kPatience), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(SelfCheckTest, OneAnswerMakesUpForTheFailuresBeforeIt) {
  PortJudge judge(2);
  const absl::Status failed = absl::DeadlineExceededError("");
  EXPECT_FALSE(judge.IsDeaf(failed));
  EXPECT_FALSE(judge.IsDeaf(absl::OkStatus()));
  EXPECT_FALSE(judge.IsDeaf(failed));
  EXPECT_TRUE(judge.IsDeaf(failed));
}

// Never deaf and alive.
TEST(SelfCheckDeathTest, AProcessWhosePortIsDeafEndsItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const Deaf deaf("127.0.0.1:0");
        const Upkeep upkeep({{"public", deaf.shown}}, {},
                            {absl::Milliseconds(1), absl::Milliseconds(1), 3});
        pause();
      },
      ::testing::ExitedWithCode(1), "");
}

}  // namespace self_check_test
}  // namespace usher::server
