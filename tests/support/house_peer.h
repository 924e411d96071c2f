// Asking a server of the house as another of its servers does: for the contracts of ports.
#pragma once

#include <string>

#include "common/rpc/peer/peer.h"
#include "tests/support/a_caller.h"
#include "tests/support/file_content.h"
#include "tests/support/house.h"

namespace usher {

// The certificate that the house gave to `service`.
inline rpc::InternalTls CertificateOf(const House& house, const std::string& service) {
  const auto content = [&house](const std::string& file) {
    return FileContent(house.CertificateFolder() + file);
  };
  return {content("ca.pem"), content(service + ".pem"), content(service + ".key")};
}

// The caller with a token that all servers of the house take.
inline Caller SignedBy(const House& house, ACaller caller) {
  return caller.WithTokenBytes(house.Sign(caller.Build().token()));
}

}  // namespace usher
