#include "services/auth/secret/secret_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace secret_vault_test {

constexpr char kRandomCode[] = "3q2-7wAbCdEfGhIjKlMnOpQrStUvWxYz0123456789_";

// The least that libsodium takes: these tests are about what is around the hash.
SecretVaultOptions Quick() { return {.memory = 8192, .passes = 1, .threads = 2, .queue = 64}; }

class SecretVaultTest : public ::testing::Test {
 protected:
  std::string Hash(SecretVault& vault, const char* secret, SecretKind kind) {
    const auto sealed = vault.Hash(ACall(), Secret(secret), kind, "ad");
    EXPECT_OK(sealed);
    return sealed.value_or("");
  }

  static constexpr char kNoMatch[] = "no match";
  static constexpr char kUpToDate[] = "up to date";
  static constexpr char kOutdated[] = "outdated";
  static std::string Match(SecretVault& vault, const char* secret, SecretKind kind,
                           const std::string& sealed) {
    const auto match = vault.Verify(ACall(), Secret(secret), kind, sealed, "ad");
    EXPECT_OK(match);
    if (!match.ok() || !match->matches) return kNoMatch;
    return match->outdated ? kOutdated : kUpToDate;
  }

  const Pepper pepper_{{Secret::Random(32)}};
  SecretVault vault_{pepper_, Quick()};
};

TEST_F(SecretVaultTest, TheSecretThatWasHashedMatchesAndNoOther) {
  for (const char* secret : {"correct horse", "short", kRandomCode}) {
    for (const SecretKind kind :
         {SecretKind::kPassword, SecretKind::kCode, SecretKind::kGuestCode}) {
      const std::string sealed = Hash(vault_, secret, kind);
      EXPECT_EQ(sealed.find(secret), std::string::npos);
      EXPECT_EQ(sealed.find("$argon2"), std::string::npos);
      EXPECT_EQ(Match(vault_, secret, kind, sealed), kUpToDate);
      for (const char* wrong : {"wrong", "", "9876543210zYxWvUtSrQpOnMlKjIhGfEdCbA-_7w2q3"}) {
        EXPECT_EQ(Match(vault_, wrong, kind, sealed), kNoMatch);
      }
    }
  }
}

TEST_F(SecretVaultTest, TheSameSecretIsNeverStoredTheSameWay) {
  EXPECT_NE(Hash(vault_, "secret", SecretKind::kPassword),
            Hash(vault_, "secret", SecretKind::kPassword));
  EXPECT_NE(Hash(vault_, kRandomCode, SecretKind::kCode),
            Hash(vault_, kRandomCode, SecretKind::kCode));
}

