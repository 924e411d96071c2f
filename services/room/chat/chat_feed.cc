#include "services/room/chat/chat_feed.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

// Of one statement: some milliseconds for the database, in which nobody else is told anything.
constexpr size_t kRoomsAtOnce = 200;
constexpr size_t kJudgedAtOnce = 1000;
constexpr size_t kBehindAtOnce = 50;
constexpr absl::Duration kLongestStatement = absl::Seconds(2);
// Beyond, it is cheaper to look everywhere.
constexpr size_t kMostCalled = 10'000;

}  // namespace

ChatFeed::ChatFeed(ChatStore& store, const Clock& clock, ChatFeedOptions options)
    : store_(store), clock_(clock), options_(options), next_judging_(clock.Now()) {}

ChatFeed::~ChatFeed() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  cancelled_->store(true);
  if (thread_.joinable()) thread_.join();
}

void ChatFeed::Add(ChatWatch watch, std::shared_ptr<ChatListener> listener) {
  auto watcher = std::make_shared<Watcher>();
  watcher->watch = std::move(watch);
  watcher->listener = std::move(listener);
  watcher->told_at = clock_.Now();
  ++watchers_;
  const absl::MutexLock lock(&mutex_);
  arrived_.push_back(std::move(watcher));
}

void ChatFeed::Look(const CompanyId& company, const RoomId& room) {
  const absl::MutexLock lock(&mutex_);
  if (called_.size() >= kMostCalled) {
    called_.clear();
    everywhere_ = true;
  }
  called_.emplace(company, room);
}

void ChatFeed::LookEverywhere() {
  const absl::MutexLock lock(&mutex_);
  everywhere_ = true;
}

void ChatFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ChatFeed::Run() {
  while (true) {
    const absl::Time next = Round();
    const absl::MutexLock lock(&mutex_);
    const auto wanted = [this] {
      mutex_.AssertReaderHeld();
      return ending_ || everywhere_ || !arrived_.empty() || !called_.empty();
    };
    // While the store fails, what is wanted waits with the rest.
    const auto ends = [this] {
      mutex_.AssertReaderHeld();
      return ending_;
    };
    const absl::Duration left = next - clock_.Now();
    if (failing_) {
      mutex_.AwaitWithTimeout(absl::Condition(&ends), left);
    } else {
      mutex_.AwaitWithTimeout(absl::Condition(&wanted), left);
    }
    if (ending_) return;
  }
}

absl::Time ChatFeed::Round() {
  TakeIn();
  const absl::Status done = DoWhatIsDue();
  if (!done.ok() && !failing_ && !cancelled_->load()) {
    log::Warning("chat: what is new cannot be read, and is tried again",
                 {{"error", done.message()}});
  }
  if (done.ok() && failing_) log::Info("chat: what is new is read again");
  failing_ = !done.ok();
  const absl::Time now = clock_.Now();
  if (failing_) return now + options_.retry;
  if (!news_.empty() || !perhaps_.empty() || !unjudged_.empty() || goes_on_) return now;
  return !laggards_.empty() ? std::min(next_judging_, now + options_.catch_up) : next_judging_;
}

void ChatFeed::TakeIn() {
  std::vector<WatcherPtr> arrived;
  std::set<RoomKey> called;
  bool everywhere = false;
  {
    const absl::MutexLock lock(&mutex_);
    arrived.swap(arrived_);
    called.swap(called_);
    std::swap(everywhere, everywhere_);
  }
  for (WatcherPtr& watcher : arrived) Place(std::move(watcher));
  for (const RoomKey& key : called) {
    if (rooms_.contains(key)) news_.insert(key);
  }
  if (!everywhere) return;
  for (const auto& [key, followed] : rooms_) perhaps_.insert(key);
}

void ChatFeed::Place(WatcherPtr arrived) {
  const RoomKey key(arrived->watch.viewer.company, arrived->watch.room);
  const auto [found, is_new] = rooms_.try_emplace(key);
  Followed& followed = found->second;
  if (is_new) followed.head = arrived->watch.after;
  // Something may have been written since it was looked where the room stands.
  news_.insert(key);
  const bool is_behind = arrived->watch.after < followed.head;
  if (is_behind) laggards_.insert(key);
  (is_behind ? followed.behind : followed.live).push_back(std::move(arrived));
}

absl::Status ChatFeed::DoWhatIsDue() {
  RETURN_IF_ERROR(TellNews());
  RETURN_IF_ERROR(LookSomewhere());
  RETURN_IF_ERROR(CatchUp());
  if (unjudged_.empty() && clock_.Now() >= next_judging_) BeginJudging();
  return JudgeSome();
}

