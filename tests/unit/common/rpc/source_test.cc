#include "common/rpc/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace source_test {

using ::testing::HasSubstr;

TrustedProxies Proxies(const std::string& list) {
  auto proxies = TrustedProxies::Parse(list);
  EXPECT_OK(proxies.status()) << list;
  return proxies.ok() ? *std::move(proxies) : TrustedProxies();
}

std::string TextOf(const std::string& peer, const std::string& forwarded_for = "",
                   const std::string& proxies = "") {
  return Source::Of(peer, forwarded_for, Proxies(proxies)).text();
}
std::string KeyOf(const std::string& peer) { return Source::Of(peer, "", {}).key(); }

// C18.
TEST(SourceTest, AnAddressIsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(TextOf("ipv4:127.0.0.1:40000"), "127.0.0.1");
  EXPECT_EQ(TextOf("ipv6:%5B::1%5D:40000"), "::1");
  EXPECT_EQ(TextOf("ipv6:[2001:0db8:0:0:0:0:0:A]:40000"), "2001:db8::a");
  EXPECT_EQ(TextOf("ipv6:%5B2001:db8:0:1:1:1:1:1%5D:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(TextOf("ipv6:%5Bfe80::1%25eth0%5D:1"), "fe80::1");
  EXPECT_EQ(TextOf("ipv6:%5B::ffff:192.0.2.1%5D:1"), "192.0.2.1");
}

TEST(SourceTest, AUnixSocketAndWhatIsNoAddressAreLocal) {
  for (const char* peer :
       {"unix:", "unix:/tmp/socket", "", "ipv4:", "ipv6:", "unknown", "inproc"}) {
    EXPECT_EQ(TextOf(peer), "local") << peer;
    EXPECT_EQ(KeyOf(peer), "local") << peer;
  }
}

TEST(SourceTest, OneIpv4AddressCountsForItselfAndOneIpv6AddressForItsNetworkOf64Bits) {
  EXPECT_EQ(KeyOf("ipv4:192.0.2.1:1"), "192.0.2.1");
  EXPECT_EQ(KeyOf("ipv6:%5B::ffff:192.0.2.1%5D:1"), "192.0.2.1");
  EXPECT_EQ(KeyOf("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:1"), "2001:db8:1:2::/64");
  EXPECT_EQ(KeyOf("ipv6:%5B2001:db8:1:2:ffff::%5D:1"), "2001:db8:1:2::/64");
  EXPECT_EQ(KeyOf("ipv6:%5B2001:db8:1:3::1%5D:1"), "2001:db8:1:3::/64");
}

TEST(SourceTest, WhatAStrangerSaysOfItselfCountsForNothing) {
  EXPECT_EQ(TextOf("ipv4:192.0.2.1:1", "203.0.113.9"), "192.0.2.1");
  EXPECT_EQ(TextOf("ipv4:192.0.2.1:1", "203.0.113.9", "10.0.0.0/8"), "192.0.2.1");
  EXPECT_EQ(TextOf("unix:", "203.0.113.9", "10.0.0.0/8"), "local");
}

TEST(SourceTest, AProxySpeaksForItsClient) {
  EXPECT_EQ(TextOf("ipv4:10.0.0.7:1", "203.0.113.9", "10.0.0.0/8"), "203.0.113.9");
  EXPECT_EQ(TextOf("ipv4:10.0.0.7:1", "203.0.113.9:4711", "10.0.0.7"), "203.0.113.9");
  EXPECT_EQ(TextOf("ipv4:10.0.0.7:1", " 2001:DB8::1 ", "10.0.0.7"), "2001:db8::1");
  EXPECT_EQ(TextOf("ipv4:10.0.0.7:1", "[2001:db8::1]:4711", "10.0.0.7"), "2001:db8::1");
  EXPECT_EQ(TextOf("ipv6:%5B::1%5D:1", "203.0.113.9", "::1"), "203.0.113.9");
  EXPECT_EQ(TextOf("unix:", "203.0.113.9", "unix"), "203.0.113.9");
}

TEST(SourceTest, OnlyTheLastUntrustedEntryCountsForTheClientWroteThoseBeforeIt) {
  const std::string proxies = "10.0.0.0/8, 2001:db8:aaaa::/48";
  const std::string peer = "ipv4:10.0.0.7:1";
  EXPECT_EQ(TextOf(peer, "198.51.100.1, 203.0.113.9", proxies), "203.0.113.9");
  EXPECT_EQ(TextOf(peer, "198.51.100.1,203.0.113.9,10.1.2.3,2001:db8:aaaa::5", proxies),
            "203.0.113.9");
  EXPECT_EQ(TextOf(peer, "10.9.9.9,10.1.2.3", proxies), "10.9.9.9");  // all of them are ours
  EXPECT_EQ(TextOf(peer, "", proxies), "10.0.0.7");
  EXPECT_EQ(TextOf(peer, "203.0.113.9, garbage", proxies), "10.0.0.7");
  EXPECT_EQ(TextOf(peer, "203.0.113.9, unknown, 10.1.2.3", proxies), "10.1.2.3");
  EXPECT_EQ(TextOf(peer, "203.0.113.9,", proxies), "10.0.0.7");
}

TEST(SourceTest, AMappedAddressIsItsIpv4Address) {
  EXPECT_EQ(TextOf("ipv6:%5B::ffff:10.0.0.7%5D:1", "203.0.113.9", "10.0.0.0/8"), "203.0.113.9");
  EXPECT_EQ(TextOf("ipv4:10.0.0.7:1", "::ffff:203.0.113.9", "::ffff:10.0.0.0/104"), "203.0.113.9");
}

TEST(SourceTest, ANetworkHoldsItsAddressesAndNoOthers) {
  const TrustedProxies proxies = Proxies("192.0.2.128/25,2001:db8::/33,0.0.0.0/32");
  const auto contains = [&](const char* text) { return proxies.Contains(*IpAddress::Parse(text)); };
  EXPECT_TRUE(contains("192.0.2.128"));
  EXPECT_TRUE(contains("192.0.2.255"));
  EXPECT_FALSE(contains("192.0.2.127"));
  EXPECT_TRUE(contains("2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8:8000::1"));
  EXPECT_TRUE(Proxies("0.0.0.0/0").Contains(*IpAddress::Parse("198.51.100.1")));
  EXPECT_FALSE(Proxies("0.0.0.0/0").Contains(*IpAddress::Parse("2001:db8::1")));
  EXPECT_TRUE(Proxies("").empty());
}

TEST(SourceTest, ANetworkThatIsNoneIsRefusedByName) {
  for (const char* list :
       {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "proxy.example",
        "2001:db8::/129", "10.0.0.1/8", "::1/64", "10.0.0.0/8/8", "[::1]", "10.0.0.1:80"}) {
    const auto proxies = TrustedProxies::Parse(std::string("192.0.2.1,") + list);
    EXPECT_THAT(proxies.status(), StatusIs(absl::StatusCode::kInvalidArgument)) << list;
    EXPECT_THAT(std::string(proxies.status().message()), HasSubstr(list));
  }
}

TEST(SourceTest, AClientForWhomAnotherServiceAsksCountsAsIfItAskedItself) {
  const auto client = [](const char* source, const char* peer) {
    CallContext call;
    call.source = source;
    call.peer = peer;
    return ClientKeyOf(call);
  };
  for (const char* address : {"192.0.2.1", "2001:db8::77", "::ffff:192.0.2.1"}) {
    const Source source = Source::Of("unix:", address, Proxies("unix"));
    EXPECT_EQ(client(kInternalSource, address), source.key()) << address;
    EXPECT_EQ(client(source.key().c_str(), source.text().c_str()), source.key()) << address;
  }
  EXPECT_EQ(client(kInternalSource, "2001:db8::77"), "2001:db8::/64");
  EXPECT_EQ(client(kInternalSource, "local"), "local");
  EXPECT_EQ(client(kInternalSource, "x|y"), "x|y");
}

TEST(SourceTest, AnyBytesGiveASource) {
  std::mt19937 random(20261125);
  const TrustedProxies proxies = Proxies("10.0.0.0/8,unix");
  const std::string alphabet("0123456789abcdef.:,[]%/ \t\0\xff", 28);
  for (int i = 0; i < 20000; ++i) {
    std::string forwarded(random() % 80, ' ');
    for (char& c : forwarded) c = alphabet[random() % alphabet.size()];
    for (const std::string& peer :
         {std::string("ipv4:10.0.0.7:1"), forwarded, "ipv4:" + forwarded, "ipv6:" + forwarded}) {
      const Source source = Source::Of(peer, forwarded, proxies);
      EXPECT_LE(source.text().size(), 45u);
      EXPECT_EQ(source.text().find_first_not_of("0123456789abcdef.:local"), std::string::npos);
      EXPECT_NE(source.key(), "");
    }
  }
}

}  // namespace source_test
}  // namespace usher::rpc
