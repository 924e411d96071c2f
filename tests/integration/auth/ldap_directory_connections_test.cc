// The connections of a directory by libldap to a real slapd: which are made, and how long they are
// kept.
#include <atomic>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "services/auth/directory/ldap_directory.h"
#include "tests/support/ldap_directory_test_base.h"

namespace usher::auth {
namespace ldap_directory_connections_test {

using ::testing::HasSubstr;

TEST_F(LdapDirectoryTest, ACertificateOfAnotherCaIsNotTaken) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls}) {
    ASSERT_TRUE(Recognised(Recognise(Settings(way))));
    DirectorySettings settings = Settings(way);
    settings.ca = slapd_.OtherCa();
    EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
    EXPECT_THAT(Checked(settings), HasSubstr("FAILED  TLS"));
  }
}

TEST_F(LdapDirectoryTest, ACertificateOfAnotherNameIsNotTaken) {
  slapd_.AddPerson("ann", "ann's password");
  // The certificate is for localhost, for which libldap looks for the machine's own name, and for
  // 127.0.0.1.
  for (const Way way : {Way::kStartTls, Way::kTls}) {
    DirectorySettings settings = Settings(way);
    settings.urls.front() =
        absl::StrReplaceAll(settings.urls.front(), {{"127.0.0.1", "localhost"}});
    EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
    EXPECT_THAT(Checked(settings), HasSubstr("FAILED  TLS"));
  }
}

TEST_F(LdapDirectoryTest, WhatNobodyKnowsIsOutOfReach) {
  DirectorySettings settings = Settings();
  settings.urls = {"ldap://directory.invalid"};
  EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
  EXPECT_THAT(Checked(settings), HasSubstr("FAILED  resolve"));
}

TEST_F(LdapDirectoryTest, WithoutTlsOnlyWhereThatIsSaid) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.plaintext = true;
  settings.ca.clear();
  EXPECT_TRUE(Recognised(Recognise(settings)));
  EXPECT_THAT(Checked(settings, "ann"), HasSubstr("no TLS"));
}

TEST_F(LdapDirectoryTest, ConnectionsAreKept) {
  slapd_.AddPerson("ann", "ann's password");
  LdapDirectory directory(Settings(), nullptr, TheClock());
  const auto connections = [&] {
    size_t count = 0;
    std::istringstream log(slapd_.Log());
    for (std::string line; std::getline(log, line);) count += absl::StrContains(line, " ACCEPT ");
    return count;
  };
  ASSERT_TRUE(Recognised(Recognise(directory)));
  const size_t before = connections();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Recognised(Recognise(directory)));
  EXPECT_EQ(connections(), before);
}

TEST_F(LdapDirectoryTest, AConnectionThatHasDiedMeanwhileIsReplacedUnnoticed) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls, Way::kPattern}) {
    LdapDirectory directory(Settings(way), nullptr, TheClock());
    ASSERT_TRUE(Recognised(Recognise(directory)));
    slapd_.Stop();
    slapd_.Start();
    EXPECT_TRUE(Recognised(Recognise(directory)));
  }
}

TEST_F(LdapDirectoryTest, OfSeveralAddressesOneThatWorksIsEnough) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.urls = {"ldap://localhost:1", slapd_.Url()};
  EXPECT_TRUE(Recognised(Recognise(settings)));
}

TEST_F(LdapDirectoryTest, ManyAtOnceAreServedOverAFewConnections) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.connections = 2;
  LdapDirectory directory(settings, nullptr, TheClock());
  std::atomic<int> recognised{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        const Found right = Recognise(directory);
        const Found other = Recognise(directory, "ann", "wrong");
        // On a busy machine there may be no place in time: that is no answer.
        recognised += right.ok() && right->has_value() ? 1 : 0;
        wrong += (right.ok() && !right->has_value()) || (other.ok() && other->has_value()) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(recognised, 0);
  EXPECT_EQ(wrong, 0);
}

}  // namespace ldap_directory_connections_test
}  // namespace usher::auth
