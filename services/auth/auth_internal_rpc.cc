#include "services/auth/auth_internal_rpc.h"

#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "services/auth/auth_internal_wire.h"
#include "services/auth/method_wire.h"

namespace usher::auth {
namespace {

using ::usher::internal::v1::AuthInternal;
using Async = AuthInternal::AsyncService;
using rpc::Lane;

}  // namespace

AuthInternalRpc::AuthInternalRpc(rpc::Gate& gate, Users& users, Tokens& tokens,
                                 const LocalAuthSource& source) {
  Expose(service_, AuthInternal::service_full_name());
  ServeUsers(gate, users);
  ServeTokens(gate, tokens);
  ServeFeed(gate, source);
}

void AuthInternalRpc::ServeUsers(rpc::Gate& gate, Users& users) {
  // Slow: with credentials it hashes.
  gate.ServeInternalFor(
      *this, service_, {"user"}, {.name = "internal.ensureUser", .lane = Lane::kSlow},
      &Async::RequestensureUser,
      [&users](const Caller& caller, const auto& request, auto&) -> absl::Status {
        ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
        ASSIGN_OR_RETURN(const MethodWish wish, FromWire(request.authenticationrequest()));
        return users.Ensure(caller, user, wish);
      });

  gate.ServeInternal(
      *this, service_, {"user"}, {.name = "internal.settleUser"}, &Async::RequestsettleUser,
      [&users](const CallContext& call, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const CompanyId company,
                         CompanyIdFromWire("company_id", request.company_id()));
        ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
        ASSIGN_OR_RETURN(const bool exists, users.Settle(call, company, user));
        reply.set_exists(exists);
        return absl::OkStatus();
      });

  gate.ServeInternalFor(
      *this, service_, {"user"}, {.name = "internal.removeUser"}, &Async::RequestremoveUser,
      [&users](const Caller& caller, const auto& request, auto&) -> absl::Status {
        ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
        return users.Remove(caller, user);
      });

  gate.ServeInternal(
      *this, service_, {"user"}, {.name = "internal.findRemovedUser", .lane = Lane::kStatement},
      &Async::RequestfindRemovedUser,
      [&users](const CallContext& call, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const CompanyId company,
                         CompanyIdFromWire("company_id", request.company_id()));
        ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
        ASSIGN_OR_RETURN(const bool removed, users.FindRemoved(call, company, user));
        reply.set_removed(removed);
        return absl::OkStatus();
      });
}

void AuthInternalRpc::ServeTokens(rpc::Gate& gate, Tokens& tokens) {
  // Inline: a signature costs as much as a verification.
  gate.ServeInternalFor(
      *this, service_, {"room"}, {.name = "internal.signJoinToken", .lane = Lane::kInline},
      &Async::RequestsignJoinToken,
      [&tokens](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const RoomId room, RoomIdFromWire("room_id", request.room_id()));
        ToWire(tokens.SignJoinToken(caller, room), &reply);
        return absl::OkStatus();
      });
}

// Inline, and from memory: no thread and no connection that others could take stands between a
// revocation and the servers that have to know it.
void AuthInternalRpc::ServeFeed(rpc::Gate& gate, const LocalAuthSource& source) {
  const std::vector<std::string> all = {"user", "company", "room", "business-logic"};
  gate.ServeInternal(
      *this, service_, all, {.name = "internal.readFeed", .lane = Lane::kInline},
      &Async::RequestreadFeed,
      [&source](const CallContext&, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const rpc::FeedPage page, source.PassOn(request.after_sequence()));
        ToWire(page, &reply);
        return absl::OkStatus();
      });

  gate.ServeInternal(
      *this, service_, all, {.name = "internal.listRevocations", .lane = Lane::kInline},
      &Async::RequestlistRevocations,
      [&source](const CallContext&, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const rpc::FeedPage page, source.PassOn(request.after_sequence()));
        ToWire(page, &reply);
        return absl::OkStatus();
      });
}

}  // namespace usher::auth
