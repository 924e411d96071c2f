// Who a participant of LiveKit is to usher, and what they may do there.
#pragma once

#include <common/permissions.pb.h>
#include <deploy/engines/livekit/livekit_protocol.pb.h>
#include <usher/engine/v1/engine.pb.h>

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace usher::livekit {

// Somebody who came with a token that usher made, as it says.
struct Visitor {
  std::string company;
  ::usher::engine::v1::Person person;
  std::string display_name;
  absl::Time issued;   // when the token was made
  absl::Time expires;  // when it ends

  const std::string& user() const { return person.user_id(); }
};

// Nothing for whoever did not come with such a token.
std::optional<Visitor> VisitorOf(const wire::Participant& participant);

// False for what is no person with a client: agents, recorders, telephones.
bool IsPerson(const wire::Participant& participant);

// What LiveKit is told that somebody with these rights may do; with none, nothing.
wire::Permission PermissionOf(const ::common::Permissions& rights);

// Whether the two say the same, as far as this adapter gives permissions.
bool IsSame(const wire::Permission& a, const wire::Permission& b);

// Whether somebody with it only watches.
bool IsSpectator(const wire::Permission& permission);

}  // namespace usher::livekit
