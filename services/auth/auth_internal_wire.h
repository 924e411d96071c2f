// What the other servers ask of auth: messages to domain types and back.
#pragma once

#include <usher/internal/v1/auth.pb.h>

#include <vector>

#include "common/token/revocations.h"
#include "services/auth/tokens.h"

namespace usher::auth {

void ToWire(const SignedToken& token, ::usher::internal::v1::SignJoinTokenReply* reply);
void ToWire(const std::vector<token::Revocation>& revocations,
            ::usher::internal::v1::ListRevocationsReply* reply);

}  // namespace usher::auth
