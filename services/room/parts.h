// What usher-room is made of, a list for each layer: what it was told, where it keeps things, whom
// it asks, what it knows how to do, the doors to that, and what goes on by itself. Each stands on
// the ones before, and outlives those behind it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/notifications.h"
#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/tenant_data_rpc.h"
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
#include "services/room/engine/livekit_tickets.h"
#include "services/room/engine/peer_profile_names.h"
#include "services/room/engine/pg_engine_store.h"
#include "services/room/feed/db_wakeup.h"
#include "services/room/peer_company_pages.h"
#include "services/room/peer_join_token_signer.h"
#include "services/room/pg_room_store.h"
#include "services/room/room_internal_rpc.h"
#include "services/room/room_options.h"
#include "services/room/room_rpc.h"
#include "services/room/rooms.h"
#include "services/room/tenant_data.h"

namespace usher::room {

struct Config {
  RoomOptions own;
  EngineOptions engines;
  ChatOptions chat;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<Config> ReadConfig();

struct Stores {
  const Config& config;
  server::Foundation& base;

  db::Notifications notifications{
      {.database = base.pool().options(), .registry = &base.registry()}};
  DbWakeup command_wakeup{notifications, "engine_commands"};
  CommandLog command_log{config.engines.presence_lifetime, command_wakeup};
  PgRoomStore rooms{base.pool(), &command_log};
  PgEngineStore engines{base.pool(), config.engines.presence_lifetime};
  PgChatStore chat{base.pool()};
};

struct Peers {
  server::Foundation& base;
  rpc::Peer auth = To("auth", base.options().peers.auth);
  rpc::Peer company = To("company", base.options().peers.company);
  rpc::Peer user = To("user", base.options().peers.user);

  rpc::Peer To(const char* name, const std::string& address) const {
    return rpc::Peer(name, address, base.options().internal_tls, {.registry = &base.registry()});
  }
};

// engine/ and chat/ are wings (docs/adr/0026).
struct Wings {
  const Config& config;
  server::Foundation& base;
  Stores& stores;
  Peers& peers;

  PeerJoinTokenSigner signer{peers.auth};
  PeerCompanyPages pages{peers.company};
  JoinLinkBases bases{base.options().peers.company.empty() ? nullptr : &pages,
                      {.platform = config.own.join_link_base}};
  PeerProfileNames names{peers.user};
  LiveKitTickets tickets{config.engines.livekit,
                         base.options().peers.user.empty() ? nullptr : &names, base.clock()};
  Rooms rooms{stores.rooms, stores.engines, signer, tickets, bases, config.own.limits};

  CommandFeed command_feed{stores.engines, BootClock::Get(), {}, &base.registry()};
  std::unique_ptr<db::Notifications::Subscription> command_wakes =
      stores.command_wakeup.Wake(command_feed.feed());
  Engines engines{stores.engines, command_feed};

  ChatFeed chat_feed{stores.chat, BootClock::Get(), {}, &base.registry()};
  DbWakeup chat_wakeup{stores.notifications, "chat_written"};
  std::unique_ptr<db::Notifications::Subscription> chat_wakes = chat_wakeup.Wake(chat_feed.feed());
  Chat chat{stores.chat, chat_feed, chat_wakeup};
};

struct Doors {
  const Config& config;
  server::Foundation& base;
  Peers& peers;
  Wings& wings;

  rpc::Gate& gate = base.gate();
  rpc::PeerAuthSource auth_source{base.options().peers.auth, base.options().internal_tls};
  RoomRpc room{gate, wings.rooms};
  EngineRpc engine{gate, wings.engines, config.engines};
  ChatRpc chat{gate, wings.chat};
  RoomInternalRpc internal{gate, wings.rooms, wings.chat};
  server::TenantDataRpc data{gate, [this](const CallContext& call, const CompanyId& company) {
                               return ClearCompany(call, base.pool(), company);
                             }};

  std::vector<rpc::Service*> All() { return {&room, &chat, &engine, &internal, &data}; }
};

struct Rounds {
  const Config& config;
  server::Foundation& base;
  Stores& stores;
  Wings& wings;

  EngineUpkeep engine_upkeep{stores.engines, &base.registry()};
  ChatHousekeeping chat_housekeeping{stores.chat, config.chat.retention, &base.registry()};

  void Start() {
    base.AlsoOnHangup([this] { wings.tickets.ReadAgain(); });
    wings.command_feed.Start();
    engine_upkeep.Start();
    stores.notifications.Start();
    wings.chat_feed.Start();
    chat_housekeeping.Start();
  }
};

}  // namespace usher::room
