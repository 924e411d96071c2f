#include "services/user/peer_user_traces.h"

#include <usher/internal/v1/business_logic.grpc.pb.h>
#include <usher/internal/v1/room.grpc.pb.h>

#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"

namespace usher::user {
namespace {

using rpc::Effect;
using ::usher::internal::v1::BusinessLogicInternal;
using ::usher::internal::v1::RoomInternal;

absl::Status LeaveAlone(absl::string_view service, const UserKey& key) {
  log::Warning(
      "a removed user is not forgotten where nobody says how to get there",
      {{"service", service}, {"user", key.user.value()}, {"company", key.company.value()}});
  return absl::OkStatus();
}

}  // namespace

// One that is away keeps nobody else from being told.
absl::Status PeerUserTraces::Forget(const CallContext& call, const UserKey& key) {
  absl::Status forgotten = ForgetInRooms(call, key);
  RETURN_IF_ERROR(saga::Failpoint("forgetting.told_room", call));
  forgotten.Update(ForgetFavorites(call, key));
  return forgotten;
}

absl::Status PeerUserTraces::ForgetInRooms(const CallContext& call, const UserKey& key) {
  if (room_ == nullptr) return LeaveAlone("room", key);
  ::usher::internal::v1::ForgetUserInRoomsRequest request;
  request.set_company_id(key.company.value());
  request.set_user_id(key.user.value());
  return room_->Call<RoomInternal>(Effect::kChanges, call, &RoomInternal::Stub::forgetUser, request)
      .status();
}

absl::Status PeerUserTraces::ForgetFavorites(const CallContext& call, const UserKey& key) {
  if (business_logic_ == nullptr) return LeaveAlone("business-logic", key);
  ::usher::internal::v1::ForgetFavoritesRequest request;
  request.set_company_id(key.company.value());
  request.set_user_id(key.user.value());
  return business_logic_
      ->Call<BusinessLogicInternal>(Effect::kChanges, call,
                                    &BusinessLogicInternal::Stub::forgetUser, request)
      .status();
}

}  // namespace usher::user
