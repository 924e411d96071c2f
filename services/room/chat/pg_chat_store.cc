#include "services/room/chat/pg_chat_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/db/idempotency.h"
#include "common/db/retention.h"
#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/try.h"
#include "services/room/chat/chat_sql.h"
#include "services/room/pg_room_rows.h"

namespace usher::room {
namespace {

// Columns: default rights, own rights, whether there is the sub-room.
ChatAccess AccessOf(const db::Row& row, int first) {
  ChatAccess access;
  access.room.default_rights = RightsOf(row, first);
  access.room.entry = RightsOf(row, first + 1);
  access.has_sub_room = row.Bool(first + 2);
  return access;
}

// The columns that all lists have in common, but the text.
ChatMessage MessageOf(const db::Row& row, int first, const RoomId& room) {
  ChatMessage message;
  message.room = room;
  message.position = row.Int(first);
  message.id = row.Text(first + 1);
  message.sender = UserId(row.Text(first + 2));
  message.sent_at = row.Micros(first + 3);
  message.sub_room = SubRoomId(row.Text(first + 4));
  message.broadcast = row.Bool(first + 5);
  message.language = row.Text(first + 6);
  message.source_language = row.Text(first + 7);
  return message;
}
constexpr int kColumns = 8;  // of MessageOf

// What a key is bound to: a repeated call is answered with the time of the first one.
std::string AnswerOf(const ChatReceipt& receipt) {
  return absl::StrCat(receipt.id, " ", absl::ToUnixMicros(receipt.sent_at));
}

absl::StatusOr<ChatReceipt> ReceiptOf(const std::string& answer) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(answer, ' ');
  int64_t micros = 0;
  if (!absl::SimpleAtoi(parts.second, &micros)) {
    return absl::InternalError("a key of chat.send is bound to something else");
  }
  return ChatReceipt{parts.first, absl::FromUnixMicros(micros)};
}

// How far the rooms of a draft have come; nobody else writes in them until the end of the
// transaction.
struct HeldChat {
  std::vector<std::string> rooms;
  std::vector<std::string> next;  // positions
  absl::Time now;                 // and no room has a newer message
};

absl::StatusOr<HeldChat> HoldChat(db::Transaction& tx, const CompanyId& company,
                                  const std::vector<RoomId>& rooms) {
  const std::vector<db::Param> params = {company, db::Param::Array(rooms)};
  ASSIGN_OR_RETURN(db::Rows rows, tx.Execute(sql::kLockChat, params));
  if (rows.size() < rooms.size()) {
    RETURN_IF_ERROR(tx.Execute(sql::kOpenChat, params).status());
    ASSIGN_OR_RETURN(rows, tx.Execute(sql::kLockChat, params));
  }
  if (rows.size() != rooms.size()) return absl::InternalError("a room has no place for its chat");
  HeldChat held;
  for (size_t i = 0; i < rows.size(); ++i) {
    held.rooms.push_back(rows[i].Text(0));
    held.next.push_back(absl::StrCat(rows[i].Int(1) + 1));
    held.now = std::max({held.now, rows[i].Micros(2), rows[i].Micros(3)});
  }
  return held;
}

absl::StatusOr<std::vector<std::optional<ChatAccess>>> HoldRooms(db::Transaction& tx,
                                                                 const CompanyId& company,
                                                                 const UserId& subject,
                                                                 const ChatDraft& draft) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kHoldChatRooms, {company, db::Param::Array(draft.rooms), subject,
                                                    draft.sub_room.value()}));
  std::map<std::string, ChatAccess> by_room;
  for (size_t i = 0; i < rows.size(); ++i) by_room.emplace(rows[i].Text(0), AccessOf(rows[i], 1));
  std::vector<std::optional<ChatAccess>> accesses;
  for (const RoomId& room : draft.rooms) {
    const auto found = by_room.find(room.value());
    accesses.push_back(found == by_room.end() ? std::nullopt : std::optional(found->second));
  }
  return accesses;
}

}  // namespace

absl::StatusOr<ChatReceipt> PgChatStore::Append(const CallContext& call, const CompanyId& company,
                                                const UserId& subject, const UserId& sender,
                                                const std::string& id, const ChatDraft& draft,
                                                const DecideSend& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<ChatReceipt> {
    ASSIGN_OR_RETURN(const auto accesses, HoldRooms(tx, company, subject, draft));
    RETURN_IF_ERROR(decide(accesses));
    ASSIGN_OR_RETURN(const HeldChat held, HoldChat(tx, company, draft.rooms));
    const ChatReceipt receipt{id, held.now};
    ASSIGN_OR_RETURN(const std::string answer, db::BindIdempotencyKey(tx, call, AnswerOf(receipt)));
    if (answer != AnswerOf(receipt)) return ReceiptOf(answer);
    RETURN_IF_ERROR(tx.ExecuteOnRow(
        sql::kAppendMessage, {company, db::Param::Array(held.rooms), db::Param::Array(held.next),
                              id, sender, receipt.sent_at, draft.sub_room.value(), draft.broadcast,
                              draft.text, draft.language, draft.source_language}));
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kAdvanceChat,
                                    {company, db::Param::Array(held.rooms), receipt.sent_at}));
    return receipt;
  });
}

