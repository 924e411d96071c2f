// Texts as libsodium takes them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace usher::auth {

inline const unsigned char* SodiumBytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* SodiumBytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace usher::auth