// All rooms that were called, company by company.
absl::Status ChatFeed::TellNews() {
  std::vector<RoomKey> keys(news_.begin(), news_.end());
  for (auto at = keys.begin(); at != keys.end();) {
    auto end = at;
    while (end != keys.end() && end->first == at->first &&
           static_cast<size_t>(end - at) < kRoomsAtOnce) {
      ++end;
    }
    RETURN_IF_ERROR(ReadRooms({at, end}));
    at = end;
  }
  return absl::OkStatus();
}

// At one company's rooms of those where there might be something.
absl::Status ChatFeed::LookSomewhere() {
  std::vector<RoomKey> some;
  for (const RoomKey& key : perhaps_) {
    if (some.size() == kRoomsAtOnce || (!some.empty() && some.front().first != key.first)) break;
    some.push_back(key);
  }
  if (some.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(ReadRooms(some));
  for (const RoomKey& key : some) perhaps_.erase(key);
  return absl::OkStatus();
}

// Pre: rooms of one company.
absl::Status ChatFeed::ReadRooms(const std::vector<RoomKey>& rooms) {
  std::vector<ChatMark> marks;
  std::vector<RoomKey> read;
  for (const RoomKey& key : rooms) {
    const auto found = rooms_.find(key);
    if (found == rooms_.end()) {
      news_.erase(key);
      continue;
    }
    marks.push_back({key.second, found->second.head});
    read.push_back(key);
  }
  if (marks.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<ChatNews> news,
                   store_.ReadNews(NewCall(), rooms.front().first, marks));
  for (size_t i = 0; i < read.size(); ++i) {
    if (news[i].more) {
      news_.insert(read[i]);
    } else {
      news_.erase(read[i]);
    }
    if (news[i].messages.empty()) continue;
    Followed& followed = rooms_[read[i]];
    for (const WatcherPtr& watcher : followed.live) Tell(*watcher, news[i].messages);
    followed.head = news[i].messages.back().position;
  }
  return absl::OkStatus();
}

// A page for each who is behind and has taken the page before.
absl::Status ChatFeed::CatchUp() {
  goes_on_ = false;
  for (auto at = laggards_.begin(); at != laggards_.end();) {
    const auto room = rooms_.find(*at);
    if (room != rooms_.end()) RETURN_IF_ERROR(CatchUpIn(*at, room->second));
    const bool is_done = room == rooms_.end() || room->second.behind.empty();
    at = is_done ? laggards_.erase(at) : std::next(at);
  }
  return absl::OkStatus();
}

absl::Status ChatFeed::CatchUpIn(const RoomKey& key, Followed& followed) {
  std::vector<WatcherPtr> ready;
  std::vector<ChatMark> marks;
  for (const WatcherPtr& watcher : followed.behind) {
    if (ready.size() == kBehindAtOnce) break;
    if (watcher->over || !watcher->listener->ready()) continue;
    ready.push_back(watcher);
    marks.push_back({key.second, watcher->watch.after});
  }
  if (!ready.empty()) {
    ASSIGN_OR_RETURN(const std::vector<ChatNews> news,
                     store_.ReadNews(NewCall(), key.first, marks));
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

void ChatFeed::Tell(Watcher& watcher, const std::vector<ChatMessage>& messages) {
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

void ChatFeed::TellPosition(Watcher& watcher) {
  if (clock_.Now() - watcher.told_at < options_.longest_silence) return;
  watcher.told_at = clock_.Now();
  if (!watcher.over && !watcher.listener->Tell({}, watcher.watch.after)) watcher.over = true;
}

void ChatFeed::End(Watcher& watcher, const absl::Status& why) {
  if (!watcher.over) watcher.listener->End(why);
  watcher.over = true;
}

void ChatFeed::BeginJudging() {
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
absl::Status ChatFeed::JudgeSome() {
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
  ASSIGN_OR_RETURN(const auto accesses, store_.FindAccesses(NewCall(), company, askers));
  for (size_t i = 0; i < some.size(); ++i) {
    const ChatWatch& watch = some[i]->watch;
    const absl::Status may = CheckMayRead(watch.viewer, accesses[i], watch.scope);
    if (!may.ok()) End(*some[i], may);
  }
  unjudged_.resize(unjudged_.size() - some.size());
  return absl::OkStatus();
}

// Forgets who has left, and rooms that nobody watches.
void ChatFeed::Prune() {
  size_t left = 0;
  for (auto at = rooms_.begin(); at != rooms_.end();) {
    Followed& followed = at->second;
    const auto gone = [](const WatcherPtr& watcher) {
      return watcher->over || watcher->listener->closed();
    };
    left += std::erase_if(followed.live, gone) + std::erase_if(followed.behind, gone);
    at = followed.live.empty() && followed.behind.empty() ? rooms_.erase(at) : std::next(at);
  }
  watchers_ -= left;
}

CallContext ChatFeed::NewCall() const {
  CallContext call;
  call.rpc = "chat.feed";
  call.request_id = "chat.feed";
  call.deadline = absl::Now() + kLongestStatement;
  call.cancelled = cancelled_;
  return call;
}

}  // namespace usher::room