absl::StatusOr<std::vector<std::optional<ChatAccess>>> PgChatStore::FindAccesses(
    const CallContext& call, const CompanyId& company, const std::vector<ChatAsker>& askers) {
  std::vector<std::string> rooms;
  std::vector<std::string> subjects;
  std::vector<std::string> sub_rooms;
  for (const ChatAsker& asker : askers) {
    rooms.push_back(asker.room.value());
    subjects.push_back(asker.subject.value());
    sub_rooms.push_back(asker.sub_room.value());
  }
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindChatAccesses,
                               {company, db::Param::Array(rooms), db::Param::Array(subjects),
                                db::Param::Array(sub_rooms)}));
  std::vector<std::optional<ChatAccess>> found(askers.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    found.at(static_cast<size_t>(rows[i].Int(0)) - 1) = AccessOf(rows[i], 1);
  }
  return found;
}

absl::StatusOr<ChatPlace> PgChatStore::FindPlace(const CallContext& call, const CompanyId& company,
                                                 const RoomId& room) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindChatPlace, {company, room}));
  if (rows.empty()) return ChatPlace();
  return ChatPlace{rows[0].Int(0), rows[0].Int(1)};
}

absl::StatusOr<ChatPageRead> PgChatStore::List(const CallContext& call, const CompanyId& company,
                                               const RoomId& room, const ChatSpan& span) {
  // One more than asked for, to see whether there is more.
  std::vector<db::Param> params = {
      company,     room,        span.from,      span.until,
      span.before, span.newest, span.limit + 1, static_cast<uint64_t>(rpc::kLargestContent)};
  const db::Statement* statement = &sql::kListChat;
  if (!span.scope.everywhere) {
    params.emplace_back(span.scope.sub_room.value());
    statement = &sql::kListChatOfSubRoom;
  }
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, *statement, params));
  ChatPageRead page;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == span.limit || rows[i].IsNull(kColumns)) {
      page.more = true;
      break;
    }
    page.messages.push_back(MessageOf(rows[i], 0, room));
    page.messages.back().text = rows[i].Text(kColumns);
  }
  return page;
}

absl::StatusOr<std::vector<ChatNews>> PgChatStore::ReadNews(const CallContext& call,
                                                            const CompanyId& company,
                                                            const std::vector<ChatMark>& marks) {
  std::vector<std::string> rooms;
  std::vector<std::string> after;
  for (const ChatMark& mark : marks) {
    rooms.push_back(mark.room.value());
    after.push_back(absl::StrCat(mark.after));
  }
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kReadNews,
                               {company, db::Param::Array(rooms), db::Param::Array(after),
                                kMostNews, kLargestNews}));
  std::vector<ChatNews> news(marks.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t place = static_cast<size_t>(rows[i].Int(0)) - 1;
    ChatNews& one = news.at(place);
    if (rows[i].IsNull(1 + kColumns)) {
      one.more = true;
      continue;
    }
    one.messages.push_back(MessageOf(rows[i], 1, marks[place].room));
    one.messages.back().text = rows[i].Text(1 + kColumns);
    if (one.messages.size() == kMostNews) one.more = true;
  }
  return news;
}

absl::StatusOr<bool> PgChatStore::ForgetSender(const CallContext& call, const CompanyId& company,
                                               const UserId& sender, uint32_t most) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kForgetSender, {company, sender, most}));
  return rows.affected() >= most;
}

absl::StatusOr<int64_t> PgChatStore::ForgetOld(const CallContext& call, absl::Duration retention,
                                               int64_t most) {
  return db::ForgetByCompany(call, pool_, sql::kFindOldChat, sql::kForgetOldChat, most,
                             {absl::ToInt64Microseconds(retention)});
}

absl::StatusOr<int64_t> PgChatStore::ForgetGone(const CallContext& call, int64_t most) {
  ASSIGN_OR_RETURN(const db::Rows gone, db::Execute(call, pool_, sql::kFindGoneChat, {most}));
  int64_t forgotten = 0;
  for (size_t i = 0; i < gone.size() && forgotten < most; ++i) {
    const std::vector<db::Param> room = {gone[i].Text(0), gone[i].Text(1)};
    ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kForgetGoneChat,
                                                      {room[0], room[1], most - forgotten}));
    forgotten += static_cast<int64_t>(rows.affected());
    if (forgotten >= most) break;
    ASSIGN_OR_RETURN(const db::Rows closed, db::Execute(call, pool_, sql::kForgetGoneRoom, room));
    forgotten += static_cast<int64_t>(closed.affected());
  }
  return forgotten;
}

}  // namespace usher::room
