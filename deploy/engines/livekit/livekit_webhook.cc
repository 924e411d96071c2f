#include "deploy/engines/livekit/livekit_webhook.h"

#include <sodium.h>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "common/http/json_reader.h"
#include "common/status/try.h"
#include "common/token/hs256_jwt.h"

namespace usher::livekit {
namespace {

constexpr absl::Duration kMostClockSkew = absl::Seconds(30);

std::string Sha256InBase64(absl::string_view body) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size());
  return absl::Base64Escape(digest);
}

absl::StatusOr<wire::WebhookClaims> ReadClaims(const std::string& json) {
  wire::WebhookClaims claims;
  if (!http::ReadJson(json, &claims).ok()) {
    return absl::UnauthenticatedError("its token has no claims");
  }
  return claims;
}

// What the key is called is said by the token itself; which one it is, by the secret that verifies
// it.
std::vector<std::string> WhoseKeySigned(absl::string_view jwt, const wire::WebhookClaims& said,
                                        const std::vector<WebhookKey>& keys) {
  std::vector<std::string> companies;
  for (const WebhookKey& key : keys) {
    if (key.name != said.iss() || !token::VerifyHs256(jwt, key.secret).ok()) continue;
    companies.push_back(key.company);
  }
  return companies;
}

}  // namespace

absl::StatusOr<Webhook> ReadWebhook(absl::string_view authorization, absl::string_view body,
                                    const std::vector<WebhookKey>& keys, absl::Time now) {
  absl::ConsumePrefix(&authorization, "Bearer ");
  ASSIGN_OR_RETURN(const std::string unverified, token::UnverifiedClaims(authorization));
  ASSIGN_OR_RETURN(const wire::WebhookClaims claims, ReadClaims(unverified));
  Webhook webhook;
  webhook.companies = WhoseKeySigned(authorization, claims, keys);
  if (webhook.companies.empty()) {
    return absl::UnauthenticatedError("no key of ours has signed its token");
  }
  if (absl::FromUnixSeconds(claims.exp()) + kMostClockSkew <= now ||
      absl::FromUnixSeconds(claims.nbf()) - kMostClockSkew > now) {
    return absl::UnauthenticatedError("its token is not for now");
  }
  if (!Secret(Sha256InBase64(body)).EqualsConstantTime(claims.sha256())) {
    return absl::UnauthenticatedError("its token is for another body");
  }
  if (const absl::Status read = http::ReadJson(body, &webhook.event); !read.ok()) {
    return absl::InvalidArgumentError(read.message());
  }
  return webhook;
}

}  // namespace usher::livekit
