#include "common/livekit/livekit_servers.h"

#include <usher/config/v1/livekit.pb.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "common/text/config_file.h"
#include "common/text/page.h"
#include "common/token/key_file.h"

namespace usher::livekit {
namespace {

using Config = ::usher::config::v1::LiveKitServer;

constexpr size_t kLongestApiKey = 128;     // bytes
constexpr size_t kShortestApiSecret = 32;  // bytes: RFC 7518, section 3.2

absl::Status Wrong(absl::string_view why) { return absl::InvalidArgumentError(why); }

absl::StatusOr<std::string> ReadUrl(absl::string_view url) {
  absl::string_view rest = absl::StripSuffix(url, "/");
  const bool encrypted = absl::ConsumePrefix(&rest, "wss://");
  const bool plain = !encrypted && absl::ConsumePrefix(&rest, "ws://");
  // What is a host and a path in the one is so in the other.
  const std::optional<text::Page> page = text::ParsePage(absl::StrCat("https://", rest));
  if ((!encrypted && !plain) || !page || absl::StrContains(rest, "?") ||
      absl::StrContains(rest, "#")) {
    return Wrong(absl::StrCat("url must be like wss://livekit.example.org: ", url));
  }
  if (plain && page->host != "127.0.0.1" && page->host != "localhost") {
    return Wrong(absl::StrCat("url must be wss:// but for 127.0.0.1 and localhost: ", url));
  }
  return absl::StrCat(encrypted ? "wss://" : "ws://", rest);
}

bool IsApiKey(absl::string_view key) {
  return !key.empty() && key.size() <= kLongestApiKey &&
         std::all_of(key.begin(), key.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

absl::StatusOr<Server> ReadServer(const Config& config) {
  Server server;
  ASSIGN_OR_RETURN(server.url, ReadUrl(config.url()));
  if (!IsApiKey(config.api_key())) {
    return Wrong("api_key must be 1 to 128 visible ASCII characters");
  }
  server.api_key = config.api_key();
  auto secret = token::LoadSecretFile(config.api_secret_file());
  if (!secret.ok()) return Wrong(absl::StrCat("api_secret_file: ", secret.status().message()));
  if (secret->size() < kShortestApiSecret) {
    return Wrong(absl::StrCat("api_secret_file: ", config.api_secret_file(),
                              " has a secret of less than 32 bytes"));
  }
  server.api_secret = *std::move(secret);
  server.grants_in_token = config.grants() == Config::IN_TOKEN;
  server.admin_tokens = config.admin_tokens();
  server.api_url = config.api_url();
  server.client_id = config.client_id();
  server.code_file = config.code_file();
  server.engine_id = config.engine_id();
  return server;
}

}  // namespace

absl::StatusOr<Servers> ParseServers(const std::string& text) {
  ::usher::config::v1::LiveKitServers config;
  RETURN_IF_ERROR(text::ParseConfig(text, &config));
  Servers servers;
  for (const Config& one : config.server()) {
    const std::string which = absl::StrCat("LiveKit server of ", one.company_id(), ": ");
    const std::optional<CompanyId> company = ParseCompanyId(one.company_id());
    if (!company) return Wrong(absl::StrCat(which, "company_id is no company's ID"));
    absl::StatusOr<Server> server = ReadServer(one);
    if (!server.ok()) return Wrong(absl::StrCat(which, server.status().message()));
    if (!servers.emplace(*company, *std::move(server)).second) {
      return Wrong(absl::StrCat(which, "there is another one"));
    }
  }
  return servers;
}

absl::StatusOr<Servers> LoadServers(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, text::ReadConfigFile(path));
  auto servers = ParseServers(text);
  if (!servers.ok()) return Wrong(absl::StrCat(path, ": ", servers.status().message()));
  return servers;
}

}  // namespace usher::livekit
