#include "common/token/envelope.h"

#include <algorithm>

namespace usher::token {
namespace {

constexpr absl::string_view kLabel = "usher.token.v1";

void AppendLength(uint64_t length, std::string* out) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<char>((length >> (8 * i)) & 0xff));
}

void AppendPiece(absl::string_view piece, std::string* out) {
  AppendLength(piece.size(), out);
  out->append(piece.data(), piece.size());
}

}  // namespace

std::optional<Envelope> Split(absl::string_view token) {
  if (token.size() <= kHeaderSize + kSignatureSize || token.size() > kLargestToken ||
      token[0] != kVersion) {
    return std::nullopt;
  }
  Envelope envelope;
  envelope.header = token.substr(0, kHeaderSize);
  std::copy(token.begin() + 1, token.begin() + kHeaderSize, envelope.key_id.begin());
  envelope.signature = token.substr(kHeaderSize, kSignatureSize);
  envelope.payload = token.substr(kHeaderSize + kSignatureSize);
  return envelope;
}

std::string SignedBytes(absl::string_view header, absl::string_view payload) {
  std::string bytes;
  bytes.reserve(8 * 4 + kLabel.size() + header.size() + payload.size());
  AppendLength(3, &bytes);
  AppendPiece(kLabel, &bytes);
  AppendPiece(header, &bytes);
  AppendPiece(payload, &bytes);
  return bytes;
}

}  // namespace usher::token
