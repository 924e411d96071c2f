#include "services/room/chat/chat_audience.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/try.h"
#include "services/room/chat/chat_rights.h"

namespace usher::room {
namespace {

// Of one statement: some milliseconds for the database, in which nobody else is told anything.
constexpr size_t kJudgedAtOnce = 1000;
constexpr size_t kBehindAtOnce = 50;

}  // namespace

ChatAudience::ChatAudience(ChatStore& store, const Clock& clock, ChatFeedOptions options)
    : store_(store), clock_(clock), options_(options), next_judging_(clock.Now()) {}

void ChatAudience::Add(ChatWatch watch, std::shared_ptr<ChatListener> listener) {
  auto watcher = std::make_shared<Watcher>();
  watcher->watch = std::move(watch);
  watcher->listener = std::move(listener);
  watcher->told_at = clock_.Now();
  ++watchers_;
  const absl::MutexLock lock(&mutex_);
  arrived_.push_back(std::move(watcher));
}

void ChatAudience::TakeIn() {
  std::vector<WatcherPtr> arrived;
  {
    const absl::MutexLock lock(&mutex_);
    arrived.swap(arrived_);
  }
  for (WatcherPtr& watcher : arrived) Place(std::move(watcher));
}

std::vector<Topic> ChatAudience::Followed() const {
  std::vector<Topic> rooms;
  rooms.reserve(rooms_.size());
  for (const auto& [room, followed] : rooms_) rooms.push_back(room);
  return rooms;
}

void ChatAudience::Place(WatcherPtr arrived) {
  const Topic room{arrived->watch.viewer.company, arrived->watch.room.value()};
  const auto [found, is_new] = rooms_.try_emplace(room);
  FollowedRoom& followed = found->second;
  if (is_new) followed.head = arrived->watch.last;
  const bool is_behind = arrived->watch.after < followed.head;
  if (is_behind) laggards_.insert(room);
  (is_behind ? followed.behind : followed.live).push_back(std::move(arrived));
}

absl::StatusOr<std::vector<Topic>> ChatAudience::Read(Feed& feed, const std::vector<Topic>& rooms) {
  std::vector<ChatMark> marks;
  std::vector<Topic> read;
  for (const Topic& room : rooms) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) continue;
    marks.push_back({RoomId(room.name), found->second.head});
    read.push_back(room);
  }
  std::vector<Topic> unfinished;
  if (marks.empty()) return unfinished;
  ASSIGN_OR_RETURN(const std::vector<ChatNews> news,
                   store_.ReadNews(feed.NewCall(), rooms.front().company, marks));
  for (size_t i = 0; i < read.size(); ++i) {
    if (news[i].more) unfinished.push_back(read[i]);
    if (news[i].messages.empty()) continue;
    FollowedRoom& followed = rooms_[read[i]];
    for (const WatcherPtr& watcher : followed.live) Tell(*watcher, news[i].messages);
    followed.head = news[i].messages.back().position;
  }
  return unfinished;
}

absl::StatusOr<absl::Time> ChatAudience::DoWhatIsDue(Feed& feed) {
  absl::Status status = CatchUp(feed);
  if (unjudged_.empty() && clock_.Now() >= next_judging_) BeginJudging();
  status.Update(JudgeSome(feed));
  RETURN_IF_ERROR(status);
  const absl::Time now = clock_.Now();
  if (!unjudged_.empty() || goes_on_) return now;
  return !laggards_.empty() ? std::min(next_judging_, now + options_.catch_up) : next_judging_;
}

// A page for each who is behind and has taken the page before.
absl::Status ChatAudience::CatchUp(const Feed& feed) {
  goes_on_ = false;
  for (const Topic& name : InTurn(laggards_, failed_)) {
    const auto room = rooms_.find(name);
    if (room != rooms_.end()) {
      failed_ = name;
      RETURN_IF_ERROR(CatchUpIn(feed, name, room->second));
    }
    if (room == rooms_.end() || room->second.behind.empty()) laggards_.erase(name);
  }
  failed_ = Topic();
  return absl::OkStatus();
}

