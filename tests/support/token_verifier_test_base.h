// What tests of the verifier of tokens stand on: two keys, and whatever has been revoked.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "common/token/token_verifier.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
inline auto IsRefused() { return HasReplyCode(::common::AUTHENTICATION_ERROR); }
inline auto IsExpired() { return HasReplyCode(::common::TOKEN_OUTDATED); }
// Not decided: neither accepted nor told that it is no good.
inline auto IsNotJudged() { return StatusIs(absl::StatusCode::kUnavailable); }

inline constexpr size_t kCache = 4;

class TokenVerifierTest : public ::testing::Test {
 protected:
  TokenVerifierTest() {
    keys_.Replace(PublicKeysOf({AKey(1), AKey(2)}));
    feed_.NoteCompleteRound(feed_clock_.Now());
  }

  absl::Time Now() const { return clock_.Now(); }
  std::string Signed(const AccessToken& token) const { return SignWith(AKey(1), token); }
  std::string Signed() const { return Signed(AToken(Now())); }
  void Revoke(RevocationKind kind, absl::string_view subject, absl::Time until,
              RevocationReason reason = RevocationReason::kSignedOut,
              absl::string_view company = "acme") {
    revocations_.Add(
        {++sequence_, kind, CompanyId(std::string(company)), std::string(subject), until, reason});
  }

  FakeClock clock_;
  KeyRing keys_;
  Revocations revocations_;
  FakeClock feed_clock_;
  FeedState feed_{feed_clock_};
  TokenVerifier verifier_{keys_, revocations_, feed_, clock_, kCache};
  int64_t sequence_ = 0;
};

}  // namespace usher::token
