// What a process knows of itself, as metrics.
#pragma once

#include <memory>

#include "common/http/door.h"
#include "common/server/acceptor.h"
#include "common/server/foundation.h"
#include "common/server/metrics.h"

namespace usher::server {

// Of everything that stands in `base`, of the server's connections, and of the JSON door, which may
// be null. All of them outlive the readings.
std::shared_ptr<Readings> ReadingsOf(Foundation& base, const Acceptor& acceptor,
                                     const http::Door* json);

}  // namespace usher::server
