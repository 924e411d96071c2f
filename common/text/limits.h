// How much people may give: sizes of texts, secrets, metadata and lists (docs/contract.md,
// "Sizes").
#pragma once

#include <cstddef>

namespace usher::text {

struct Limits {
  size_t longest_name = 255;             // characters; display names, user names, e-mail addresses
  size_t longest_secret = 1024;          // bytes
  size_t shortest_password = 8;          // characters
  size_t most_metadata = 100;            // entries
  size_t longest_metadata_key = 128;     // bytes
  size_t longest_metadata_value = 4096;  // bytes
  size_t largest_metadata = 64 * 1024;   // bytes, keys and values together
  size_t most_ids = 1000;                // in one list of a request
};

// The limits of this process. The one thing in usher that is not handed from part to part: whoever
// reads a message needs them, and they are the same for all.
const Limits& TheLimits();

// Before the first thread is started (RunMain); in tests before the first use.
void SetLimits(const Limits& limits);

}  // namespace usher::text
