// LiveKit's webhooks: what happened, signed with an API key
// (https://docs.livekit.io/home/server/webhooks).
#pragma once

#include <deploy/engines/livekit/livekit_protocol.pb.h>

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/secret.h"

namespace usher::livekit {

using ApiKeys = std::multimap<std::string, Secret>;  // name and secret

struct Webhook {
  std::string api_key;  // that signed it
  wire::WebhookEvent event;
};

// `authorization`: the header of that name, with or without "Bearer". kUnauthenticated with the
// reason, for the log, when no key has signed just this body for now; kInvalidArgument when it is
// no event.
absl::StatusOr<Webhook> ReadWebhook(absl::string_view authorization, absl::string_view body,
                                    const ApiKeys& keys, absl::Time now);

}  // namespace usher::livekit
