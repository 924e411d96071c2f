// Every statement about what is left here of a company that is gone.
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

inline constexpr db::Statement kClearParents{"clear_parents", R"sql(
  UPDATE rooms SET parent_id = NULL WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM rooms WHERE company_id = $1 AND parent_id IS NOT NULL LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearRights{"clear_rights", R"sql(
  DELETE FROM room_rights WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM room_rights WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearSubRooms{"clear_sub_rooms", R"sql(
  DELETE FROM sub_rooms WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM sub_rooms WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearPresence{"clear_presence", R"sql(
  DELETE FROM room_presence WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM room_presence WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearCommands{"clear_commands", R"sql(
  DELETE FROM engine_commands WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM engine_commands WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearRooms{"clear_rooms", R"sql(
  DELETE FROM rooms WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM rooms WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearChat{"clear_chat", R"sql(
  DELETE FROM chat_messages WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM chat_messages WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearChatRooms{"clear_chat_rooms", R"sql(
  DELETE FROM chat_rooms WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM chat_rooms WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr const db::Statement* kAllOfTenants[] = {
    &kClearParents,  &kClearRights, &kClearSubRooms, &kClearPresence,
    &kClearCommands, &kClearRooms,  &kClearChat,     &kClearChatRooms};

}  // namespace usher::room::sql
