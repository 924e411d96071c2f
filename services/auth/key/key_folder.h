// The folder of signing keys, read again while it is in use.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/token/key_file.h"

namespace usher::auth {

struct SigningKeys {
  std::vector<token::SigningKey> active;  // ordered by not_before
  std::map<token::KeyId, token::PublicKey> retired;
};

// For one thread at a time.
class KeyFolder {
 public:
  // kInvalidArgument, with one line that names the file, where a file (*.key, *.retired) is broken
  // or no *.key is there.
  static absl::StatusOr<KeyFolder> Open(std::string folder);

  const SigningKeys& keys() const { return keys_; }

  // Looks at the folder again. Each file counts by itself: one that came, was renamed or has gone
  // is taken for what it is now, and one that is broken or half written for what it was before.
  // Where nothing would be left to sign with, all stays as it was. Says what could not be taken, in
  // one line for a person; empty: nothing.
  std::string ReadAgain();

 private:
  struct File {
    std::string state;  // when it was last looked at
    std::optional<token::SigningKey> key;
    std::string fault;
  };
  // The path of each, the names of which have one of the two endings.
  using Files = std::map<std::string, File>;

  explicit KeyFolder(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::vector<std::string>> List() const;
  // Forgets files that are not there any more, and reads those that have changed.
  absl::Status Read();
  // The first one of a file; empty: none.
  std::string Fault() const;
  SigningKeys KeysOfFiles() const;

  std::string folder_;
  Files files_;
  SigningKeys keys_;
};

}  // namespace usher::auth
