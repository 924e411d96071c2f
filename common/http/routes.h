// Which path is which rpc.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/rpc/gate/gate.h"

namespace usher::http {

// The paths that the protocol gives to the rpcs of a gate by the option google.api.http, with its
// additional bindings. Streams and what other services alone may call have none here. Immutable.
class Routes {
 public:
  // After the services were bound. Ends the process where two rpcs have one path, or where an
  // option says what this door cannot do (another verb than POST, a part of a request as its body,
  // messages that are no JSON).
  explicit Routes(rpc::Gate& gate);

  // Null where there is none.
  rpc::Method* Find(absl::string_view path) const;
  size_t size() const { return methods_.size(); }

 private:
  absl::flat_hash_map<std::string, rpc::Method*> methods_;
};

}  // namespace usher::http
