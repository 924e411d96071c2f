#include "common/base/secret.h"

#include <sodium.h>

#include <utility>

#include "absl/strings/escaping.h"

namespace usher {

Secret::Secret(absl::string_view text) : bytes_(text) {}

Secret::Secret(const Secret& other) = default;

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    Wipe();
    bytes_ = other.bytes_;
  }
  return *this;
}

// Copies and wipes: a moved-from short string keeps its characters in place.
Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.Wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = other.bytes_;
    other.Wipe();
  }
  return *this;
}

Secret::~Secret() { Wipe(); }

bool Secret::EqualsConstantTime(absl::string_view other) const {
  return bytes_.size() == other.size() &&
         sodium_memcmp(bytes_.data(), other.data(), bytes_.size()) == 0;
}

Secret Secret::Random(size_t size) {
  Secret secret;
  secret.bytes_.resize(size);
  randombytes_buf(secret.bytes_.data(), size);
  return secret;
}

void Secret::Wipe() { WipeText(bytes_); }

void WipeText(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

std::string Base64Url(absl::string_view bytes) {
  std::string text = absl::WebSafeBase64Escape(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

}  // namespace usher
