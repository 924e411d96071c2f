#include "common/livekit/room_grants.h"

namespace usher::livekit {

RoomGrants GrantsOf(RoomRights rights) {
  RoomGrants grants;
  if (!rights.Has(RoomRight::kJoin)) return grants;
  grants.microphone = rights.Has(RoomRight::kVoice);
  grants.camera = rights.Has(RoomRight::kVideo);
  grants.screen = rights.Has(RoomRight::kScreen);
  grants.subscribe = true;
  grants.data = rights.Has(RoomRight::kChat) || rights.Has(RoomRight::kChatBroadcast);
  grants.admin = rights.Has(RoomRight::kAdmin);
  return grants;
}

std::vector<absl::string_view> PublishSources(const RoomGrants& grants) {
  std::vector<absl::string_view> sources;
  if (grants.camera) sources.emplace_back("camera");
  if (grants.microphone) sources.emplace_back("microphone");
  if (grants.screen) {
    sources.emplace_back("screen_share");
    sources.emplace_back("screen_share_audio");
  }
  return sources;
}

}  // namespace usher::livekit
