#include "deploy/engines/livekit/visitor.h"

#include <set>

#include "absl/strings/ascii.h"
#include "common/base/id.h"
#include "common/base/printable.h"
#include "common/http/json_reader.h"
#include "common/livekit/room_grants.h"
#include "common/permission/permission_wire.h"

namespace usher::livekit {
namespace {

constexpr size_t kLongestMetadata = 4096;    // bytes
constexpr size_t kLongestDisplayName = 255;  // characters, which are no fewer bytes

std::set<std::string> SourcesOf(const wire::Permission& permission) {
  return {permission.can_publish_sources().begin(), permission.can_publish_sources().end()};
}

}  // namespace

std::optional<Visitor> VisitorOf(const wire::Participant& participant) {
  wire::VisitorMetadata metadata;
  if (!IsPerson(participant) || CanonicalUuid(participant.identity()) != participant.identity() ||
      participant.metadata().size() > kLongestMetadata ||
      !http::ReadJson(participant.metadata(), &metadata).ok() || metadata.company().empty() ||
      metadata.issued() <= 0) {
    return std::nullopt;
  }
  Visitor visitor;
  visitor.company = metadata.company();
  visitor.person.set_user_id(participant.identity());
  visitor.person.set_guest(metadata.guest());
  visitor.person.set_base_permissions_id(metadata.basepermissionsid());
  visitor.person.set_room_admin(metadata.roomadmin());
  visitor.display_name = PrintableOf(participant.name(), kLongestDisplayName);
  visitor.issued = absl::FromUnixSeconds(metadata.issued());
  visitor.expires = absl::FromUnixSeconds(metadata.expires());
  return visitor;
}

bool IsPerson(const wire::Participant& participant) {
  return participant.kind().empty() || participant.kind() == "STANDARD";
}

wire::Permission PermissionOf(const ::common::Permissions& rights) {
  const RoomGrants grants = GrantsOf(RoomRightsFromWire(rights));
  wire::Permission permission;
  permission.set_can_subscribe(grants.subscribe);
  permission.set_can_publish_data(grants.data);
  for (const absl::string_view source : PublishSources(grants)) {
    permission.add_can_publish_sources(absl::AsciiStrToUpper(source));
  }
  permission.set_can_publish(permission.can_publish_sources_size() > 0);
  return permission;
}

bool IsSame(const wire::Permission& a, const wire::Permission& b) {
  return a.can_subscribe() == b.can_subscribe() && a.can_publish() == b.can_publish() &&
         a.can_publish_data() == b.can_publish_data() && SourcesOf(a) == SourcesOf(b) &&
         a.hidden() == b.hidden() && a.can_update_metadata() == b.can_update_metadata();
}

bool IsSpectator(const wire::Permission& permission) { return !permission.can_publish(); }

}  // namespace usher::livekit
