// How long refusals take, whatever settings a hash was made with: in real time, between settings of
// which one is thousands of times the other, so that a busy machine does not matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "services/auth/secret/secret_vault.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace refusal_time_test {

constexpr Argon2Run kCostly = {uint64_t{8} << 20, 2};

class RefusalTimeTest : public ::testing::Test {
 protected:
  SecretVault Vault(const Argon2Run& run, const Argon2Run& before = {}) const {
    return {pepper_,
            {.memory = run.memory,
             .passes = static_cast<unsigned>(run.passes),
             .before = before,
             .threads = 4,
             .queue = 64}};
  }
  static std::string Hashed(SecretVault& vault) {
    return vault.Hash(ACall(), Secret("right"), SecretKind::kPassword, "ad").value_or("");
  }
  // The shortest of some.
  static absl::Duration TimeOf(absl::FunctionRef<void()> work) {
    absl::Duration shortest = absl::InfiniteDuration();
    for (int i = 0; i < 5; ++i) {
      const absl::Time began = absl::Now();
      work();
      shortest = std::min(shortest, absl::Now() - began);
    }
    return shortest;
  }
  static absl::Duration CheckOf(SecretVault& vault, const char* secret, const std::string& sealed) {
    return TimeOf([&] {
      EXPECT_OK(vault.Verify(ACall(), Secret(secret), SecretKind::kPassword, sealed, "ad"));
    });
  }
  static absl::Duration CheckOfNothing(SecretVault& vault) {
    return TimeOf([&] {
      EXPECT_OK(vault.VerifyAgainstNothing(ACall(), Secret("wrong"), SecretKind::kPassword));
    });
  }

  const Pepper pepper_{{Secret::Random(32)}};
};

TEST_F(RefusalTimeTest, IsThatOfTheSettingsOfBeforeTheyWereLowered) {
  SecretVault before = Vault(kCostly);
  const std::string old = Hashed(before);
  SecretVault lowered = Vault({8192, 1}, kCostly);
  const std::string anew = Hashed(lowered);
  const absl::Duration of_old = CheckOf(lowered, "wrong", old);
  for (const absl::Duration other : {CheckOf(lowered, "wrong", anew), CheckOfNothing(lowered)}) {
    EXPECT_GT(other, of_old / 3);
    EXPECT_LT(other, of_old * 3);
  }
}

// They cost what their own hash does.
TEST_F(RefusalTimeTest, IsNotThatOfRightSecrets) {
  SecretVault lowered = Vault({8192, 1}, kCostly);
  const std::string anew = Hashed(lowered);
  EXPECT_LT(CheckOf(lowered, "right", anew), CheckOf(lowered, "wrong", anew) / 3);
}

TEST_F(RefusalTimeTest, IsThatOfTheSettingsThatWereRaised) {
  SecretVault before = Vault({8192, 1});
  const std::string old = Hashed(before);
  SecretVault raised = Vault(kCostly, {8192, 1});
  EXPECT_GT(CheckOf(raised, "wrong", old), CheckOfNothing(raised) / 3);
}

}  // namespace refusal_time_test
}  // namespace usher::auth
