// Text that must not be seen: a password, a code, key bytes.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace usher {

// Wipes its memory when it ends, cannot be printed or logged, and is compared in constant time.
// Moving leaves nothing behind in the source.
class Secret {
 public:
  Secret() = default;
  explicit Secret(absl::string_view text);
  Secret(const Secret& other);
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The bytes themselves; do not copy them into anything that outlives the call.
  absl::string_view Reveal() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // Takes as long for a near miss as for a far one; only the length may be learned.
  bool EqualsConstantTime(absl::string_view other) const;

  // `size` random bytes.
  static Secret Random(size_t size);

 private:
  void Wipe();
  std::string bytes_;
};

// Overwrites `text` and empties it: for protobuf strings that carried a secret.
void WipeText(std::string& text);

// base64url without padding (RFC 4648, section 5).
std::string Base64Url(absl::string_view bytes);

}  // namespace usher
