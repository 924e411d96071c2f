// usher-company: the companies of the platform.
#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/status/try.h"
#include "services/company/bootstrap.h"
#include "services/company/companies.h"
#include "services/company/company_options.h"
#include "services/company/company_rpc.h"
#include "services/company/migrations.h"
#include "services/company/pg_company_store.h"

namespace usher::company {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, {.registry = &base->registry()});
  rpc::PeerAuthSource auth_source(auth);
  PgCompanyStore store(base->pool());
  Companies companies(store, ReadCompanyOptions().reserved);
  CompanyRpc company_rpc(base->gate(), companies);
  return base->ServeUntilStopped(auth_source, {&company_rpc});
}

}  // namespace
}  // namespace usher::company

int main(int argc, char** argv) {
  return usher::server::RunMain(argc, argv,
                                {.service = "company",
                                 .migrations = usher::company::Migrations(),
                                 .serve = usher::company::Serve,
                                 .bootstrap = usher::company::Bootstrap});
}
