// LiveKit's webhooks: what happened, signed with an API key
// (https://docs.livekit.io/home/server/webhooks).
#pragma once

#include <deploy/engines/livekit/livekit_protocol.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/secret.h"

namespace usher::livekit {

// Whose webhooks a key signs. Companies at one server may share a key; keys of different servers
// may have one name, and are different keys.
struct WebhookKey {
  std::string company;
  std::string name;
  Secret secret;
};

struct Webhook {
  std::vector<std::string> companies;  // whose key has signed it
  wire::WebhookEvent event;
};

// `authorization`: the header of that name, with or without "Bearer". kUnauthenticated with the
// reason, for the log, when no key has signed just this body for now; kInvalidArgument when it is
// no event.
absl::StatusOr<Webhook> ReadWebhook(absl::string_view authorization, absl::string_view body,
                                    const std::vector<WebhookKey>& keys, absl::Time now);

}  // namespace usher::livekit
