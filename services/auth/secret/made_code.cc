#include "services/auth/secret/made_code.h"

#include <sodium.h>

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace usher::auth {
namespace {

constexpr absl::string_view kPrefix = "usher_";
constexpr absl::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr size_t kRandomSize = 43;   // characters: 256 bits
constexpr size_t kChecksumSize = 6;  // characters that hold 32 bits

// CRC-32 as in zlib and Ethernet.
uint32_t Crc32(absl::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? uint32_t{0xEDB88320} : uint32_t{0});
    }
  }
  return ~crc;
}

// The most significant digit first.
std::string ChecksumOf(absl::string_view random) {
  std::string digits(kChecksumSize, kBase62[0]);
  uint32_t rest = Crc32(random);
  for (size_t i = kChecksumSize; i > 0; --i) {
    digits[i - 1] = kBase62[rest % kBase62.size()];
    rest /= static_cast<uint32_t>(kBase62.size());
  }
  return digits;
}

}  // namespace

Secret MakeApiKey() {
  std::string random(kRandomSize, '\0');
  for (char& c : random) c = kBase62[randombytes_uniform(kBase62.size())];
  std::string text = absl::StrCat(kPrefix, random, ChecksumOf(random));
  WipeText(random);
  Secret key(text);
  WipeText(text);
  return key;
}

bool IsApiKey(absl::string_view text) {
  if (text.size() != kPrefix.size() + kRandomSize + kChecksumSize ||
      !absl::StartsWith(text, kPrefix)) {
    return false;
  }
  const absl::string_view random = text.substr(kPrefix.size(), kRandomSize);
  if (random.find_first_not_of(kBase62) != absl::string_view::npos) return false;
  return text.substr(kPrefix.size() + kRandomSize) == ChecksumOf(random);
}

Secret RandomText(size_t bytes) {
  std::string text = Base64Url(Secret::Random(bytes).Reveal());
  Secret made(text);
  WipeText(text);
  return made;
}

Secret MakeInvitationCode() { return RandomText(32); }

std::string MakeInvitationToken() { return Base64Url(Secret::Random(16).Reveal()); }

}  // namespace usher::auth
