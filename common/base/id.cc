#include "common/base/id.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

// Milliseconds in the upper 48 bits, a counter in the lower 12: RFC 9562 section 6.2, method 1.
uint64_t NextTick() {
  static std::mutex mutex;
  static uint64_t last = 0;
  const uint64_t now = static_cast<uint64_t>(absl::ToUnixMillis(absl::Now())) << 12;
  const std::lock_guard<std::mutex> lock(mutex);
  last = now > last ? now : last + 1;
  return last;
}

}  // namespace

std::string NewUuid() {
  std::array<uint8_t, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  const uint64_t tick = NextTick();
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(tick >> (12 + 8 * (5 - i)));
  bytes[6] = static_cast<uint8_t>(0x70 | ((tick >> 8) & 0x0f));
  bytes[7] = static_cast<uint8_t>(tick & 0xff);
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3f));

  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHexDigits[bytes[i] >> 4]);
    text.push_back(kHexDigits[bytes[i] & 0x0f]);
  }
  return text;
}

std::optional<std::string> CanonicalUuid(absl::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string canonical(text);
  for (size_t i = 0; i < canonical.size(); ++i) {
    const bool hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen_place != (canonical[i] == '-')) return std::nullopt;
    if (hyphen_place) continue;
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(canonical[i]))) return std::nullopt;
    canonical[i] = absl::ascii_tolower(static_cast<unsigned char>(canonical[i]));
  }
  return canonical;
}

bool IsCompanySlug(absl::string_view text) {
  if (text.size() < 3 || text.size() > 63) return false;
  bool after_hyphen = true;  // a leading hyphen is refused like a double one
  for (const char c : text) {
    if (c == '-') {
      if (after_hyphen) return false;
      after_hyphen = true;
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
               absl::ascii_islower(static_cast<unsigned char>(c))) {
      after_hyphen = false;
    } else {
      return false;
    }
  }
  return !after_hyphen;
}

}  // namespace usher
