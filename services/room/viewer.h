// Who looks at rooms, of the one who calls.
#pragma once

#include "common/access/caller.h"
#include "services/room/room.h"

namespace usher::room {

Viewer ViewerOf(const Caller& caller);

// A join token is good for its one room; to its holder, others do not exist.
bool TokenReaches(const Caller& caller, const RoomId& id);

}  // namespace usher::room
