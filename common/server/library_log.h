// What gRPC and protobuf have to say, as lines of our log.
#pragma once

namespace usher::server {

// Takes over the logs of both: each of their lines becomes a warning of ours, at most ten a second,
// and the next one says how many were left out. Clients cause some of them, by bytes that do not
// parse, so that they are not errors of ours. Once, before the first server or channel.
void LogLibraries();

}  // namespace usher::server
