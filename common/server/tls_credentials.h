// gRPC server credentials whose certificate can be renewed while the server runs.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "common/rpc/peer/tls_files.h"

namespace usher::server {

// Every handshake takes what `files` has then; connections that are there stay. Asks clients for a
// certificate of the files' CA where there is one, and refuses those that have none.
std::shared_ptr<grpc::ServerCredentials> TlsCredentials(std::shared_ptr<rpc::TlsFiles> files);

}  // namespace usher::server
