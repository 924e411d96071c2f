// What a process knows of itself, as metrics.
#pragma once

#include <memory>

#include "common/server/acceptor.h"
#include "common/server/foundation.h"
#include "common/server/metrics.h"

namespace usher::server {

// Of everything that stands in `base`, and of the server's connections. Both outlive the readings.
std::shared_ptr<Readings> ReadingsOf(Foundation& base, const Acceptor& acceptor);

}  // namespace usher::server
