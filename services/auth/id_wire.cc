#include "services/auth/id_wire.h"

#include <optional>

#include "common/status/reply_error.h"

namespace usher::auth {

absl::StatusOr<UserId> UserIdFromWire(absl::string_view field, const std::string& raw) {
  if (raw.empty()) return FieldMissing(field);
  const std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return UserIdInvalid(field, raw);
  return UserId(*id);
}

absl::StatusOr<RoomId> RoomIdFromWire(absl::string_view field, const std::string& raw) {
  if (raw.empty()) return FieldMissing(field);
  const std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return RoomIdInvalid(field, raw);
  return RoomId(*id);
}

absl::StatusOr<CompanyId> CompanyIdFromWire(absl::string_view field, const std::string& raw) {
  if (raw.empty()) return FieldMissing(field);
  if (!IsCompanySlug(raw)) return FieldMalformed(field, "is not a company ID");
  return CompanyId(raw);
}

}  // namespace usher::auth
