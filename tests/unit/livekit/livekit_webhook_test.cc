#include "deploy/engines/livekit/livekit_webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/token/hs256_jwt.h"
#include "tests/unit/livekit/participants.h"

namespace usher::livekit {
namespace livekit_webhook_test {

using ::testing::ElementsAre;

constexpr char kBody[] =
    R"({"event":"participant_joined","room":{"sid":"RM_1","name":"r"},"participant":{"sid":"PA_1","identity":"anna","state":"ACTIVE","joinedAt":"1893456000","permission":{"canSubscribe":true}},"id":"EV_1","createdAt":"1893456000"})";

const Secret& AKey() {
  static const Secret key("a secret of at least 32 bytes ...");
  return key;
}

Secret AnotherKey() { return Secret("another secret of 32 bytes ......"); }

std::vector<WebhookKey> Keys() {
  return {{"acme", "key", AKey()}, {"umbrella", "other", AnotherKey()}};
}

std::string HashOf(absl::string_view body) {
  std::string hash(32, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size());
  return absl::Base64Escape(hash);
}

std::string Signed(absl::string_view body, absl::Time ends = TestTime() + absl::Minutes(5),
                   const std::string& key = "key", absl::Time begins = TestTime()) {
  return token::SignHs256(
      absl::StrCat(R"({"iss":")", key, R"(","nbf":)", absl::ToUnixSeconds(begins), R"(,"exp":)",
                   absl::ToUnixSeconds(ends), R"(,"sha256":")", HashOf(body), R"("})"),
      AKey());
}

TEST(LiveKitWebhook, WhatTheServerHasSignedIsRead) {
  for (const std::string prefix : {"", "Bearer "}) {
    const auto webhook = ReadWebhook(prefix + Signed(kBody), kBody, Keys(), TestTime());
    ASSERT_TRUE(webhook.ok()) << webhook.status();
    EXPECT_THAT(webhook->companies, ElementsAre("acme"));
    EXPECT_EQ(webhook->event.event(), "participant_joined");
    EXPECT_EQ(webhook->event.room().name(), "r");
    EXPECT_EQ(webhook->event.participant().identity(), "anna");
    EXPECT_EQ(webhook->event.participant().state(), "ACTIVE");
    EXPECT_TRUE(webhook->event.participant().permission().can_subscribe());
  }
}

TEST(LiveKitWebhook, AnotherBodyIsRefused) {
  std::string other = kBody;
  other[10] = 'x';
  EXPECT_TRUE(
      absl::IsUnauthenticated(ReadWebhook(Signed(kBody), other, Keys(), TestTime()).status()));
  EXPECT_TRUE(absl::IsUnauthenticated(ReadWebhook(Signed(kBody), "", Keys(), TestTime()).status()));
}

TEST(LiveKitWebhook, WithoutATokenItIsRefused) {
  for (const std::string authorization : {"", "Bearer ", "Bearer a.b.c", "x"}) {
    EXPECT_TRUE(
        absl::IsUnauthenticated(ReadWebhook(authorization, kBody, Keys(), TestTime()).status()))
        << authorization;
  }
}

TEST(LiveKitWebhook, AKeyVerifiesWhatItHasSignedAlone) {
  const std::string of_another = Signed(kBody, TestTime() + absl::Minutes(5), "other");
  EXPECT_TRUE(absl::IsUnauthenticated(ReadWebhook(of_another, kBody, Keys(), TestTime()).status()));
  const std::string of_nobody = Signed(kBody, TestTime() + absl::Minutes(5), "nobody");
  EXPECT_TRUE(absl::IsUnauthenticated(ReadWebhook(of_nobody, kBody, Keys(), TestTime()).status()));
  EXPECT_TRUE(absl::IsUnauthenticated(ReadWebhook(Signed(kBody), kBody, {}, TestTime()).status()));
}

// Every LiveKit server calls its first key "devkey", for instance.
TEST(LiveKitWebhook, OfTwoKeysOfOneNameItIsTheOneWithThatSecret) {
  const std::vector<WebhookKey> keys = {{"umbrella", "key", AnotherKey()}, {"acme", "key", AKey()}};
  const auto webhook = ReadWebhook(Signed(kBody), kBody, keys, TestTime());
  ASSERT_TRUE(webhook.ok()) << webhook.status();
  EXPECT_THAT(webhook->companies, ElementsAre("acme"));
}

TEST(LiveKitWebhook, CompaniesThatShareAKeyAllHearOfIt) {
  const std::vector<WebhookKey> keys = {{"umbrella", "key", AKey()}, {"acme", "key", AKey()}};
  const auto webhook = ReadWebhook(Signed(kBody), kBody, keys, TestTime());
  ASSERT_TRUE(webhook.ok()) << webhook.status();
  EXPECT_THAT(webhook->companies, ElementsAre("umbrella", "acme"));
}

TEST(LiveKitWebhook, AnOldOneIsRefused) {
  const std::string signed_before = Signed(kBody, TestTime());
  EXPECT_TRUE(ReadWebhook(signed_before, kBody, Keys(), TestTime() + absl::Seconds(29)).ok());
  EXPECT_FALSE(ReadWebhook(signed_before, kBody, Keys(), TestTime() + absl::Seconds(30)).ok());
}

TEST(LiveKitWebhook, OneOfTheFutureIsRefused) {
  const std::string later =
      Signed(kBody, TestTime() + absl::Hours(2), "key", TestTime() + absl::Hours(1));
  EXPECT_FALSE(ReadWebhook(later, kBody, Keys(), TestTime()).ok());
}

TEST(LiveKitWebhook, ATokenThatNeverEndsIsRefused) {
  const std::string endless =
      token::SignHs256(absl::StrCat(R"({"iss":"key","sha256":")", HashOf(kBody), R"("})"), AKey());
  EXPECT_FALSE(ReadWebhook(endless, kBody, Keys(), TestTime()).ok());
}

TEST(LiveKitWebhook, WhatIsNoEventIsToldApart) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(ReadWebhook(Signed("[]"), "[]", Keys(), TestTime()).status()));
}

}  // namespace livekit_webhook_test
}  // namespace usher::livekit
