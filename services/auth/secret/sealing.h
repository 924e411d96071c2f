// What is kept sealed: stored secrets, links in mails.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/secret.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

// XChaCha20-Poly1305 under the keys of the pepper: the newest seals, all open. A seal holds for
// what it was bound to, so that rows cannot be exchanged. Thread-safe.
class Sealing {
 public:
  // What was under a seal, and with which of the keys it was made, counted from 1.
  struct Opened {
    std::string plain;
    size_t key_id = 0;
  };

  // Under a key of its own for each key of the pepper.
  Sealing(const Pepper& pepper, absl::string_view purpose);

  // Key ID (1 byte), nonce (24), ciphertext with its tag.
  std::string Seal(absl::string_view plain, absl::string_view bound_to) const;

  // kDataLoss for what none of the keys has made, and for what was bound to something else.
  absl::StatusOr<Opened> Open(absl::string_view sealed, absl::string_view bound_to) const;

 private:
  std::vector<Secret> keys_;
};

}  // namespace usher::auth
