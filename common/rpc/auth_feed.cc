#include "common/rpc/auth_feed.h"

#include <usher/internal/v1/auth.grpc.pb.h>
#include <usher/token/v1/claims.grpc.pb.h>

#include <algorithm>

#include "common/base/log.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

constexpr absl::Duration kBetweenRounds = absl::Seconds(1);
constexpr absl::Duration kBetweenKeyLists = absl::Minutes(1);
// A token signed by signAccessToken lives no longer than an access token, or than its parent.
constexpr absl::Duration kLongestTokenLife = absl::Hours(48);
constexpr size_t kPage = 1000;

CallContext FeedCall() {
  CallContext call;
  call.request_id = "auth-feed";
  call.deadline = absl::Now() + absl::Seconds(5);
  return call;
}

}  // namespace

absl::StatusOr<std::map<token::KeyId, token::PublicKey>> PeerAuthSource::ListKeys() {
  using ::usher::token::v1::KeyService;
  ASSIGN_OR_RETURN(const auto reply,
                   auth_.Call<KeyService>(Effect::kReads, FeedCall(), &KeyService::Stub::list,
                                          ::usher::token::v1::ListKeysRequest()));
  std::map<token::KeyId, token::PublicKey> keys;
  for (const auto& key : reply.keys()) {
    if (key.key_id().size() != token::kKeyIdSize ||
        key.public_key().size() != token::kPublicKeySize) {
      continue;
    }
    token::KeyId id;
    std::copy(key.key_id().begin(), key.key_id().end(), id.begin());
    std::copy(key.public_key().begin(), key.public_key().end(), keys[id].begin());
  }
  return keys;
}

absl::StatusOr<std::vector<token::Revocation>> PeerAuthSource::ListRevocations(int64_t after) {
  using ::usher::internal::v1::AuthInternal;
  ::usher::internal::v1::ListRevocationsRequest request;
  request.set_after_sequence(after);
  ASSIGN_OR_RETURN(const auto reply,
                   auth_.Call<AuthInternal>(Effect::kReads, FeedCall(),
                                            &AuthInternal::Stub::listRevocations, request));
  std::vector<token::Revocation> revocations;
  for (const auto& wire : reply.revocations()) {
    token::Revocation revocation;
    revocation.sequence = wire.sequence();
    revocation.kind = static_cast<token::RevocationKind>(wire.kind());
    revocation.company = CompanyId(wire.company_id());
    revocation.subject = wire.subject();
    revocation.issued_until = absl::FromUnixMicros(wire.issued_until_micros());
    revocation.reason = static_cast<token::RevocationReason>(wire.reason());
    revocations.push_back(std::move(revocation));
  }
  return revocations;
}

AuthFeed::AuthFeed(AuthSource& source, token::KeyRing& keys, token::Revocations& revocations,
                   const Clock& clock)
    : source_(source), keys_(keys), revocations_(revocations), clock_(clock) {}

AuthFeed::~AuthFeed() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status AuthFeed::Follow() {
  const absl::Time now = clock_.Now();
  const bool unknown_key = keys_.TakeUnknownKeyNote();
  if (unknown_key || now - keys_asked_ > kBetweenKeyLists) {
    ASSIGN_OR_RETURN(auto keys, source_.ListKeys());
    keys_.Replace(std::move(keys));
    keys_asked_ = now;
  }
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<token::Revocation> page, source_.ListRevocations(position_));
    for (const token::Revocation& revocation : page) {
      revocations_.Add(revocation);
      position_ = std::max(position_, revocation.sequence);
    }
    if (page.size() < kPage) break;
  }
  revocations_.Forget(now - kLongestTokenLife);
  loaded_.store(true);
  return absl::OkStatus();
}

void AuthFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void AuthFeed::Run() {
  bool failing = false;
  while (true) {
    const absl::Status status = Follow();
    if (!status.ok() && !failing) {
      log::Warning("auth is out of reach; tokens are judged by what is known",
                   {{"error", status.message()}});
    }
    if (status.ok() && failing) log::Info("auth is in reach again");
    failing = !status.ok();

    const absl::Duration pause = loaded() ? kBetweenRounds : absl::Milliseconds(100);
    const absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&ending_), pause)) return;
  }
}

}  // namespace usher::rpc