absl::Status ChatAudience::CatchUpIn(const Feed& feed, const Topic& room, FollowedRoom& followed) {
  std::vector<WatcherPtr> ready;
  std::vector<ChatMark> marks;
  for (const WatcherPtr& watcher : followed.behind) {
    if (ready.size() == kBehindAtOnce) break;
    if (watcher->over || !watcher->listener->ready()) continue;
    ready.push_back(watcher);
    marks.push_back({RoomId(room.name), watcher->watch.after});
  }
  if (!ready.empty()) {
    ASSIGN_OR_RETURN(const std::vector<ChatNews> news,
                     store_.ReadNews(feed.NewCall(), room.company, marks));
    for (size_t i = 0; i < ready.size(); ++i) {
      Tell(*ready[i], news[i].messages);
      // What there was is forgotten.
      int64_t& after = ready[i]->watch.after;
      if (news[i].messages.empty() && !news[i].more) after = std::max(after, followed.head);
    }
  }
  // In turns: those who were served stand behind those who were not.
  const auto waits = [head = followed.head](const WatcherPtr& watcher) {
    return watcher->watch.after < head && !watcher->over;
  };
  std::vector<WatcherPtr> behind;
  std::vector<WatcherPtr> served;
  for (WatcherPtr& watcher : followed.behind) {
    const bool was_served = std::find(ready.begin(), ready.end(), watcher) != ready.end();
    if (!waits(watcher)) {
      followed.live.push_back(std::move(watcher));
    } else {
      (was_served ? served : behind).push_back(std::move(watcher));
    }
  }
  goes_on_ = goes_on_ || !served.empty();
  behind.insert(behind.end(), served.begin(), served.end());
  followed.behind = std::move(behind);
  return absl::OkStatus();
}

void ChatAudience::Tell(Watcher& watcher, const std::vector<ChatMessage>& messages) {
  if (watcher.over || messages.empty()) return;
  std::vector<const ChatMessage*> heard;
  for (const ChatMessage& message : messages) {
    if (message.position > watcher.watch.after && IsHeard(message, watcher.watch.scope)) {
      heard.push_back(&message);
    }
  }
  watcher.watch.after = std::max(watcher.watch.after, messages.back().position);
  if (heard.empty()) return;
  watcher.told_at = clock_.Now();
  if (!watcher.listener->Tell(heard, watcher.watch.after)) watcher.over = true;
}

void ChatAudience::TellPosition(Watcher& watcher) {
  if (clock_.Now() - watcher.told_at < options_.longest_silence) return;
  watcher.told_at = clock_.Now();
  if (!watcher.over && !watcher.listener->Tell({}, watcher.watch.after)) watcher.over = true;
}

void ChatAudience::End(Watcher& watcher, const absl::Status& why) {
  if (!watcher.over) watcher.listener->End(why);
  watcher.over = true;
}

void ChatAudience::BeginJudging() {
  next_judging_ = clock_.Now() + options_.judge_period;
  Prune();
  for (const auto& [key, followed] : rooms_) {
    for (const WatcherPtr& watcher : followed.live) TellPosition(*watcher);
    unjudged_.insert(unjudged_.end(), followed.live.begin(), followed.live.end());
    unjudged_.insert(unjudged_.end(), followed.behind.begin(), followed.behind.end());
  }
  // They are taken from the end.
  std::reverse(unjudged_.begin(), unjudged_.end());
}

// Whether some of one company still may listen.
absl::Status ChatAudience::JudgeSome(const Feed& feed) {
  if (unjudged_.empty()) return absl::OkStatus();
  const CompanyId company = unjudged_.back()->watch.viewer.company;
  std::vector<WatcherPtr> some;
  std::vector<ChatAsker> askers;
  for (size_t i = unjudged_.size(); i > 0 && some.size() < kJudgedAtOnce; --i) {
    const ChatWatch& watch = unjudged_[i - 1]->watch;
    if (watch.viewer.company != company) break;
    some.push_back(unjudged_[i - 1]);
    askers.push_back({watch.room, watch.viewer.subject, watch.scope.sub_room});
  }
  const auto accesses = store_.FindAccesses(feed.NewCall(), company, askers);
  unjudged_.resize(unjudged_.size() - some.size());
  // They are judged with the next period; the others do not wait for them.
  RETURN_IF_ERROR(accesses.status());
  for (size_t i = 0; i < some.size(); ++i) {
    const ChatWatch& watch = some[i]->watch;
    const absl::Status may = CheckMayRead(watch.viewer, (*accesses)[i], watch.scope);
    if (!may.ok()) End(*some[i], may);
  }
  return absl::OkStatus();
}

// Forgets who has left, and rooms that nobody watches.
void ChatAudience::Prune() {
  size_t left = 0;
  for (auto at = rooms_.begin(); at != rooms_.end();) {
    FollowedRoom& followed = at->second;
    const auto gone = [](const WatcherPtr& watcher) {
      return watcher->over || watcher->listener->closed();
    };
    left += std::erase_if(followed.live, gone) + std::erase_if(followed.behind, gone);
    at = followed.live.empty() && followed.behind.empty() ? rooms_.erase(at) : std::next(at);
  }
  watchers_ -= left;
}

}  // namespace usher::room
