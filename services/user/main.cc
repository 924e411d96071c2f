// usher-user: the users of each company.
#include <memory>
#include <string>

#include "common/base/log.h"
#include "common/rpc/peer/peer.h"
#include "common/saga/saga.h"
#include "common/saga/saga_report.h"
#include "common/saga/sweeper.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/server/tenant_data_rpc.h"
#include "common/status/try.h"
#include "services/user/bootstrap.h"
#include "services/user/directory_profile_rpc.h"
#include "services/user/migrations.h"
#include "services/user/peer_auth_directory.h"
#include "services/user/peer_user_traces.h"
#include "services/user/pg_tenant_store.h"
#include "services/user/pg_user_store.h"
#include "services/user/user_internal_rpc.h"
#include "services/user/user_rpc.h"
#include "services/user/user_sagas.h"
#include "services/user/users.h"

namespace usher::user {
namespace {

// A service that keeps something of users. Null where the installation does not say where it is:
// then it is not told who was removed.
std::unique_ptr<rpc::Peer> OpenKeeper(const std::string& service, const std::string& address,
                                      const server::Options& options,
                                      prometheus::Registry& registry) {
  if (address.empty()) {
    log::Warning(
        "nobody says where a service is that keeps something of users; what removed users "
        "leave there stays",
        {{"service", service}});
    return nullptr;
  }
  return std::make_unique<rpc::Peer>(service, address, options.internal_tls,
                                     rpc::BulkheadOptions{.registry = &registry});
}

saga::Names SagaNames() {
  return {.kinds = {{static_cast<int>(SagaKind::kCreation), "creation"},
                    {static_cast<int>(SagaKind::kRemoval), "removal"},
                    {static_cast<int>(SagaKind::kForgetting), "forgetting"}},
          .states = {{SagaState::kBegun, "begun"}, {SagaState::kContested, "contested"}}};
}

absl::Status PrintSagas(const server::Options& options) {
  return saga::PrintSagas(options.pool, Migrations(), SagaNames());
}

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, {.registry = &base->registry()});
  rpc::PeerAuthSource auth_source(options.peers.auth, options.internal_tls);
  PgUserStore store(base->pool());
  PeerAuthDirectory directory(auth);
  const auto room = OpenKeeper("room", options.peers.room, options, base->registry());
  const auto business_logic =
      OpenKeeper("business-logic", options.peers.business_logic, options, base->registry());
  PeerUserTraces traces(room.get(), business_logic.get());
  UserSagas sagas(store, directory, traces, saga::LeaseFor(options.gate.longest_call));
  Users users(store, sagas, directory);
  saga::Sweeper sweeper(
      {.settle_one = [&sagas](const CallContext& sweep) { return sagas.SettleOne(sweep); },
       .count = [&base](const CallContext& sweep) { return saga::CountSagas(sweep, base->pool()); },
       .kinds = SagaNames().kinds,
       .states = SagaNames().states,
       .registry = &base->registry()});
  UserRpc user_rpc(base->gate(), users);
  PgTenantStore tenants(base->pool());
  UserInternalRpc internal_rpc(base->gate(), tenants, store);
  DirectoryProfileRpc profile_rpc(base->gate(), users);
  server::TenantDataRpc data_rpc(base->gate(),
                                 [&tenants](const CallContext& call, const CompanyId& company) {
                                   return tenants.Clear(call, company);
                                 });
  sweeper.Start();
  return base->ServeUntilStopped(auth_source, {&user_rpc, &internal_rpc, &profile_rpc, &data_rpc});
}

}  // namespace
}  // namespace usher::user

int main(int argc, char** argv) {
  return usher::server::RunMain(argc, argv,
                                {.service = "user",
                                 .migrations = usher::user::Migrations(),
                                 .serve = usher::user::Serve,
                                 .bootstrap = usher::user::Bootstrap,
                                 .sagas = usher::user::PrintSagas});
}
