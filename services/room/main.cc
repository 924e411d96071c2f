// usher-room: the rooms of the companies.
#include "common/server/run_main.h"
#include "common/status/try.h"
#include "services/room/migrations.h"
#include "services/room/parts.h"

namespace usher::room {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const Config config, ReadConfig());
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  Stores stores{config, *base};
  Peers peers{*base};
  Wings wings{config, *base, stores, peers};
  RETURN_IF_ERROR(wings.tickets.Read());
  Doors doors{config, *base, peers, wings};
  Rounds rounds{config, *base, stores, wings};
  rounds.Start();
  return base->ServeUntilStopped(doors.auth_source, doors.All());
}

}  // namespace
}  // namespace usher::room

int main(int argc, char** argv) {
  return usher::server::RunMain(
      argc, argv,
      {.service = "room", .migrations = usher::room::Migrations(), .serve = usher::room::Serve});
}
