// The proxy itself: the other cases are worth what it is worth.
#include "tests/chaos/proxy.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "tests/chaos/judge.h"
#include "tests/chaos/socket.h"

namespace usher::chaos {
namespace proxy_test {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kAMoment = absl::Milliseconds(100);

class End {
 public:
  explicit End(int socket) : socket_(socket) {}
  End(End&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  ~End() {
    if (socket_ >= 0) close(socket_);
  }

  void Send(const std::string& bytes) const {
    ASSERT_TRUE(Await(kPatience, [&] {
      return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(bytes.size());
    }));
  }
  // What comes within `patience` until there are `size` bytes, with "<FIN>" or "<RST>" behind it.
  std::string Receive(size_t size, absl::Duration patience = kPatience) const {
    std::string received;
    const absl::Time until = absl::Now() + patience;
    while (received.size() < size && absl::Now() < until) {
      pollfd wait{socket_, POLLIN, 0};
      poll(&wait, 1, 10);
      char byte = 0;
      const ssize_t got = recv(socket_, &byte, 1, MSG_DONTWAIT);
      if (got == 1) received.push_back(byte);
      if (got == 0) return received + "<FIN>";
      if (got < 0 && errno != EAGAIN) return received + "<RST>";
    }
    return received;
  }

 private:
  int socket_;
};

class ProxyTest : public ::testing::Test {
 protected:
  ~ProxyTest() override { close(listener_); }

  End NewServerEnd() const {
    pollfd wait{listener_, POLLIN, 0};
    poll(&wait, 1, 10000);
    return End(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  }

  int listener_ = Listen("127.0.0.1:0");
  Proxy proxy_{"127.0.0.1:0", "127.0.0.1:" + std::to_string(PortOf(listener_))};
  End client_{Connect(proxy_.address())};
  End server_ = NewServerEnd();
};

TEST_F(ProxyTest, BytesPassBothWays) {
  client_.Send("question");
  EXPECT_EQ(server_.Receive(8), "question");
  server_.Send("answer");
  EXPECT_EQ(client_.Receive(6), "answer");
}

TEST_F(ProxyTest, TheEndOfOneSideIsTheEndOfTheOther) {
  client_.Send("last words");
  { const End gone = std::move(client_); }
  EXPECT_EQ(server_.Receive(100), "last words<FIN>");
}

TEST_F(ProxyTest, DelayedBytesComeLateAndComplete) {
  proxy_.Set({.delay = absl::Milliseconds(200)});
  const absl::Time begin = absl::Now();
  client_.Send("question");
  EXPECT_EQ(server_.Receive(8), "question");
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(190));
}

TEST_F(ProxyTest, SwallowedBytesAreGoneAndTheSocketStays) {
  proxy_.Set({.to_server = Flow::kSwallow});
  client_.Send("question");
  EXPECT_EQ(server_.Receive(1, kAMoment), "");
  EXPECT_EQ(client_.Receive(1, kAMoment), "");
  proxy_.Set({});
  EXPECT_EQ(client_.Receive(1), "<RST>");
}

TEST_F(ProxyTest, StalledBytesComeInTheEnd) {
  proxy_.Set({.to_server = Flow::kStall});
  client_.Send("question");
  EXPECT_EQ(server_.Receive(1, kAMoment), "");
  proxy_.Set({});
  EXPECT_EQ(server_.Receive(8), "question");
}

TEST_F(ProxyTest, CutsAreSeenAsTheyAreMeant) {
  proxy_.CutAll(Cut::kReset);
  EXPECT_EQ(client_.Receive(1), "<RST>");
  const End again(Connect(proxy_.address()));
  const End server = NewServerEnd();
  proxy_.CutAll(Cut::kFin);
  EXPECT_EQ(again.Receive(1), "<FIN>");
}

TEST_F(ProxyTest, AForgottenConnectionIsResetByItsNextByte) {
  proxy_.ForgetAll();
  EXPECT_EQ(client_.Receive(1, kAMoment), "");
  client_.Send("question");
  EXPECT_EQ(client_.Receive(1), "<RST>");
  EXPECT_EQ(server_.Receive(1), "<RST>");
}

TEST_F(ProxyTest, WhoIsRefusedIsCutAtOnce) {
  proxy_.Set({.refuses = true});
  const End refused(Connect(proxy_.address()));
  EXPECT_EQ(refused.Receive(1), "<RST>");
}

TEST_F(ProxyTest, AnAmbushLetsTheQuestionThroughAndTheAnswerNot) {
  proxy_.Lay({.pattern = "COMMIT", .mercy = kAMoment});
  client_.Send("BEGIN");
  EXPECT_EQ(server_.Receive(5), "BEGIN");
  server_.Send("yes");
  EXPECT_EQ(client_.Receive(3), "yes");
  client_.Send("COM");
  client_.Send("MIT");
  EXPECT_EQ(server_.Receive(6), "COMMIT");
  server_.Send("done");
  EXPECT_EQ(client_.Receive(4), "<RST>");
  EXPECT_EQ(proxy_.ambushed(), 1);
}

TEST_F(ProxyTest, AnAmbushByBytesLeavesNewConnectionsAlone) {
  proxy_.Lay({.bytes = 4, .mercy = absl::ZeroDuration()});
  const End later(Connect(proxy_.address()));
  const End later_server = NewServerEnd();
  client_.Send("12345");
  EXPECT_EQ(server_.Receive(6), "12345<FIN>");
  later.Send("12345");
  EXPECT_EQ(later_server.Receive(5), "12345");
}

}  // namespace proxy_test
}  // namespace usher::chaos
