#include "common/text/text_rules.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/printable.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::text {
namespace {

constexpr size_t kLongestEmail = 254;

// Whoever sends a text of megabytes pays for it alone: what has more bytes than any such text is
// refused before it is trimmed, counted or folded. Bytes: four a character at most (RFC 3629,
// section 3), and as much again for blanks around the text.
size_t MostBytesOf(size_t characters) { return 8 * characters; }
size_t MostBytesOfName() { return MostBytesOf(TheLimits().longest_name); }

// Left-to-right and right-to-left marks, embeddings and isolates: a name with them can pose as
// another.
bool TurnsDirection(utf8proc_int32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool IsRefused(utf8proc_int32_t c) {
  const utf8proc_category_t category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CS ||
         category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP || TurnsDirection(c);
}

// What a text may hold besides what every name may.
using Besides = bool (*)(utf8proc_int32_t);
bool Nothing(utf8proc_int32_t) { return false; }
// Ends of lines, tabulators, and the marks of single characters' direction.
bool WhatProseHas(utf8proc_int32_t c) {
  return c == '\n' || c == '\r' || c == '\t' || c == 0x061c || c == 0x200e || c == 0x200f;
}

struct Content {
  size_t characters = 0;
  size_t invisible = 0;  // of them
  size_t spaces = 0;     // U+0020, of those
};

// PROTOCOL_ERROR when there is a character that no such text can have.
absl::StatusOr<Content> Look(absl::string_view field, absl::string_view text,
                             Besides besides = Nothing) {
  Content content;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (character.code_point < 0) return FieldMalformed(field, "is not valid UTF-8");
    if (IsRefused(character.code_point) && !besides(character.code_point)) {
      return FieldMalformed(field, "has a control character");
    }
    ++content.characters;
    if (IsInvisible(character.code_point)) ++content.invisible;
    if (character.code_point == ' ') ++content.spaces;
    text.remove_prefix(character.bytes);
  }
  return content;
}

absl::string_view Trim(absl::string_view text) {
  size_t begin = text.size();
  size_t end = 0;
  for (size_t at = 0; at < text.size();) {
    const Character character = FirstCharacter(text.substr(at));
    if (!IsWhiteSpace(character.code_point)) {
      begin = std::min(begin, at);
      end = at + character.bytes;
    }
    at += character.bytes;
  }
  return begin < end ? text.substr(begin, end - begin) : absl::string_view();
}

absl::StatusOr<std::string> Read(absl::string_view field, absl::string_view raw, bool identifies) {
  if (raw.size() > MostBytesOfName()) return FieldTooLong(field, TheLimits().longest_name);
  const absl::string_view trimmed = Trim(raw);
  ASSIGN_OR_RETURN(const Content content, Look(field, trimmed));
  if (content.characters > TheLimits().longest_name) {
    return FieldTooLong(field, TheLimits().longest_name);
  }
  if (content.characters > 0 && content.invisible == content.characters) {
    return FieldMalformed(field, "has no character that can be seen");
  }
  if (identifies && content.invisible > content.spaces) {
    return FieldMalformed(field, "has a character that cannot be seen");
  }
  return std::string(trimmed);
}

std::string Map(absl::string_view text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

absl::Status CheckEntryCount(absl::string_view field, size_t count) {
  const size_t most = TheLimits().most_metadata;
  return count > most ? FieldTooLong(absl::StrCat(field, " (entries)"), most) : absl::OkStatus();
}

bool HasNul(absl::string_view text) { return text.find('\0') != absl::string_view::npos; }

}  // namespace

absl::StatusOr<std::string> OptionalName(absl::string_view field, absl::string_view raw) {
  return Read(field, raw, false);
}

absl::StatusOr<std::string> Name(absl::string_view field, absl::string_view raw) {
  ASSIGN_OR_RETURN(std::string name, Read(field, raw, false));
  if (name.empty()) return FieldMissing(field);
  return name;
}

absl::StatusOr<std::string> Identifier(absl::string_view field, absl::string_view raw) {
  ASSIGN_OR_RETURN(std::string name, Read(field, raw, true));
  if (name.empty()) return FieldMissing(field);
  return name;
}

absl::StatusOr<std::string> OptionalEmail(absl::string_view field, absl::string_view raw) {
  ASSIGN_OR_RETURN(std::string email, Read(field, raw, true));
  if (email.empty()) return email;
  if (email.size() > kLongestEmail) return FieldTooLong(field, kLongestEmail);
  const size_t at = email.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == email.size() ||
      email.find('@', at + 1) != std::string::npos ||
      email.find_first_of(" \t,;<>()[]\\\"") != std::string::npos) {
    return FieldMalformed(field, "is not an e-mail address");
  }
  return email;
}

