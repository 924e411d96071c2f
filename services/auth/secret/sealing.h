// What is kept sealed: stored secrets, links in mails.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

// XChaCha20-Poly1305 under the keys of the pepper: one of them seals, all open (pepper.h). A seal
// holds for what it was bound to, so that rows cannot be exchanged. Thread-safe.
class Sealing {
 public:
  // What was under a seal, and with which of the keys it was made, counted from 1.
  struct Opened {
    std::string plain;
    size_t key_id = 0;
  };

  // Under a key of its own for each key of the pepper, also of those that come later.
  Sealing(Pepper pepper, absl::string_view purpose)
      : pepper_(std::move(pepper)), purpose_(purpose) {}

  // Key ID (1 byte), nonce (24), ciphertext with its tag. By the key that seals now, or by the one
  // that is named.
  std::string Seal(absl::string_view plain, absl::string_view bound_to) const {
    return SealBy(pepper_.sealing(), plain, bound_to);
  }
  std::string SealBy(size_t key_id, absl::string_view plain, absl::string_view bound_to) const;

  // kDataLoss for what none of the keys has made, and for what was bound to something else.
  absl::StatusOr<Opened> Open(absl::string_view sealed, absl::string_view bound_to) const;

 private:
  const Pepper pepper_;
  const std::string purpose_;
};

}  // namespace usher::auth
