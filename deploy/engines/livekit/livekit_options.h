// The adapter's flags, read once.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "deploy/engines/livekit/livekit_api.h"
#include "deploy/engines/livekit/livekit_webhook.h"
#include "deploy/engines/livekit/usher_client.h"

namespace usher::livekit {

// One company that this adapter serves.
struct CompanyOptions {
  TwirpOptions livekit;
  UsherOptions usher;
};

struct AdapterOptions {
  std::string log_level;
  std::vector<CompanyOptions> companies;  // one at least
  std::string livekit_ca;                 // PEM file; empty: those of the system
  std::string auth;                       // host:port
  std::string room;
  bool usher_plain = false;
  std::string usher_ca;  // what is in the file; empty: those of the system
  std::string webhook_listen;
  std::string metrics_listen;  // empty: none
  absl::Duration sweep_period;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<AdapterOptions> ReadAdapterOptions();

// Of the servers: who may sign webhooks.
std::vector<WebhookKey> KeysOf(const std::vector<CompanyOptions>& companies);

// Where the server API is, as its file says, or as follows from where clients go: wss://host/path
// is https://host/path.
std::string ApiUrlOf(const std::string& api_url, const std::string& url);

}  // namespace usher::livekit