absl::StatusOr<std::string> Prose(absl::string_view field, absl::string_view raw, size_t longest) {
  if (raw.size() > MostBytesOf(longest)) return FieldTooLong(field, longest);
  const absl::string_view trimmed = Trim(raw);
  if (trimmed.empty()) return FieldMissing(field);
  ASSIGN_OR_RETURN(const Content content, Look(field, trimmed, WhatProseHas));
  if (content.characters > longest) return FieldTooLong(field, longest);
  if (content.invisible == content.characters) {
    return FieldMalformed(field, "has no character that can be seen");
  }
  return std::string(trimmed);
}

absl::Status CheckCount(absl::string_view field, int count) {
  const size_t most = TheLimits().most_ids;
  return static_cast<size_t>(count) > most ? FieldTooLong(field, most) : absl::OkStatus();
}

absl::Status CheckSecret(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  if (raw.size() > TheLimits().longest_secret) {
    return FieldTooLong(field, TheLimits().longest_secret);
  }
  if (HasNul(raw)) return FieldMalformed(field, "has a NUL character");
  return absl::OkStatus();
}

absl::Status CheckMetadata(absl::string_view field, const Metadata& metadata) {
  const Limits& limits = TheLimits();
  RETURN_IF_ERROR(CheckEntryCount(field, metadata.size()));
  size_t total = 0;
  for (const auto& [key, value] : metadata) total += key.size() + value.size();
  if (total > limits.largest_metadata) return FieldTooLong(field, limits.largest_metadata);
  return absl::OkStatus();
}

absl::StatusOr<Metadata> MetadataFromWire(absl::string_view field, const WireMetadata& wire) {
  const Limits& limits = TheLimits();
  RETURN_IF_ERROR(CheckEntryCount(field, wire.size()));
  Metadata metadata;
  for (const auto& [key, value] : wire) {
    if (key.empty()) return FieldMalformed(field, "has an entry without a key");
    if (key.size() > limits.longest_metadata_key) {
      return FieldTooLong(absl::StrCat(field, " (key)"), limits.longest_metadata_key);
    }
    if (value.size() > limits.longest_metadata_value) {
      return FieldTooLong(absl::StrCat(field, " (value)"), limits.longest_metadata_value);
    }
    if (HasNul(key) || HasNul(value)) return FieldMalformed(field, "has a NUL character");
    metadata.emplace(key, value);
  }
  RETURN_IF_ERROR(CheckMetadata(field, metadata));
  return metadata;
}

Metadata MergeMetadata(Metadata current, const Metadata& change) {
  for (const auto& [key, value] : change) {
    if (value.empty()) {
      current.erase(key);
    } else {
      current[key] = value;
    }
  }
  return current;
}

absl::string_view Beginning(absl::string_view text, size_t most) {
  if (text.size() <= most) return text;
  // The later bytes of a character begin with the bits 10 (RFC 3629, section 3).
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

std::string Fold(absl::string_view name) {
  if (name.size() > MostBytesOfName()) return std::string(name);
  // Folding can decompose, so that composing comes last (Unicode 15, section 3.13, D145).
  return Map(Map(name, UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD), UTF8PROC_COMPOSE);
}

std::string Slug(absl::string_view display_name) {
  constexpr size_t kLongestSlug = 63;
  std::string slug;
  if (display_name.size() > MostBytesOfName()) return slug;
  bool gap = false;
  for (const char c : Map(display_name, UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                            UTF8PROC_STRIPMARK)) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isalnum(byte)) {
      gap = true;
      continue;
    }
    if (gap && !slug.empty()) slug.push_back('-');
    gap = false;
    slug.push_back(absl::ascii_tolower(byte));  // compatibility forms have capital letters
  }
  slug.resize(std::min(slug.size(), kLongestSlug));
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

}  // namespace usher::text
