// What a fuzz target holds the code against, beyond that it does not crash.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"

namespace usher::fuzz {

// Ends the program, which libFuzzer reports together with the input, where it does not hold.
inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

inline absl::string_view Text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace usher::fuzz

// libFuzzer calls it with every input; 0 says that it may be kept.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
