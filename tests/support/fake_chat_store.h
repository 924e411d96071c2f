// Chat in memory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/status/try.h"
#include "services/room/chat/chat_store.h"
#include "tests/support/fake_answers.h"

namespace usher::room {

// Thread-safe. Held to chat_store_contract.h and chat_reading_contract.h, like the real one. Rooms
// are what a test makes of them.
class FakeChatStore final : public ChatStore {
 public:
  struct MadeRoom {
    std::optional<RoomRights> default_rights;
    std::map<UserId, RoomRights> entries;
    std::set<SubRoomId> sub_rooms;
  };

  explicit FakeChatStore(const Clock& clock) : clock_(clock) {}

  void Make(const CompanyId& company, const RoomId& room, MadeRoom made) {
    const absl::MutexLock lock(&mutex_);
    made_[{company, room}] = std::move(made);
  }
  // The room is destroyed; what was said in it is still there.
  void Destroy(const CompanyId& company, const RoomId& room) {
    const absl::MutexLock lock(&mutex_);
    made_.erase({company, room});
  }
  // All methods fail with it until it is OK.
  void Fail(absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  // What the feed asks about this company fails.
  void FailFor(CompanyId company) {
    const absl::MutexLock lock(&mutex_);
    unreadable_ = std::move(company);
  }
  // How often news were read.
  int reads() const {
    const absl::MutexLock lock(&mutex_);
    return reads_;
  }

  absl::StatusOr<ChatReceipt> Append(const CallContext& call, const CompanyId& company,
                                     const UserId& subject, const UserId& sender,
                                     const std::string& id, const ChatDraft& draft,
                                     const DecideSend& decide) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    std::vector<std::optional<ChatAccess>> accesses;
    for (const RoomId& room : draft.rooms) {
      accesses.push_back(AccessOf(company, {room, subject, draft.sub_room}));
    }
    RETURN_IF_ERROR(decide(accesses));
    ASSIGN_OR_RETURN(const std::optional<ChatReceipt> answered, answers_.Find(call));
    if (answered) return *answered;
    ChatReceipt receipt{id, clock_.Now()};
    for (const RoomId& room : draft.rooms) {
      const Said& said = said_[{company, room}];
      receipt.sent_at = std::max(receipt.sent_at, said.last_at);
    }
    for (const RoomId& room : draft.rooms) {
      Said& said = said_[{company, room}];
      ChatMessage message;
      static_cast<ChatText&>(message) = draft;
      message.id = id;
      message.room = room;
      message.position = ++said.last;
      message.sender = sender;
      message.sent_at = said.last_at = receipt.sent_at;
      said.messages.push_back(std::move(message));
    }
    answers_.Bind(call, receipt);
    return receipt;
  }

  absl::StatusOr<std::vector<std::optional<ChatAccess>>> FindAccesses(
      const CallContext&, const CompanyId& company, const std::vector<ChatAsker>& askers) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    if (company == unreadable_) return absl::UnavailableError("this company alone");
    std::vector<std::optional<ChatAccess>> found;
    for (const ChatAsker& asker : askers) found.push_back(AccessOf(company, asker));
    return found;
  }

  absl::StatusOr<ChatPlace> FindPlace(const CallContext&, const CompanyId& company,
                                      const RoomId& room) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    const Said& said = said_[{company, room}];
    return ChatPlace{said.last, said.messages.empty() ? 0 : said.messages.front().position};
  }

  absl::StatusOr<ChatPageRead> List(const CallContext&, const CompanyId& company,
                                    const RoomId& room, const ChatSpan& span) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    ChatPageRead page;
    const std::vector<ChatMessage>& messages = said_[{company, room}].messages;
    for (auto at = messages.rbegin(); at != messages.rend(); ++at) {
      const bool is_before =
          std::pair(at->sent_at, at->position) < std::pair(span.until, span.before);
      if (!is_before || at->sent_at < span.from || at->position > span.newest ||
          !IsHeard(*at, span.scope)) {
        continue;
      }
      if (page.messages.size() == span.limit) {
        page.more = true;
        break;
      }
      page.messages.push_back(*at);
    }
    return page;
  }

  absl::StatusOr<std::vector<ChatNews>> ReadNews(const CallContext&, const CompanyId& company,
                                                 const std::vector<ChatMark>& marks) override {
    const absl::MutexLock lock(&mutex_);
    ++reads_;
    if (!failure_.ok()) return failure_;
    if (company == unreadable_) return absl::UnavailableError("this company alone");
    std::vector<ChatNews> all;
    int64_t bytes = 0;
    for (const ChatMark& mark : marks) {
      ChatNews& news = all.emplace_back();
      for (const ChatMessage& message : said_[{company, mark.room}].messages) {
        if (message.position <= mark.after) continue;
        bytes += static_cast<int64_t>(message.text.size());
        if (bytes > kLargestNews) {
          news.more = true;
          break;
        }
        news.messages.push_back(message);
        if (news.messages.size() == kMostNews) {
          news.more = true;
          break;
        }
      }
    }
    return all;
  }

  absl::StatusOr<bool> ForgetSender(const CallContext&, const CompanyId& company,
                                    const UserId& sender, uint32_t most) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    int64_t left = most;
    for (auto& [key, said] : said_) {
      if (key.first != company) continue;
      Forget(said, &left, [&](const ChatMessage& message) { return message.sender == sender; });
    }
    return left == 0;
  }

  absl::StatusOr<int64_t> ForgetOld(const CallContext&, absl::Duration retention,
                                    int64_t most) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    int64_t left = most;
    const absl::Time until = clock_.Now() - retention;
    for (auto& [key, said] : said_) {
      Forget(said, &left, [&](const ChatMessage& message) { return message.sent_at < until; });
    }
    return most - left;
  }

  absl::StatusOr<int64_t> ForgetGone(const CallContext&, int64_t most) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    int64_t left = most;
    for (auto at = said_.begin(); at != said_.end();) {
      const bool gone = !made_.contains(at->first);
      if (gone) Forget(at->second, &left, [](const ChatMessage&) { return true; });
      if (gone && at->second.messages.empty() && left > 0) {
        --left;
        at = said_.erase(at);
      } else {
        ++at;
      }
    }
    return most - left;
  }

 private:
  using Key = std::pair<CompanyId, RoomId>;
  struct Said {
    int64_t last = 0;
    absl::Time last_at = absl::InfinitePast();
    std::vector<ChatMessage> messages;
  };

  std::optional<ChatAccess> AccessOf(const CompanyId& company, const ChatAsker& asker) const {
    mutex_.AssertHeld();
    const auto found = made_.find({company, asker.room});
    if (found == made_.end()) return std::nullopt;
    ChatAccess access;
    access.room.default_rights = found->second.default_rights;
    const auto entry = found->second.entries.find(asker.subject);
    if (entry != found->second.entries.end()) access.room.entry = entry->second;
    access.has_sub_room = found->second.sub_rooms.contains(asker.sub_room);
    return access;
  }

  template <class Is>
  static void Forget(Said& said, int64_t* left, Is is) {
    std::erase_if(said.messages, [&](const ChatMessage& message) {
      if (*left == 0 || !is(message)) return false;
      --*left;
      return true;
    });
  }

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  CompanyId unreadable_ ABSL_GUARDED_BY(mutex_);
  std::map<Key, MadeRoom> made_ ABSL_GUARDED_BY(mutex_);
  std::map<Key, Said> said_ ABSL_GUARDED_BY(mutex_);
  FakeAnswers<ChatReceipt> answers_ ABSL_GUARDED_BY(mutex_);
  int reads_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::room
