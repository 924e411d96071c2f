// A directory by libldap that hangs, or that is none: nobody waits for it for long.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/auth/directory/ldap_directory.h"
#include "tests/support/ldap_directory_test_base.h"

namespace usher::auth {
namespace ldap_directory_in_time_test {

// L14: "server hanging -> 1046 <= 4 s". A new connection, and one that was kept.
TEST_F(LdapDirectoryTest, ADirectoryThatHangsIsGivenUpInTime) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls, Way::kPattern}) {
    for (const bool kept : {false, true}) {
      DirectorySettings settings = Settings(way);
      settings.timeout = kept ? absl::Seconds(20) : absl::Seconds(1);
      LdapDirectory directory(settings, nullptr, TheClock());
      if (kept) ASSERT_TRUE(Recognised(Recognise(directory)));
      CallContext call = ACall();
      call.deadline = absl::Now() + absl::Seconds(2);
      slapd_.Freeze();
      const absl::Time begun = absl::Now();
      const Found found = directory.Recognise(
          call, {.username = "ann", .password = Secret("p"), .bind_dn = "", .search_dn = ""});
      const absl::Duration took = absl::Now() - begun;
      slapd_.Thaw();
      EXPECT_THAT(found, HasReplyCode(::common::REMOTE_ERROR));
      EXPECT_LT(took, absl::Seconds(4)) << static_cast<int>(way) << kept;
    }
  }
}

// After a few who had to wait nobody waits any more.
TEST_F(LdapDirectoryTest, BesideADirectoryThatHangsTheDoorIsShut) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.timeout = absl::Seconds(1);
  LdapDirectory directory(settings, nullptr, TheClock());
  slapd_.Freeze();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Recognised(Recognise(directory)));
  const absl::Time begun = absl::Now();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Recognise(directory), HasReplyCode(::common::REMOTE_ERROR));
  }
  EXPECT_LT(absl::Now() - begun, absl::Seconds(1));
  slapd_.Thaw();
}

// Whatever answers in the place of a directory.
class Impostor {
 public:
  // What to send, piece by piece, with a pause in between, as often as the other side is there.
  Impostor(std::string piece, absl::Duration pause) : piece_(std::move(piece)), pause_(pause) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~Impostor() {
    ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  std::string Url() const { return absl::StrCat("ldap://127.0.0.1:", port_); }

 private:
  void Run() {
    while (!ending_) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      while (!ending_ && send(connection, piece_.data(), piece_.size(), MSG_NOSIGNAL) > 0) {
        absl::SleepFor(pause_);
      }
      close(connection);
    }
  }

  const std::string piece_;
  const absl::Duration pause_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

// R9: "blackhole, slow-drip, malformed LDAP replies".
TEST_F(LdapDirectoryTest, WhateverAnswersInThePlaceOfADirectoryIsGivenUpInTime) {
  const std::pair<std::string, std::string> answers[] = {
      {"a byte of what never ends", "\x30"},
      {"the head of a large message, and then its bytes",
       std::string("\x30\x84\x00\x0f\xff\xff", 6)},
      {"the head of one that is too large", std::string("\x30\x84\x7f\xff\xff\xff", 6)},
      {"what is no LDAP", "HTTP/1.1 400 Bad Request\r\n\r\n"},
      {"nothing but zeros", std::string(100, '\0')},
      {"a notice that nobody asked for",
       std::string("\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x34\x04\x00\x04\x00", 14)},
      {"entries without end",
       std::string("\x30\x11\x02\x01\x02\x64\x0c\x04\x08uid=a,dc\x30\x00", 19)},
  };
  for (const bool tls : {false, true}) {
    for (const auto& [what, piece] : answers) {
      Impostor impostor(piece, absl::Milliseconds(5));
      DirectorySettings settings;
      settings.company = CompanyId("acme");
      settings.urls = {impostor.Url()};
      settings.plaintext = !tls;
      settings.ca = slapd_.Ca();
      settings.base = "dc=example,dc=org";
      settings.filter = "(uid={user})";
      settings.timeout = absl::Seconds(1);
      LdapDirectory directory(settings, nullptr, TheClock());
      const absl::Time begun = absl::Now();
      EXPECT_THAT(directory.Recognise(
                      ACall(),
                      {.username = "ann", .password = Secret("p"), .bind_dn = "", .search_dn = ""}),
                  HasReplyCode(::common::REMOTE_ERROR))
          << what;
      EXPECT_LT(absl::Now() - begun, absl::Seconds(3)) << what;
    }
  }
}

}  // namespace ldap_directory_in_time_test
}  // namespace usher::auth
