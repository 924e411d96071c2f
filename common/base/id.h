// The identifiers of the platform as distinct types, so that a room cannot be passed for a user.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace usher {

// A checked identifier. UserId, RoomId, ...: a UUID in its canonical form (RFC 9562: 36 characters,
// lower case). CompanyId: a slug. An empty Id means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  // The text must have been checked: by CanonicalUuid, or because it comes from our own database.
  explicit Id(std::string checked) : value_(std::move(checked)) {}

  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const Id& a, const Id& b) { return a.value_ == b.value_; }
  friend bool operator!=(const Id& a, const Id& b) { return a.value_ != b.value_; }
  friend bool operator<(const Id& a, const Id& b) { return a.value_ < b.value_; }
  template <class H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.value_);
  }

 private:
  std::string value_;
};

using UserId = Id<struct UserTag>;
using RoomId = Id<struct RoomTag>;
using SubRoomId = Id<struct SubRoomTag>;
using SessionId = Id<struct SessionTag>;
using CompanyId = Id<struct CompanyTag>;

// A new UUID of version 7 (RFC 9562, section 5.7): sorts by age, also within one millisecond of one
// process. Thread-safe.
std::string NewUuid();

// The canonical form of a UUID of any version, or nothing when `text` is not one.
std::optional<std::string> CanonicalUuid(absl::string_view text);

// True for the form of a company ID: 3 to 63 characters of [a-z0-9], runs joined by single hyphens.
bool IsCompanySlug(absl::string_view text);

}  // namespace usher
