// Whether the database ended a connection while nobody used it.
#pragma once

#include <poll.h>

namespace usher::db {

// To be asked before anything is sent, so that a database that was started anew is no error of the
// next call. Unasked, PostgreSQL says goodbye and little else (notices of a changed setting, after
// which a new connection is right as well).
inline bool SaidGoodbye(int socket) {
  pollfd unasked{socket, POLLIN, 0};
  return poll(&unasked, 1, 0) != 0;
}

}  // namespace usher::db
