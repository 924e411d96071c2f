#include "common/livekit/room_token.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/http/json_writer.h"
#include "common/livekit/room_grants.h"
#include "common/text/limits.h"
#include "common/text/text_rules.h"
#include "common/token/hs256_jwt.h"

namespace usher::livekit {
namespace {

using http::JsonString;

absl::string_view Bool(bool value) { return value ? "true" : "false"; }

// Bytes. LiveKit's own limit (max_participant_name_length), beyond which it changes nothing of
// them; and usher's, since an engine reports the name, and one that is too long refuses a whole
// report.
size_t LongestName() { return std::min<size_t>(256, text::TheLimits().longest_name); }

std::string MetadataOf(const Admission& admission) {
  const bool spectator = PublishSources(GrantsOf(admission.rights)).empty();
  return absl::StrCat(R"({"company":)", JsonString(admission.company.value()), R"(,"guest":)",
                      Bool(admission.guest), R"(,"basePermissionsId":)",
                      JsonString(admission.base_permissions_id.value()), R"(,"roomAdmin":)",
                      Bool(admission.room_admin), R"(,"spectator":)", Bool(spectator),
                      R"(,"issued":)", absl::ToUnixSeconds(admission.issued_at), R"(,"expires":)",
                      absl::ToUnixSeconds(admission.expires_at), "}");
}

// What is left out is allowed to LiveKit: all is said.
std::string VideoGrant(const RoomId& room, const RoomGrants& grants) {
  std::vector<std::string> sources;
  for (const absl::string_view source : PublishSources(grants))
    sources.push_back(JsonString(source));
  return absl::StrCat(R"({"room":)", JsonString(room.value()), R"(,"roomJoin":true,"canPublish":)",
                      Bool(!sources.empty()), R"(,"canPublishSources":[)",
                      absl::StrJoin(sources, ","), R"(],"canSubscribe":)", Bool(grants.subscribe),
                      R"(,"canPublishData":)", Bool(grants.data),
                      R"(,"canUpdateOwnMetadata":false,"roomAdmin":)", Bool(grants.admin), "}");
}

}  // namespace

std::string RoomTokenClaims(const Server& server, const std::string& token_id,
                            const Admission& admission) {
  const RoomGrants held = GrantsOf(admission.rights);
  RoomGrants told = server.grants_in_token ? held : RoomGrants();
  told.admin = server.admin_tokens && held.admin;
  return absl::StrCat(
      R"({"iss":)", JsonString(server.api_key), R"(,"sub":)", JsonString(admission.user.value()),
      R"(,"jti":)", JsonString(token_id), R"(,"nbf":)", absl::ToUnixSeconds(admission.issued_at),
      R"(,"exp":)", absl::ToUnixSeconds(admission.expires_at), R"(,"name":)",
      JsonString(text::Beginning(admission.display_name, LongestName())), R"(,"metadata":)",
      JsonString(MetadataOf(admission)), R"(,"video":)", VideoGrant(admission.room, told), "}");
}

std::string RoomToken(const Server& server, const Admission& admission) {
  return token::SignHs256(RoomTokenClaims(server, NewUuid(), admission), server.api_secret);
}

}  // namespace usher::livekit
