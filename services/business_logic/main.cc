// usher-business-logic: favorite rooms and permission groups.
#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/server/tenant_data_rpc.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_internal_rpc.h"
#include "services/business_logic/business_logic_rpc.h"
#include "services/business_logic/favorites.h"
#include "services/business_logic/migrations.h"
#include "services/business_logic/peer_known_users.h"
#include "services/business_logic/peer_visible_rooms.h"
#include "services/business_logic/permission_group_rpc.h"
#include "services/business_logic/permission_groups.h"
#include "services/business_logic/pg_favorite_store.h"
#include "services/business_logic/pg_permission_group_store.h"
#include "services/business_logic/tenant_data.h"

namespace usher::business_logic {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, {.registry = &base->registry()});
  rpc::Peer room("room", options.peers.room, options.internal_tls, {.registry = &base->registry()});
  rpc::PeerAuthSource auth_source(options.peers.auth, options.internal_tls);
  PgFavoriteStore favorite_store(base->pool());
  PgPermissionGroupStore group_store(base->pool());
  PeerVisibleRooms visible_rooms(room);
  PeerKnownUsers known_users(auth);
  Favorites favorites(favorite_store, visible_rooms, known_users);
  PermissionGroups groups(group_store);
  BusinessLogicRpc business_logic_rpc(base->gate(), favorites, groups);
  PermissionGroupRpc permission_group_rpc(base->gate(), groups);
  BusinessLogicInternalRpc internal_rpc(base->gate(), favorites);
  server::TenantDataRpc data_rpc(base->gate(),
                                 [&base](const CallContext& call, const CompanyId& company) {
                                   return ClearCompany(call, base->pool(), company);
                                 });
  return base->ServeUntilStopped(
      auth_source, {&business_logic_rpc, &permission_group_rpc, &internal_rpc, &data_rpc});
}

}  // namespace
}  // namespace usher::business_logic

int main(int argc, char** argv) {
  return usher::server::RunMain(argc, argv,
                                {.service = "business-logic",
                                 .migrations = usher::business_logic::Migrations(),
                                 .serve = usher::business_logic::Serve});
}
