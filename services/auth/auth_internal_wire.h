// What the other servers ask of auth: messages to domain types and back.
#pragma once

#include <usher/internal/v1/auth.pb.h>

#include "common/rpc/peer/auth_feed.h"
#include "services/auth/method/known_users.h"
#include "services/auth/session/tokens.h"

namespace usher::auth {

void ToWire(const UserDescription& user, ::usher::internal::v1::DescribeUserReply* reply);
void ToWire(const SignedToken& token, ::usher::internal::v1::SignJoinTokenReply* reply);
void ToWire(const rpc::FeedPage& page, ::usher::internal::v1::ReadFeedReply* reply);
// Without keys and age.
void ToWire(const rpc::FeedPage& page, ::usher::internal::v1::ListRevocationsReply* reply);

}  // namespace usher::auth
