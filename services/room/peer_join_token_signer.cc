#include "services/room/peer_join_token_signer.h"

#include <usher/internal/v1/auth.grpc.pb.h>

#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<JoinToken> PeerJoinTokenSigner::SignJoinToken(const CallContext& call,
                                                             const JoinTokenWish& wish) {
  using ::usher::internal::v1::AuthInternal;
  ::usher::internal::v1::SignJoinTokenRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_room_id(wish.room.value());
  if (wish.expires_at) request.set_expires_at(absl::ToUnixSeconds(*wish.expires_at));
  request.set_room_admin(wish.room_admin);
  ASSIGN_OR_RETURN(const ::usher::internal::v1::SignJoinTokenReply reply,
                   auth_.Call<AuthInternal>(rpc::Effect::kReads, call,
                                            &AuthInternal::Stub::signJoinToken, request));
  return JoinToken{reply.join_token(), absl::FromUnixSeconds(reply.expires_at())};
}

}  // namespace usher::room