TEST_F(SecretVaultTest, ASealedSecretIsGoodForItsOwnMethodAlone) {
  const std::string sealed = Hash(vault_, "secret", SecretKind::kPassword);
  EXPECT_THAT(vault_.Verify(ACall(), Secret("secret"), SecretKind::kPassword, sealed, "other"),
              StatusIs(absl::StatusCode::kDataLoss));
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_THAT(vault_.Verify(ACall(), Secret("secret"), SecretKind::kPassword, altered, "ad"),
                StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(vault_.Verify(ACall(), Secret("secret"), SecretKind::kPassword, "", "ad"),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(SecretVaultTest, ANewPepperSealsAndTheOldOneStillOpens) {
  const std::string old_password = Hash(vault_, "secret", SecretKind::kPassword);
  const std::string old_code = Hash(vault_, kRandomCode, SecretKind::kCode);
  SecretVault rotated(Pepper({pepper_.first(), Secret::Random(32)}), Quick());
  EXPECT_EQ(Match(rotated, "secret", SecretKind::kPassword, old_password), kOutdated);
  EXPECT_EQ(Match(rotated, kRandomCode, SecretKind::kCode, old_code), kOutdated);
  EXPECT_EQ(Match(rotated, "wrong", SecretKind::kPassword, old_password), kNoMatch);
  const std::string fresh = Hash(rotated, "secret", SecretKind::kPassword);
  EXPECT_EQ(Match(rotated, "secret", SecretKind::kPassword, fresh), kUpToDate);
  EXPECT_THAT(vault_.Verify(ACall(), Secret("secret"), SecretKind::kPassword, fresh, "ad"),
              StatusIs(absl::StatusCode::kDataLoss));
}

// As the key watch appends it while the vault is in use.
TEST_F(SecretVaultTest, AKeyAppendedToThePepperInUseOpensAtOnceAndSealsFromItsTimeOn) {
  const absl::Time now = absl::Now();
  const std::vector<PepperKey> both = {{pepper_.first(), absl::InfinitePast()},
                                       {Secret::Random(32), absl::InfinitePast()}};
  const std::string old_password = Hash(vault_, "secret", SecretKind::kPassword);
  const std::string old_code = Hash(vault_, kRandomCode, SecretKind::kCode);
  SecretVault ahead(Pepper(both, now), Quick());  // another replica
  const std::string password_ahead = Hash(ahead, "secret", SecretKind::kPassword);
  Pepper shared = pepper_;
  ASSERT_OK(shared.Extend(both, now));
  EXPECT_EQ(Match(vault_, "secret", SecretKind::kPassword, password_ahead), kUpToDate);
  EXPECT_EQ(Hash(vault_, "secret", SecretKind::kPassword)[0], 1);
  EXPECT_EQ(Match(vault_, "secret", SecretKind::kPassword, old_password), kUpToDate);
  ASSERT_OK(shared.Extend(both, now + Pepper::kAnnounced));
  EXPECT_EQ(Match(vault_, "secret", SecretKind::kPassword, old_password), kOutdated);
  EXPECT_EQ(Match(vault_, kRandomCode, SecretKind::kCode, old_code), kOutdated);
  EXPECT_EQ(Match(vault_, "wrong", SecretKind::kPassword, old_password), kNoMatch);
  for (const SecretKind kind : {SecretKind::kPassword, SecretKind::kCode}) {
    const std::string fresh = Hash(vault_, kRandomCode, kind);
    EXPECT_EQ(fresh[0], 2);
    EXPECT_EQ(Match(vault_, kRandomCode, kind, fresh), kUpToDate);
  }
}

TEST_F(SecretVaultTest, OtherSettingsAskForARehash) {
  const std::string sealed = Hash(vault_, "secret", SecretKind::kPassword);
  SecretVault slower(pepper_, {.memory = 16384, .passes = 2, .threads = 1});
  EXPECT_EQ(Match(slower, "secret", SecretKind::kPassword, sealed), kOutdated);
}

TEST_F(SecretVaultTest, APasswordIsHashedAndComparedInNfc) {
  const char* const composed = "gr\u00fcn";
  const char* const decomposed = "gru\u0308n";
  for (const char* set : {composed, decomposed}) {
    const std::string sealed = Hash(vault_, set, SecretKind::kPassword);
    EXPECT_EQ(Match(vault_, composed, SecretKind::kPassword, sealed), kUpToDate);
    EXPECT_EQ(Match(vault_, decomposed, SecretKind::kPassword, sealed), kUpToDate);
    EXPECT_EQ(Match(vault_, "grun", SecretKind::kPassword, sealed), kNoMatch);
  }
}

// Codes are not hashed in any form but their own, which makes one as it was kept before.
TEST_F(SecretVaultTest, APasswordKeptAsItWasTypedStillOpensAndIsOutdated) {
  const char* const decomposed = "gru\u0308n";
  const std::string as_typed = Hash(vault_, decomposed, SecretKind::kCode);
  EXPECT_EQ(Match(vault_, decomposed, SecretKind::kPassword, as_typed), kOutdated);
  EXPECT_EQ(Match(vault_, "gr\u00fcn", SecretKind::kPassword, as_typed), kNoMatch);
  EXPECT_EQ(Match(vault_, "gr\u00fcn", SecretKind::kCode, as_typed), kNoMatch);
}

TEST_F(SecretVaultTest, APasswordThatIsNoUtf8IsTakenAsItIs) {
  const std::string sealed = Hash(vault_, "\xff\xfe bytes", SecretKind::kPassword);
  EXPECT_EQ(Match(vault_, "\xff\xfe bytes", SecretKind::kPassword, sealed), kUpToDate);
  EXPECT_EQ(Match(vault_, "\xff\xfd bytes", SecretKind::kPassword, sealed), kNoMatch);
}

TEST_F(SecretVaultTest, NothingIsHashedForWhoWentAway) {
  CallContext call = ACall();
  call.cancelled = std::make_shared<std::atomic<bool>>(true);
  EXPECT_THAT(vault_.Hash(call, Secret("secret"), SecretKind::kPassword, "ad"),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(vault_.VerifyAgainstNothing(call, Secret("secret"), SecretKind::kPassword),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(SecretVaultTest, ACallWaitsNoLongerThanItsDeadline) {
  SecretVault slow(pepper_, {.memory = size_t{256} << 20, .passes = 4, .threads = 1});
  const CallContext call = ACaller().Until(absl::Now() + absl::Milliseconds(20)).BuildCall();
  const absl::Time started = absl::Now();
  EXPECT_THAT(slow.VerifyAgainstNothing(call, Secret("secret"), SecretKind::kPassword),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - started, absl::Milliseconds(300));
}

TEST_F(SecretVaultTest, WhatDoesNotFitIntoTheQueueIsRefused) {
  SecretVault narrow(pepper_, {.memory = size_t{64} << 20, .passes = 2, .threads = 1, .queue = 1});
  const auto verify = [&] {
    return narrow.VerifyAgainstNothing(ACall(), Secret("secret"), SecretKind::kPassword);
  };
  // The hash that is made at the start has a place as well.
  while (!verify().ok()) std::this_thread::yield();
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      if (absl::IsResourceExhausted(verify())) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 16);
}

TEST_F(SecretVaultTest, TellsHowManyMayWaitToBeHashedWithinASecond) {
  std::vector<size_t> rooms;
  SecretVaultOptions options = Quick();
  options.room_changed = [&rooms](size_t room) { rooms.push_back(room); };
  options.queue = 100;
  { SecretVault quick(pepper_, options); }
  ASSERT_EQ(rooms.size(), 1u);
  EXPECT_LE(rooms[0], 100u);  // thousands could be, if nobody else wants the cores
  EXPECT_GT(rooms[0], 2u);
  rooms.clear();
  options.memory = size_t{256} << 20;
  options.passes = 4;
  options.threads = 1;
  { SecretVault slow(pepper_, options); }
  EXPECT_EQ(rooms, (std::vector<size_t>{2}));  // hardly more than one
}

TEST_F(SecretVaultTest, TheStartDoesNotWaitForTheFirstHash) {
  std::thread::id hashing = std::this_thread::get_id();
  SecretVaultOptions options = Quick();
  options.room_changed = [&hashing](size_t) { hashing = std::this_thread::get_id(); };
  { SecretVault vault(pepper_, options); }
  EXPECT_NE(hashing, std::this_thread::get_id());
}

TEST(NeedsSlowHash, IsDecidedByWhatIsPresented) {
  EXPECT_TRUE(NeedsSlowHash(kRandomCode, SecretKind::kPassword));
  for (const SecretKind kind : {SecretKind::kCode, SecretKind::kGuestCode}) {
    EXPECT_FALSE(NeedsSlowHash(kRandomCode, kind));
    EXPECT_TRUE(NeedsSlowHash("made up", kind));
    EXPECT_TRUE(NeedsSlowHash(std::string(43, 'a'), kind));
  }
}

// What takes the time is decided by what is presented: a random code costs a keyed hash, and
// anything else an argon2id run, whether the principal exists or not and however its secret is
// stored. Counted by the queue's refusals: a vault without room refuses argon2id alone.
TEST_F(SecretVaultTest, TheWorkDependsOnWhatIsPresentedAlone) {
  const std::string weak = Hash(vault_, "weak code", SecretKind::kCode);
  const std::string random = Hash(vault_, kRandomCode, SecretKind::kCode);
  SecretVaultOptions none = Quick();
  none.queue = 0;
  SecretVault full(pepper_, none);
  for (const std::string& stored : {weak, random}) {
    EXPECT_THAT(full.Verify(ACall(), Secret("a weak guess"), SecretKind::kCode, stored, "ad"),
                StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_OK(full.Verify(ACall(), Secret(kRandomCode), SecretKind::kCode, stored, "ad"));
  }
  EXPECT_THAT(full.VerifyAgainstNothing(ACall(), Secret("a weak guess"), SecretKind::kCode),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(full.VerifyAgainstNothing(ACall(), Secret(kRandomCode), SecretKind::kCode));
  EXPECT_THAT(full.VerifyAgainstNothing(ACall(), Secret(kRandomCode), SecretKind::kPassword),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace secret_vault_test
}  // namespace usher::auth
