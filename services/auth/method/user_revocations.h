// What the feed is told of a change of a user: pure, and bounded, however many sessions there are.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/method/user_change.h"

namespace usher::auth {

// The live sessions of a method, at most `most` of them; `only_signing`: those that can sign tokens
// for others.
using FindSessions = std::function<absl::StatusOr<std::vector<SessionId>>(
    const MethodKey& method, bool only_signing, size_t most)>;

// Of more sessions than this not each is named in the feed, but the user.
inline constexpr size_t kMostNamedSessions = 100;
// Tokens that a session signed for others die with the session alone, so those that can sign are
// named nevertheless; of more than this, the tokens of the whole company are outdated.
inline constexpr size_t kMostSigningSessions = 1000;

// What a write ends, for the feed: bounded, however many sessions there are.
absl::StatusOr<std::vector<RevocationDraft>> Revoked(const UserWrite& write, const UserId& user,
                                                     const FindSessions& find);

}  // namespace usher::auth
