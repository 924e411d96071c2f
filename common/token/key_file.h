// Signing keys on disk. Only auth has them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/secret.h"
#include "common/token/envelope.h"

namespace usher::token {

struct SigningKey {
  KeyId key_id{};
  absl::Time not_before;  // the signer leaves it alone until then
  PublicKey public_key{};
  Secret secret_key;  // 64 bytes, libsodium's form (seed and public key)
};

// A new key for use from `not_before` on; its ID is random and tells nothing about it.
SigningKey MakeSigningKey(absl::Time not_before);

// The key of a 32-byte seed (RFC 8032); for test vectors and for LoadSigningKey.
SigningKey SigningKeyFromSeed(const KeyId& key_id, absl::Time not_before, const Secret& seed);

// Writes one key file (mode 0600, four lines; docs/token.md). kAlreadyExists when there is one.
absl::Status WriteSigningKey(const SigningKey& key, const std::string& path);

// kInvalidArgument with the reason when the file is no key file, kPermissionDenied when others than
// its owner may read it.
absl::StatusOr<SigningKey> LoadSigningKey(const std::string& path);

// All *.key files of a folder, ordered by not_before. kNotFound when there is none.
absl::StatusOr<std::vector<SigningKey>> LoadSigningKeys(const std::string& folder);

// Writes a file that its owner alone may read, to the disk. kAlreadyExists when there is one.
absl::Status CreateSecretFile(const std::string& path, const Secret& content);

// Puts `content` in the place of the file at once: nobody ever reads half of it. Its owner stays.
// kUnavailable, and the file is as it was.
absl::Status ReplaceSecretFile(const std::string& path, const Secret& content);

// Reads a file with something secret in it, refusing one that others than its owner may read.
// Trailing line ends are cut.
absl::StatusOr<Secret> LoadSecretFile(const std::string& path);

}  // namespace usher::token
