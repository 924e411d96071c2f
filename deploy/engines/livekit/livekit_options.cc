#include "deploy/engines/livekit/livekit_options.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/livekit/livekit_servers.h"
#include "common/status/try.h"
#include "common/text/config_file.h"

ABSL_FLAG(std::string, livekit, "",
          "file that says which company's rooms are at which LiveKit server, the same as of "
          "usher-room (deploy/engines/livekit/README.md)");
ABSL_FLAG(std::string, usher, "", "where usher is, host:port of all its services (the edge)");
ABSL_FLAG(std::string, usher_auth, "", "where usher-auth is, if that is another place");
ABSL_FLAG(std::string, usher_room, "", "where usher-room is, if that is another place");
ABSL_FLAG(std::string, usher_ca, "",
          "PEM file: the CA of usher's certificate; empty: those of the system");
ABSL_FLAG(bool, usher_plain, false, "usher without TLS: on this machine alone");
ABSL_FLAG(std::string, livekit_ca, "",
          "PEM file: the CA of LiveKit's certificate; empty: those of the system");
ABSL_FLAG(std::string, webhook_listen, "127.0.0.1:7890",
          "host:port (or unix:path) for LiveKit's webhooks, HTTP");
ABSL_FLAG(std::string, metrics_listen, "", "host:port for Prometheus, HTTP; empty: none");
ABSL_FLAG(absl::Duration, sweep, absl::Seconds(10),
          "how often LiveKit is asked for everything there is, 1s to 60s");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warning or error");

namespace usher::livekit {
namespace {

absl::Status Wrong(absl::string_view why) { return absl::InvalidArgumentError(why); }

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:") || absl::StartsWith(address, "unix:");
}

absl::StatusOr<CompanyOptions> ReadCompany(const CompanyId& company, const Server& server) {
  CompanyOptions options;
  options.livekit = {ApiUrlOf(server.api_url, server.url), server.api_key, server.api_secret};
  const std::string& url = options.livekit.url;
  if (!absl::StartsWith(url, "https://") && !absl::StartsWith(url, "http://")) {
    return Wrong(absl::StrCat("LiveKit server of ", company.value(),
                              ": api_url must be https://host or http://host"));
  }
  if (server.code_file.empty()) {
    return Wrong(absl::StrCat("LiveKit server of ", company.value(),
                              ": client_id takes code_file, the file with its code"));
  }
  options.usher.company = company.value();
  options.usher.client_id = server.client_id;
  options.usher.code_file = server.code_file;
  options.usher.engine_id = server.engine_id.empty() ? "livekit" : server.engine_id;
  return options;
}

absl::StatusOr<std::vector<CompanyOptions>> ReadCompanies(const std::string& file) {
  if (file.empty()) return Wrong("--livekit is missing: the file with the LiveKit servers");
  ASSIGN_OR_RETURN(const Servers servers, LoadServers(file));
  std::vector<CompanyOptions> companies;
  for (const auto& [company, server] : servers) {
    if (server.client_id.empty()) continue;  // has no adapter, or another one
    ASSIGN_OR_RETURN(CompanyOptions options, ReadCompany(company, server));
    companies.push_back(std::move(options));
  }
  if (companies.empty()) return Wrong(absl::StrCat(file, ": there is no server with a client_id"));
  return companies;
}

absl::Status ReadUsher(AdapterOptions* options) {
  const auto place = [](const std::string& own) {
    return own.empty() ? absl::GetFlag(FLAGS_usher) : own;
  };
  options->auth = place(absl::GetFlag(FLAGS_usher_auth));
  options->room = place(absl::GetFlag(FLAGS_usher_room));
  if (options->auth.empty() || options->room.empty()) {
    return Wrong("--usher is missing: host:port of usher's edge, or --usher_auth and --usher_room");
  }
  options->usher_plain = absl::GetFlag(FLAGS_usher_plain);
  // The code of an API key goes that way.
  if (options->usher_plain && !(IsLoopback(options->auth) && IsLoopback(options->room))) {
    return Wrong("--usher_plain is for this machine alone (127.0.0.1, localhost)");
  }
  if (const std::string file = absl::GetFlag(FLAGS_usher_ca); !file.empty()) {
    ASSIGN_OR_RETURN(options->usher_ca, text::ReadConfigFile(file));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AdapterOptions> ReadAdapterOptions() {
  AdapterOptions options;
  options.log_level = absl::GetFlag(FLAGS_log_level);
  ASSIGN_OR_RETURN(options.companies, ReadCompanies(absl::GetFlag(FLAGS_livekit)));
  RETURN_IF_ERROR(ReadUsher(&options));
  options.livekit_ca = absl::GetFlag(FLAGS_livekit_ca);
  options.webhook_listen = absl::GetFlag(FLAGS_webhook_listen);
  options.metrics_listen = absl::GetFlag(FLAGS_metrics_listen);
  options.sweep_period = absl::GetFlag(FLAGS_sweep);
  if (options.sweep_period < absl::Seconds(1) || options.sweep_period > absl::Minutes(1)) {
    return Wrong("--sweep must be between 1s and 60s");
  }
  return options;
}

std::vector<WebhookKey> KeysOf(const std::vector<CompanyOptions>& companies) {
  std::vector<WebhookKey> keys;
  for (const CompanyOptions& company : companies) {
    keys.push_back({company.usher.company, company.livekit.key, company.livekit.secret});
  }
  return keys;
}

std::string ApiUrlOf(const std::string& api_url, const std::string& url) {
  if (!api_url.empty()) return std::string(absl::StripSuffix(api_url, "/"));
  absl::string_view rest = url;
  if (absl::ConsumePrefix(&rest, "wss://")) return absl::StrCat("https://", rest);
  absl::ConsumePrefix(&rest, "ws://");
  return absl::StrCat("http://", rest);
}

}  // namespace usher::livekit
