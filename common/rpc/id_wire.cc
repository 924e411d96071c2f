#include "common/rpc/id_wire.h"

#include <string>
#include <utility>

#include "common/status/reply_error.h"
#include "common/text/text_rules.h"

namespace usher {

absl::StatusOr<UserId> ParseUserId(absl::string_view field, absl::string_view raw) {
  std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return UserIdInvalid(field, raw);
  return UserId(*std::move(id));
}

absl::StatusOr<RoomId> ParseRoomId(absl::string_view field, absl::string_view raw) {
  std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return RoomIdInvalid(field, raw);
  return RoomId(*std::move(id));
}

absl::StatusOr<UserId> UserIdFromWire(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  return ParseUserId(field, raw);
}

absl::StatusOr<RoomId> RoomIdFromWire(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  return ParseRoomId(field, raw);
}

std::optional<CompanyId> ParseCompanyId(absl::string_view raw) {
  // 63 characters, none of which is longer before it is folded than the sign for Kelvin.
  constexpr size_t kMostBytes = 63 * 3;
  if (raw.size() > kMostBytes) return std::nullopt;
  std::string folded = text::Fold(raw);
  if (!IsCompanySlug(folded)) return std::nullopt;
  return CompanyId(std::move(folded));
}

absl::StatusOr<CompanyId> CompanyIdFromWire(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  std::optional<CompanyId> company = ParseCompanyId(raw);
  if (!company.has_value()) return CompanyNotFound();
  return *std::move(company);
}

std::optional<CompanyId> OptionalCompanyIdFromWire(absl::string_view raw) {
  if (raw.empty()) return std::nullopt;
  return ParseCompanyId(raw).value_or(CompanyId());
}

}  // namespace usher
