// usher-company: the companies of the platform.
#include "common/rpc/peer/peer.h"
#include "common/saga/saga.h"
#include "common/saga/saga_report.h"
#include "common/saga/sweeper.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/status/try.h"
#include "services/company/asking_limit.h"
#include "services/company/bootstrap.h"
#include "services/company/companies.h"
#include "services/company/company_description_rpc.h"
#include "services/company/company_internal_rpc.h"
#include "services/company/company_options.h"
#include "services/company/company_rpc.h"
#include "services/company/company_sagas.h"
#include "services/company/migrations.h"
#include "services/company/peer_auth_tenants.h"
#include "services/company/peer_first_users.h"
#include "services/company/peer_tenant_data.h"
#include "services/company/pg_company_saga_store.h"
#include "services/company/pg_company_store.h"
#include "services/company/pg_tenant_data.h"

namespace usher::company {
namespace {

saga::Names SagaNames() {
  return {.kinds = {{static_cast<int>(SagaKind::kFounding), "founding"},
                    {static_cast<int>(SagaKind::kDestruction), "destruction"}},
          .states = {{SagaState::kBegun, "begun"},
                     {SagaState::kContested, "contested"},
                     {SagaState::kClearing, "clearing"},
                     {SagaState::kResting, "resting"}}};
}

absl::Status PrintSagas(const server::Options& options) {
  return saga::PrintSagas(options.pool, Migrations(), SagaNames());
}

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const CompanyOptions own, ReadCompanyOptions());
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  const rpc::BulkheadOptions counted{.registry = &base->registry()};
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, counted);
  rpc::Peer user("user", options.peers.user, options.internal_tls, counted);
  rpc::Peer room("room", options.peers.room, options.internal_tls, counted);
  rpc::Peer business_logic("business-logic", options.peers.business_logic, options.internal_tls,
                           counted);
  rpc::PeerAuthSource auth_source(options.peers.auth, options.internal_tls);
  PgCompanyStore store(base->pool());
  PgCompanySagaStore saga_store(base->pool());
  PeerAuthTenants auth_tenants(auth);
  PeerFirstUsers first_users(user);
  PeerTenantData methods(auth);
  PeerTenantData profiles(user);
  PeerTenantData rooms(room);
  PeerTenantData favorites(business_logic);
  PgTenantData traces(base->pool());
  CompanySagas sagas(saga_store, auth_tenants, first_users, profiles,
                     {&methods, &profiles, &rooms, &favorites, &traces},
                     {saga::LeaseFor(options.gate.longest_call), own.name_rest});
  Companies companies(store, sagas, own.reserved);
  saga::Sweeper sweeper(
      {.settle_one = [&sagas](const CallContext& sweep) { return sagas.SettleOne(sweep); },
       .count = [&base](const CallContext& sweep) { return saga::CountSagas(sweep, base->pool()); },
       .kinds = SagaNames().kinds,
       .states = SagaNames().states,
       .registry = &base->registry()});
  AskingLimit asking(own.available_a_minute, base->clock());
  CompanyRpc company_rpc(base->gate(), companies, asking);
  CompanyInternalRpc internal_rpc(base->gate(), companies);
  CompanyDescriptionRpc description_rpc(base->gate(), store);
  sweeper.Start();
  return base->ServeUntilStopped(auth_source, {&company_rpc, &internal_rpc, &description_rpc});
}

}  // namespace
}  // namespace usher::company

int main(int argc, char** argv) {
  return usher::server::RunMain(argc, argv,
                                {.service = "company",
                                 .migrations = usher::company::Migrations(),
                                 .serve = usher::company::Serve,
                                 .bootstrap = usher::company::Bootstrap,
                                 .sagas = usher::company::PrintSagas});
}
