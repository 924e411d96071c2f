// Where chat messages are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/room/chat/chat_message.h"
#include "services/room/chat/chat_rights.h"

namespace usher::room {

// What comes of a message once its rooms are held, in the order of the draft; nothing where there
// is no such room. A failure leaves nothing behind. May be called several times.
using DecideSend = std::function<absl::Status(const std::vector<std::optional<ChatAccess>>& rooms)>;

// What a message was given when it was written.
struct ChatReceipt {
  std::string id;      // a UUID
  absl::Time sent_at;  // to the microsecond

  friend bool operator==(const ChatReceipt&, const ChatReceipt&) = default;
};

// Somebody who listens, or wants to.
struct ChatAsker {
  RoomId room;
  UserId subject;      // under whom entries are kept
  SubRoomId sub_room;  // empty: none is asked about
};

// What a database can still write down.
inline constexpr absl::Time kEndOfTime = absl::FromUnixSeconds(253402300799);  // 9999-12-31

// A page of what was said, from its newest message back.
struct ChatSpan {
  ChatScope scope;
  absl::Time from = absl::UnixEpoch();  // inclusive
  absl::Time until = kEndOfTime;        // exclusive; of messages at that very time those
  int64_t before = 0;                   // whose position is smaller than this
  int64_t newest = INT64_MAX;           // no position behind this one
  uint32_t limit = 100;
};

struct ChatPageRead {
  std::vector<ChatMessage> messages;  // the newest first
  bool more = false;                  // older ones are left, of this span
};

// Where in a room somebody stands.
struct ChatMark {
  RoomId room;
  int64_t after = 0;
};

struct ChatNews {
  std::vector<ChatMessage> messages;  // the oldest first
  bool more = false;                  // there are newer ones
};

// Thread-safe. Every method but those that forget what is old stays inside one company. Errors
// besides those named: sql_error.h.
class ChatStore {
 public:
  virtual ~ChatStore() = default;

  // Writes the message into all rooms of the draft, at the next position of each; the rooms stay
  // while it is written. Positions become visible in their order. Answers under which ID and when,
  // also where a call with this idempotency key was answered before (then nothing is written).
  // Fails as `decide` does; ACTION_INVALID as in idempotency.h.
  virtual absl::StatusOr<ChatReceipt> Append(const CallContext& call, const CompanyId& company,
                                             const UserId& subject, const UserId& sender,
                                             const std::string& id, const ChatDraft& draft,
                                             const DecideSend& decide) = 0;

  // In the order of `askers`, of which there are at most 1,000; nothing where there is no such
  // room.
  virtual absl::StatusOr<std::vector<std::optional<ChatAccess>>> FindAccesses(
      const CallContext& call, const CompanyId& company, const std::vector<ChatAsker>& askers) = 0;

  // All zero where nothing was ever written.
  virtual absl::StatusOr<ChatPlace> FindPlace(const CallContext& call, const CompanyId& company,
                                              const RoomId& room) = 0;

  // At most as many as one reply holds.
  virtual absl::StatusOr<ChatPageRead> List(const CallContext& call, const CompanyId& company,
                                            const RoomId& room, const ChatSpan& span) = 0;

  // What was written behind each mark, in the order of `marks`: at most kMostNews of each, and of
  // all together not much more than kLargestNews bytes; of sub-rooms all.
  virtual absl::StatusOr<std::vector<ChatNews>> ReadNews(const CallContext& call,
                                                         const CompanyId& company,
                                                         const std::vector<ChatMark>& marks) = 0;
  static constexpr uint32_t kMostNews = 100;           // messages of a mark
  static constexpr int64_t kLargestNews = 256 * 1024;  // bytes of text

  // Deletes at most `most` messages that a user has written. True when there were as many.
  virtual absl::StatusOr<bool> ForgetSender(const CallContext& call, const CompanyId& company,
                                            const UserId& sender, uint32_t most) = 0;

  // Of all companies, at most `most` messages that are older than `retention`, or that were written
  // in rooms which are destroyed; how many there were.
  virtual absl::StatusOr<int64_t> ForgetOld(const CallContext& call, absl::Duration retention,
                                            int64_t most) = 0;
  virtual absl::StatusOr<int64_t> ForgetGone(const CallContext& call, int64_t most) = 0;
};

}  // namespace usher::room
