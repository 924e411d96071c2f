#include "services/auth/auth_internal_wire.h"

#include "absl/time/time.h"
#include "common/permission/permission_wire.h"

namespace usher::auth {
namespace {

void ToWire(const token::Revocation& revocation, ::usher::internal::v1::Revocation* wire) {
  wire->set_sequence(revocation.sequence);
  wire->set_kind(static_cast<::usher::internal::v1::Revocation::Kind>(revocation.kind));
  wire->set_company_id(revocation.company.value());
  wire->set_subject(revocation.subject);
  wire->set_issued_until_micros(absl::ToUnixMicros(revocation.issued_until));
  wire->set_reason(static_cast<::usher::internal::v1::Revocation::Reason>(revocation.reason));
}

}  // namespace

void ToWire(const UserDescription& user, ::usher::internal::v1::DescribeUserReply* reply) {
  PermissionsToWire(user.held, reply->mutable_held());
  reply->set_account_status(static_cast<::authentication::AccountStatus>(user.status));
  reply->set_guest(user.guest);
  PermissionsToWire(user.usable, reply->mutable_usable());
}

void ToWire(const SignedToken& token, ::usher::internal::v1::SignJoinTokenReply* reply) {
  reply->set_join_token(token.bytes);
  reply->set_expires_at(absl::ToUnixSeconds(token.token.expires_at));
}

void ToWire(const rpc::FeedPage& page, ::usher::internal::v1::ReadFeedReply* reply) {
  for (const auto& [id, key] : page.keys) {
    ::usher::token::v1::PublicKey& wire = *reply->add_keys();
    wire.set_key_id(id.data(), id.size());
    wire.set_public_key(key.data(), key.size());
  }
  for (const token::Revocation& revocation : page.revocations) {
    ToWire(revocation, reply->add_revocations());
  }
  reply->set_more(page.more);
  reply->set_age_micros(absl::ToInt64Microseconds(page.age));
}

void ToWire(const rpc::FeedPage& page, ::usher::internal::v1::ListRevocationsReply* reply) {
  for (const token::Revocation& revocation : page.revocations) {
    ToWire(revocation, reply->add_revocations());
  }
}

}  // namespace usher::auth
