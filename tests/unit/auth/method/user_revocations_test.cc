#include "services/auth/method/user_revocations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace user_revocations_test {

using token::RevocationKind;
using token::RevocationReason;

const UserId kAnn("01900000-0000-7000-8000-000000000001");

// The drafts for a method that has so many live sessions, of which so many can sign.
std::vector<RevocationDraft> Drafts(KeyType key_type, size_t live, size_t signing,
                                    std::optional<TokensWrite> tokens = std::nullopt) {
  UserWrite write;
  write.sessions.push_back({.method = {key_type, "ann"},
                            .reason = RevocationReason::kAccountInactive,
                            .if_many = RevocationReason::kRightsTaken});
  write.tokens = tokens;
  const FindSessions find = [&](const MethodKey&, bool only_signing, size_t most) {
    std::vector<SessionId> found;
    for (size_t i = 0; i < std::min(most, only_signing ? signing : live); ++i) {
      found.emplace_back(absl::StrCat(only_signing ? "signing " : "", i));
    }
    return found;
  };
  const auto drafts = Revoked(write, kAnn, find);
  EXPECT_OK(drafts);
  return *drafts;
}

size_t Count(const std::vector<RevocationDraft>& drafts, RevocationKind kind) {
  return static_cast<size_t>(std::count_if(drafts.begin(), drafts.end(),
                                           [&](const auto& draft) { return draft.kind == kind; }));
}

TEST(UserRevocations, FewSessionsAreNamedOneByOne) {
  const auto drafts = Drafts(KeyType::kPassword, kMostNamedSessions, 5);
  EXPECT_EQ(drafts.size(), kMostNamedSessions);
  EXPECT_EQ(Count(drafts, RevocationKind::kSession), kMostNamedSessions);
  EXPECT_EQ(drafts[0].reason, RevocationReason::kAccountInactive);
  EXPECT_TRUE(drafts[0].final);
}

TEST(UserRevocations, InThePlaceOfManySessionsTheUserIsNamed) {
  const auto drafts = Drafts(KeyType::kAuthorizationCode, 1000000, 0);
  ASSERT_EQ(drafts.size(), 1u);
  EXPECT_EQ(drafts[0].kind, RevocationKind::kUser);
  EXPECT_EQ(drafts[0].subject, kAnn.value());
  EXPECT_EQ(drafts[0].reason, RevocationReason::kRightsTaken);
  EXPECT_FALSE(drafts[0].final);
  const auto told = Drafts(KeyType::kAuthorizationCode, 1000000, 0,
                           TokensWrite{.reason = RevocationReason::kSignedOut});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].reason, RevocationReason::kSignedOut);
}

// Their tokens name another user.
TEST(UserRevocations, OfManySessionsThoseThatCanSignForOthersAreNamedAsWell) {
  const auto drafts = Drafts(KeyType::kAuthorizationCode, 1000000, 3);
  EXPECT_EQ(Count(drafts, RevocationKind::kSession), 3u);
  EXPECT_EQ(Count(drafts, RevocationKind::kUser), 1u);
  EXPECT_EQ(Count(Drafts(KeyType::kGuestAccess, 1000000, 3), RevocationKind::kSession), 0u);
}

TEST(UserRevocations, WhereTooManyCanSignTheTokensOfTheCompanyAreOutdated) {
  const auto drafts = Drafts(KeyType::kAuthorizationCode, 1000000, 1000000);
  EXPECT_LE(drafts.size(), kMostSigningSessions + 3);
  EXPECT_EQ(Count(drafts, RevocationKind::kCompany), 1u);
  EXPECT_EQ(drafts.back().reason, RevocationReason::kRightsTaken);
  EXPECT_FALSE(drafts.back().final);
}

}  // namespace user_revocations_test
}  // namespace usher::auth
