// The form of text that people give: checked once, at the edge, within TheLimits(). Backed by
// utf8proc. The size in bytes is looked at before anything else: a text of megabytes costs no more
// than a short one.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/limits.h"
#include "google/protobuf/map.h"

namespace usher::text {

using Metadata = std::map<std::string, std::string>;
using WireMetadata = ::google::protobuf::Map<std::string, std::string>;

// A display name: trimmed of Unicode's white space, otherwise as written. REQUEST_EMPTY when
// nothing is left, MAX_SIZE_EXCEEDED beyond the limit, PROTOCOL_ERROR for control characters, NUL,
// invalid UTF-8 and characters that turn the direction of text around, and where nothing can be
// seen (base/printable.h).
absl::StatusOr<std::string> Name(absl::string_view field, absl::string_view raw);

// A name that tells one thing from another, as it is given to it: a Name in which nothing is
// invisible but plain spaces, else PROTOCOL_ERROR. What looks up by such a name takes a Name, as
// older releases were less strict.
absl::StatusOr<std::string> Identifier(absl::string_view field, absl::string_view raw);

// A Name where "" is allowed and means "none".
absl::StatusOr<std::string> OptionalName(absl::string_view field, absl::string_view raw);

// An e-mail address: an Identifier or nothing, with one @ and something around it, at most 254
// bytes (RFC 5321).
absl::StatusOr<std::string> OptionalEmail(absl::string_view field, absl::string_view raw);

// What people write to each other, of up to `longest` characters: trimmed, otherwise as written.
// Like a Name, but lines may end and be indented, and marks may say in which direction a neighbour
// is written: nothing poses as another thing by them here. REQUEST_EMPTY, MAX_SIZE_EXCEEDED and
// PROTOCOL_ERROR as for names.
absl::StatusOr<std::string> Prose(absl::string_view field, absl::string_view raw, size_t longest);

// A list of IDs in a request: MAX_SIZE_EXCEEDED when there are too many.
absl::Status CheckCount(absl::string_view field, int count);

// Checks a secret's length in bytes and that it holds no NUL. REQUEST_EMPTY, MAX_SIZE_EXCEEDED,
// PROTOCOL_ERROR.
absl::Status CheckSecret(absl::string_view field, absl::string_view raw);

// Metadata within the limits; values may be empty (which deletes the entry in an update).
absl::StatusOr<Metadata> MetadataFromWire(absl::string_view field, const WireMetadata& wire);

// The same for what an update leaves behind: the limits hold for the result as well.
absl::Status CheckMetadata(absl::string_view field, const Metadata& metadata);

// Entries of `change` over `current`: an empty value deletes.
Metadata MergeMetadata(Metadata current, const Metadata& change);

// How a text begins: not more than `most` bytes, and no part of a character.
absl::string_view Beginning(absl::string_view text, size_t most);

// NFC and case-folded: what names are compared by. `name` is valid UTF-8. One that is longer than
// any name comes back as it is: it is equal to nothing that is kept.
std::string Fold(absl::string_view name);

// The company ID that a display name gets: case-folded (the German sharp s is ss), NFKD, without
// marks, runs of [a-z0-9] joined by '-', cut at 63 characters. May be too short to be an ID
// (IsCompanySlug); empty for what is longer than any name.
std::string Slug(absl::string_view display_name);

}  // namespace usher::text
