// usher-room: the rooms of the companies.
#include "common/db/notifications.h"
#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/server/tenant_data_rpc.h"
#include "common/status/try.h"
#include "services/room/chat/chat.h"
#include "services/room/chat/chat_housekeeping.h"
#include "services/room/chat/chat_options.h"
#include "services/room/chat/chat_rpc.h"
#include "services/room/chat/pg_chat_store.h"
#include "services/room/engine/command_feed.h"
#include "services/room/engine/command_log.h"
#include "services/room/engine/engine_options.h"
#include "services/room/engine/engine_rpc.h"
#include "services/room/engine/engine_upkeep.h"
#include "services/room/engine/engines.h"
#include "services/room/engine/pg_engine_store.h"
#include "services/room/feed/db_wakeup.h"
#include "services/room/migrations.h"
#include "services/room/peer_company_pages.h"
#include "services/room/peer_join_token_signer.h"
#include "services/room/pg_room_store.h"
#include "services/room/room_internal_rpc.h"
#include "services/room/room_options.h"
#include "services/room/room_rpc.h"
#include "services/room/rooms.h"
#include "services/room/tenant_data.h"

namespace usher::room {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const RoomOptions room_options, ReadRoomOptions());
  ASSIGN_OR_RETURN(const EngineOptions engine_options, ReadEngineOptions());
  ASSIGN_OR_RETURN(const ChatOptions chat_options, ReadChatOptions());
  ASSIGN_OR_RETURN(const auto base,
                   server::Foundation::Open(options, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls, {.registry = &base->registry()});
  rpc::PeerAuthSource auth_source(auth);
  db::Notifications notifications(
      {.database = base->pool().options(), .registry = &base->registry()});
  DbWakeup command_wakeup(notifications, "engine_commands");
  CommandLog command_log(engine_options.presence_lifetime, command_wakeup);
  PgRoomStore store(base->pool(), &command_log);
  PgEngineStore engine_store(base->pool(), engine_options.presence_lifetime);
  PeerJoinTokenSigner signer(auth);
  rpc::Peer company("company", options.peers.company, options.internal_tls,
                    {.registry = &base->registry()});
  PeerCompanyPages pages(company);
  JoinLinkBases bases(options.peers.company.empty() ? nullptr : &pages,
                      {.platform = room_options.join_link_base});
  Rooms rooms(store, engine_store, signer, bases, room_options.limits);
  RoomRpc room_rpc(base->gate(), rooms);
  CommandFeed command_feed(engine_store, BootClock::Get(), {}, &base->registry());
  const auto command_wakes = command_wakeup.Wake(command_feed.feed());
  Engines engines(engine_store, command_feed);
  EngineRpc engine_rpc(base->gate(), engines, engine_options);
  EngineUpkeep engine_upkeep(engine_store, &base->registry());
  PgChatStore chat_store(base->pool());
  ChatFeed chat_feed(chat_store, BootClock::Get(), {}, &base->registry());
  DbWakeup chat_wakeup(notifications, "chat_written");
  const auto chat_wakes = chat_wakeup.Wake(chat_feed.feed());
  Chat chat(chat_store, chat_feed, chat_wakeup);
  ChatRpc chat_rpc(base->gate(), chat);
  ChatHousekeeping chat_housekeeping(chat_store, chat_options.retention, &base->registry());
  RoomInternalRpc room_internal_rpc(base->gate(), rooms, chat);
  server::TenantDataRpc data_rpc(base->gate(),
                                 [&base](const CallContext& call, const CompanyId& company) {
                                   return ClearCompany(call, base->pool(), company);
                                 });
  command_feed.Start();
  engine_upkeep.Start();
  notifications.Start();
  chat_feed.Start();
  chat_housekeeping.Start();
  return base->ServeUntilStopped(
      auth_source, {&room_rpc, &chat_rpc, &engine_rpc, &room_internal_rpc, &data_rpc});
}

}  // namespace
}  // namespace usher::room

int main(int argc, char** argv) {
  return usher::server::RunMain(
      argc, argv,
      {.service = "room", .migrations = usher::room::Migrations(), .serve = usher::room::Serve});
}
