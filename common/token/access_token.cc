#include "common/token/access_token.h"

#include <usher/token/v1/claims.pb.h>

#include <algorithm>
#include <optional>

#include "common/permission/permission_wire.h"
#include "common/status/reply_error.h"

namespace usher::token {
namespace {

constexpr char kAudience[] = "usher";

bool IsKnownType(::usher::token::v1::Claims::Type type) {
  return type == ::usher::token::v1::Claims::ACCESS ||
         type == ::usher::token::v1::Claims::ACTIVATION || type == ::usher::token::v1::Claims::JOIN;
}

// Nobody signs any other: what stands here is no right elsewhere, and none of a guest's.
bool MayAdministerRoom(const ::usher::token::v1::Claims& claims) {
  return claims.type() == ::usher::token::v1::Claims::JOIN && !claims.token().isguest();
}

bool IsUuidOrEmpty(const std::string& text) { return text.empty() || CanonicalUuid(text) == text; }

}  // namespace

std::string SerializePayload(const AccessToken& token) {
  ::usher::token::v1::Claims claims;
  ::common::AccessToken& body = *claims.mutable_token();
  body.set_userid(token.user.value());
  body.set_companyid(token.company.value());
  body.set_expiresat(absl::ToUnixSeconds(token.expires_at));
  PermissionsToWire(token.permissions, body.mutable_permissions());
  body.set_isguest(token.guest);
  body.set_displayname(token.display_name);
  body.set_basepermissionsid(token.base_permissions_id.value());
  body.set_extensiondisallowed(token.extension_disallowed);
  claims.set_issued_at_micros(absl::ToUnixMicros(token.issued_at));
  claims.set_not_before(absl::ToUnixSeconds(token.not_before));
  claims.set_session_id(token.session.value());
  claims.set_token_id(token.token_id);
  claims.set_type(static_cast<::usher::token::v1::Claims::Type>(token.type));
  claims.set_audience(kAudience);
  claims.set_room_id(token.only_room.value());
  claims.set_room_admin(token.room_admin);
  return claims.SerializeAsString();
}

absl::StatusOr<AccessToken> ParsePayload(absl::string_view payload) {
  ::usher::token::v1::Claims claims;
  if (!claims.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return TokenRefused();
  }
  const ::common::AccessToken& body = claims.token();
  const bool ids_present = CanonicalUuid(body.userid()) == body.userid() &&
                           IsCompanySlug(body.companyid()) &&
                           CanonicalUuid(claims.session_id()) == claims.session_id();
  if (!ids_present || claims.audience() != kAudience || !IsKnownType(claims.type()) ||
      !IsUuidOrEmpty(body.basepermissionsid()) || !IsUuidOrEmpty(claims.room_id()) ||
      claims.room_id().empty() == (claims.type() == ::usher::token::v1::Claims::JOIN) ||
      (claims.room_admin() && !MayAdministerRoom(claims))) {
    return TokenRefused();
  }
  AccessToken token;
  token.type = static_cast<TokenType>(claims.type());
  token.user = UserId(body.userid());
  token.company = CompanyId(body.companyid());
  // A permission that this release does not know is one that it cannot honour: left out. Without an
  // entry that is true there is nothing to take over.
  const auto& named = body.permissions();
  if (std::any_of(named.begin(), named.end(), [](const auto& entry) { return entry.second; })) {
    token.permissions = NarrowedByWire(PermissionSet::FromMask(0xffffffffu), body.permissions());
  }
  token.guest = body.isguest();
  token.display_name = body.displayname();
  token.base_permissions_id = UserId(body.basepermissionsid());
  token.extension_disallowed = body.extensiondisallowed();
  token.session = SessionId(claims.session_id());
  token.token_id = claims.token_id();
  token.only_room = RoomId(claims.room_id());
  token.room_admin = claims.room_admin();
  token.issued_at = absl::FromUnixMicros(claims.issued_at_micros());
  token.not_before = absl::FromUnixSeconds(claims.not_before());
  token.expires_at = absl::FromUnixSeconds(body.expiresat());
  return token;
}

}  // namespace usher::token
