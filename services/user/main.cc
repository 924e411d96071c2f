// usher-user: the users of each company.
#include "common/rpc/peer/peer.h"
#include "common/saga/saga.h"
#include "common/saga/sweeper.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/server/tenant_data_rpc.h"
#include "common/status/try.h"
#include "services/user/migrations.h"
#include "services/user/peer_auth_directory.h"
#include "services/user/pg_tenant_store.h"
#include "services/user/pg_user_store.h"
#include "services/user/user_internal_rpc.h"
#include "services/user/user_rpc.h"
#include "services/user/user_sagas.h"
#include "services/user/users.h"

namespace usher::user {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, {.registry = &base->registry()});
  rpc::PeerAuthSource auth_source(auth);
  PgUserStore store(base->pool());
  PeerAuthDirectory directory(auth);
  UserSagas sagas(store, directory, saga::LeaseFor(options.gate.longest_call));
  Users users(store, sagas, directory);
  saga::Sweeper sweeper(
      {.settle_one = [&sagas](const CallContext& sweep) { return sagas.SettleOne(sweep); },
       .count = [&base](const CallContext& sweep) { return saga::CountSagas(sweep, base->pool()); },
       .kinds = {{static_cast<int>(SagaKind::kCreation), "creation"},
                 {static_cast<int>(SagaKind::kRemoval), "removal"}},
       .states = {{SagaState::kBegun, "begun"}, {SagaState::kContested, "contested"}},
       .registry = &base->registry()});
  UserRpc user_rpc(base->gate(), users);
  PgTenantStore tenants(base->pool());
  UserInternalRpc internal_rpc(base->gate(), tenants);
  server::TenantDataRpc data_rpc(base->gate(),
                                 [&tenants](const CallContext& call, const CompanyId& company) {
                                   return tenants.Clear(call, company);
                                 });
  sweeper.Start();
  return base->ServeUntilStopped(auth_source, {&user_rpc, &internal_rpc, &data_rpc});
}

}  // namespace
}  // namespace usher::user

int main(int argc, char** argv) {
  return usher::server::RunMain(
      argc, argv,
      {.service = "user", .migrations = usher::user::Migrations(), .serve = usher::user::Serve});
}
