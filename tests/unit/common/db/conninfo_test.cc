#include "common/db/conninfo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/db/resolve.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace conninfo_test {

ConnInfo Parsed(const std::string& url) {
  absl::StatusOr<ConnInfo> info = ConnInfo::Parse(url);
  EXPECT_OK(info);
  return *std::move(info);
}

std::vector<std::string> HostsOf(const std::string& url) {
  const ConnInfo info = Parsed(url);
  std::vector<std::string> hosts;
  for (const Host& host : info.hosts()) {
    hosts.push_back(host.host + "|" + host.hostaddr + "|" + host.port);
  }
  return hosts;
}

TEST(ConnInfo, WhatTheUrlLeavesOpenHasAnEnd) {
  const ConnInfo info = Parsed("host=here dbname=room");
  EXPECT_EQ(info.connect_timeout(), absl::Seconds(2));
  EXPECT_EQ(info.Value("tcp_user_timeout"), "5000");
  EXPECT_EQ(info.Value("keepalives_idle"), "15");
  EXPECT_EQ(info.Value("dbname"), "room");
}

TEST(ConnInfo, WhatTheUrlSaysCounts) {
  const ConnInfo info = Parsed("host=here connect_timeout=7 tcp_user_timeout=1 keepalives_idle=9");
  EXPECT_EQ(info.connect_timeout(), absl::Seconds(7));
  EXPECT_EQ(info.Value("tcp_user_timeout"), "1");
  EXPECT_EQ(info.Value("keepalives_idle"), "9");
  EXPECT_EQ(Parsed("host=here connect_timeout=0").connect_timeout(), absl::InfiniteDuration());
}

TEST(ConnInfo, NoStandbyIsTakenUnlessTheUrlSaysSo) {
  EXPECT_EQ(Parsed("host=one").Value("target_session_attrs"), "primary");
  EXPECT_EQ(Parsed("host=one,two").Value("target_session_attrs"), "read-write");
  EXPECT_EQ(Parsed("host=one target_session_attrs=any").Value("target_session_attrs"), "any");
}

TEST(ConnInfo, HostsAreTriedOneAfterTheOther) {
  EXPECT_THAT(HostsOf("host=a,b port=1,2"), ::testing::ElementsAre("a||1", "b||2"));
  EXPECT_THAT(HostsOf("host=a,b port=1"), ::testing::ElementsAre("a||1", "b||1"));
  EXPECT_THAT(HostsOf("postgresql://u@a:1,b:2/room"), ::testing::ElementsAre("a||1", "b||2"));
  EXPECT_THAT(HostsOf("hostaddr=127.0.0.1,127.0.0.2 port=1"),
              ::testing::ElementsAre("|127.0.0.1|1", "|127.0.0.2|1"));
}

TEST(ConnInfo, ListsThatDoNotFitAreLeftToLibpq) {
  EXPECT_THAT(HostsOf("host=a,b port=1,2,3"), ::testing::ElementsAre("a,b||1,2,3"));
}

TEST(ConnInfo, NoWordOfAUrlThatIsNoneIsTold) {
  const absl::StatusOr<ConnInfo> info = ConnInfo::Parse("host=here password=hun ter2");
  EXPECT_THAT(info, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(info.status().message()), ::testing::Not(::testing::HasSubstr("ter2")));
}

TEST(Resolve, AnAddressIsItsOwn) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  EXPECT_THAT(Resolve("127.0.0.1", [end] { return end; }),
              IsOkAndHolds(std::vector<std::string>{"127.0.0.1"}));
  EXPECT_THAT(Resolve("::1", [end] { return end; }), IsOkAndHolds(std::vector<std::string>{"::1"}));
}

TEST(Resolve, NobodyWaitsWhoseTimeIsUp) {
  const auto addresses = Resolve("127.0.0.1", [] { return absl::InfinitePast(); });
  if (!addresses.ok()) {  // it may have been quicker
    EXPECT_THAT(addresses, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  }
}

}  // namespace conninfo_test
}  // namespace usher::db
