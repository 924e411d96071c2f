// Which LiveKit server carries the sound and pictures of which company's rooms, as the file
// --livekit says (proto/usher/config/v1/livekit.proto).
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/id.h"
#include "common/base/secret.h"

namespace usher::livekit {

struct Server {
  std::string url;  // where clients find it, without a slash at its end
  std::string api_key;
  Secret api_secret;
  bool grants_in_token = false;  // else the adapter gives them
  bool admin_tokens = false;     // tokens of administrators are keys to the server API
  // The adapter's alone, which checks them: as they stand there.
  std::string api_url;
  std::string client_id;
  std::string code_file;
  std::string engine_id;
};

using Servers = std::map<CompanyId, Server>;

// Of a text; reads the files that it names. kInvalidArgument with one line for a person, which has
// the place ("3:7: ...") or the company ("LiveKit server of acme: ...").
absl::StatusOr<Servers> ParseServers(const std::string& text);

// Of a file. kInvalidArgument that begins with its name.
absl::StatusOr<Servers> LoadServers(const std::string& path);

}  // namespace usher::livekit
