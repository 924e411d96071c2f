// What an operator does with keys: usher-auth --keys, --add_key, --retire_key ID, --add_pepper.
#pragma once

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace usher::auth {

// Where the keys are, and what the tokens that they sign are like.
struct KeyPlaces {
  std::string signing_keys;  // folder
  std::string pepper;        // file
  absl::Duration access_lifetime;
};

// Each writes what it has done, and what comes next, for a person. They change files alone, whole
// ones: servers that run take them over by themselves (key_watch.h). kInvalidArgument where a file
// is broken; with any error nothing was changed.

// A line for each key.
absl::Status ListKeys(const KeyPlaces& places, absl::Time now, std::ostream& to);

// A new signing key, which signs from `now` + `ahead` on.
absl::Status AddSigningKey(const KeyPlaces& places, absl::Time now, absl::Duration ahead,
                           std::ostream& to);

// From then on what the key has signed is refused. kFailedPrecondition where no other one would
// sign, and, unless it is `compromised`, while tokens of it are good. kNotFound.
absl::Status RetireSigningKey(const KeyPlaces& places, absl::Time now, const std::string& id,
                              bool compromised, std::ostream& to);

// A new key of the pepper, which seals from `now` + `ahead` on.
absl::Status AddPepperKey(const KeyPlaces& places, absl::Time now, absl::Duration ahead,
                          std::ostream& to);

// Whether one of the four flags was given; and does what they say.
bool KeyCommandGiven();
absl::Status RunKeyCommand(const KeyPlaces& places);

}  // namespace usher::auth
