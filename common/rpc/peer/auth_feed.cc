#include "common/rpc/peer/auth_feed.h"

#include <usher/internal/v1/auth.grpc.pb.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

constexpr absl::Duration kBetweenRounds = absl::Milliseconds(500);
// After a failure, and before the first load.
constexpr absl::Duration kBeforeNextTry = absl::Milliseconds(100);
// Of one question. A lost one is asked again at once: two of them fit into the five seconds in
// which a revocation is to be known everywhere.
constexpr absl::Duration kLongestQuestion = absl::Seconds(2);

token::Revocation FromWire(const ::usher::internal::v1::Revocation& wire) {
  token::Revocation revocation;
  revocation.sequence = wire.sequence();
  revocation.kind = static_cast<token::RevocationKind>(wire.kind());
  revocation.company = CompanyId(wire.company_id());
  revocation.subject = wire.subject();
  revocation.issued_until = absl::FromUnixMicros(wire.issued_until_micros());
  revocation.reason = static_cast<token::RevocationReason>(wire.reason());
  return revocation;
}

}  // namespace

absl::StatusOr<FeedPage> PeerAuthSource::Read(int64_t after) {
  using ::usher::internal::v1::AuthInternal;
  CallContext call;
  call.request_id = "auth-feed";
  call.deadline = absl::Now() + kLongestQuestion;
  ::usher::internal::v1::ReadFeedRequest request;
  request.set_after_sequence(after);
  ASSIGN_OR_RETURN(
      const auto reply,
      auth_.Call<AuthInternal>(Effect::kReads, call, &AuthInternal::Stub::readFeed, request));
  FeedPage page;
  for (const auto& key : reply.keys()) {
    if (key.key_id().size() != token::kKeyIdSize ||
        key.public_key().size() != token::kPublicKeySize) {
      continue;
    }
    token::KeyId id;
    std::copy(key.key_id().begin(), key.key_id().end(), id.begin());
    std::copy(key.public_key().begin(), key.public_key().end(), page.keys[id].begin());
  }
  page.revocations.reserve(static_cast<size_t>(reply.revocations_size()));
  for (const auto& wire : reply.revocations()) page.revocations.push_back(FromWire(wire));
  page.more = reply.more();
  page.age = absl::Microseconds(std::max<int64_t>(0, reply.age_micros()));
  return page;
}

AuthFeed::AuthFeed(AuthSource& source, token::KeyRing& keys, token::Revocations& revocations,
                   token::FeedState& state, const Clock& clock)
    : source_(source),
      keys_(keys),
      revocations_(revocations),
      state_(state),
      clock_(clock),
      repeating_({.name = "following auth",
                  .period = kBetweenRounds,
                  .first_retry = kBeforeNextTry,
                  .longest_retry = kBeforeNextTry},
                 [this] { return Round(); }) {}

absl::Status AuthFeed::Follow() {
  FeedPage page;
  absl::Time asked;
  do {
    asked = state_.Now();
    ASSIGN_OR_RETURN(page, source_.Read(position_));
    for (const token::Revocation& revocation : page.revocations) {
      revocations_.Add(revocation);
      position_ = std::max(position_, revocation.sequence);
    }
    // Auth has a key, and knows where its pages end. Whoever does not is believed nothing: without
    // keys every token would be refused for good.
    const bool endless = page.more && page.revocations.empty();
    if (endless || page.keys.empty()) return RemoteError("auth");
  } while (page.more);
  // After the revocations: a token of a new key is never judged without them.
  keys_.Replace(std::move(page.keys));
  state_.NoteCompleteRound(asked - page.age);
  while (revocations_.Forget(clock_.Now() - kLongestTokenLife)) {
  }
  return absl::OkStatus();
}

absl::Status AuthFeed::Round() {
  const absl::Status status = Follow();
  const bool stale = state_.loaded() && state_.age() >= token::kStaleFeed;
  if (stale && !stale_) {
    log::Warning("what is known of revocations is too old: nothing is changed until auth is back");
  }
  stale_ = stale;
  if (status.ok()) return status;
  const char* const meanwhile =
      state_.loaded() ? "; tokens are judged by what is known" : "; no token can be judged yet";
  return {status.code(), absl::StrCat(status.message(), meanwhile)};
}

}  // namespace usher::rpc
