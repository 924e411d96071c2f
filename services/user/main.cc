// usher-user: the users of each company.
#include "common/rpc/peer.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/status/try.h"
#include "services/user/migrations.h"
#include "services/user/peer_auth_directory.h"
#include "services/user/pg_user_store.h"
#include "services/user/saga_sweeper.h"
#include "services/user/user_rpc.h"
#include "services/user/user_sagas.h"
#include "services/user/users.h"

namespace usher::user {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls);
  rpc::PeerAuthSource auth_source(auth);
  PgUserStore store(base->pool());
  PeerAuthDirectory directory(auth);
  UserSagas sagas(store, directory);
  Users users(store, sagas, directory);
  SagaSweeper sweeper(sagas);
  UserRpc user_rpc(base->gate(), users);
  sweeper.Start();
  return base->ServeUntilStopped(auth_source, {&user_rpc});
}

}  // namespace
}  // namespace usher::user

int main(int argc, char** argv) {
  return usher::server::RunMain(
      argc, argv,
      {.service = "user", .migrations = usher::user::Migrations(), .serve = usher::user::Serve});
}
