// Names, addresses, IDs and secrets as people give them.
#include <string>

#include "absl/strings/ascii.h"
#include "common/base/id.h"
#include "common/base/printable.h"
#include "common/rpc/id_wire.h"
#include "common/text/text_rules.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const absl::string_view raw = fuzz::Text(data, size);
  if (const auto name = text::Name("name", raw); name.ok()) {
    fuzz::Require(!name->empty(), "a name is not empty");
    fuzz::Require(!IsWhiteSpace(FirstCharacter(*name).code_point), "a name is trimmed");
    const auto again = text::Name("name", *name);
    fuzz::Require(again.ok() && *again == *name, "a name that was taken is taken as it is");
    const std::string folded = text::Fold(*name);
    fuzz::Require(text::Fold(folded) == folded, "what is compared by is compared as it is");
    const std::string slug = text::Slug(*name);
    fuzz::Require(slug.size() <= 63, "a slug is short");
    for (const char c : slug) {
      fuzz::Require(absl::ascii_islower(static_cast<unsigned char>(c)) ||
                        absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-',
                    "a slug is made of a-z, 0-9 and -");
    }
    fuzz::Require(text::Slug(slug) == slug, "a slug is its own slug");
  }
  if (const auto name = text::Identifier("name", raw); name.ok()) {
    fuzz::Require(text::Name("name", raw).ok() && *text::Name("name", raw) == *name,
                  "what identifies is a name");
    for (absl::string_view left = *name; !left.empty();) {
      const Character character = FirstCharacter(left);
      fuzz::Require(character.code_point == ' ' || !IsInvisible(character.code_point),
                    "what identifies can be seen");
      left.remove_prefix(character.bytes);
    }
  }
  if (const auto email = text::OptionalEmail("email", raw); email.ok() && !email->empty()) {
    fuzz::Require(email->find('@') != std::string::npos, "an address has an @");
    fuzz::Require(text::Identifier("email", raw).ok(), "an address identifies");
    fuzz::Require(email->size() <= 254, "an address is short");
  }
  if (const auto name = text::OptionalName("name", raw); name.ok() && !name->empty()) {
    fuzz::Require(text::Name("name", raw).ok(), "an optional name is a name or none");
  }
  if (text::CheckSecret("secret", raw).ok()) {
    fuzz::Require(raw.find('\0') == absl::string_view::npos, "a secret holds no NUL");
  }
  if (const auto id = ParseUserId("userId", raw); id.ok()) {
    const auto again = ParseUserId("userId", id->value());
    fuzz::Require(again.ok() && *again == *id, "an ID is its own spelling");
  }
  text::WireMetadata metadata;
  const size_t half = size / 2;
  metadata[std::string(raw.substr(0, half))] = std::string(raw.substr(half));
  if (const auto taken = text::MetadataFromWire("metadata", metadata); taken.ok()) {
    fuzz::Require(text::CheckMetadata("metadata", text::MergeMetadata({}, *taken)).ok(),
                  "metadata that was taken may be kept");
  }
  return 0;
}
