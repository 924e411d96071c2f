#include "services/room/peer_join_token_signer.h"

#include <usher/internal/v1/auth.grpc.pb.h>

#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<std::string> PeerJoinTokenSigner::SignJoinToken(const CallContext& call,
                                                               const RoomId& room) {
  using ::usher::internal::v1::AuthInternal;
  ::usher::internal::v1::SignJoinTokenRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_room_id(room.value());
  ASSIGN_OR_RETURN(const ::usher::internal::v1::SignJoinTokenReply reply,
                   auth_.Call<AuthInternal>(rpc::Effect::kReads, call,
                                            &AuthInternal::Stub::signJoinToken, request));
  return reply.join_token();
}

}  // namespace usher::room
