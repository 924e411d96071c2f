// The bytes around a token's payload: 0x01 | key ID (8) | Ed25519 signature (64) | payload.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace usher::token {

inline constexpr char kVersion = 0x01;
inline constexpr size_t kKeyIdSize = 8;
inline constexpr size_t kHeaderSize = 1 + kKeyIdSize;
inline constexpr size_t kSignatureSize = 64;
inline constexpr size_t kPublicKeySize = 32;
inline constexpr size_t kLargestToken = 4096;

using KeyId = std::array<uint8_t, kKeyIdSize>;
using PublicKey = std::array<uint8_t, kPublicKeySize>;

// Views into the token that was split; valid as long as its bytes are.
struct Envelope {
  absl::string_view header;
  KeyId key_id;
  absl::string_view signature;
  absl::string_view payload;
};

// Nothing when the bytes are too short, too long, or of another version.
std::optional<Envelope> Split(absl::string_view token);

// What the signature covers: label, header and payload, each behind its length, so that no byte can
// move from one to the next (PASETO's pre-authentication encoding).
std::string SignedBytes(absl::string_view header, absl::string_view payload);

}  // namespace usher::token
