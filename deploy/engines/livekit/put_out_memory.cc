#include "deploy/engines/livekit/put_out_memory.h"

#include <algorithm>

namespace usher::livekit {

void PutOutMemory::PutOut(const std::string& room, const std::string& user, absl::Time now,
                          absl::Time expires) {
  const absl::Time token_ends = expires == absl::InfinitePast() ? now + kUnknownLifetime : expires;
  const Key key(user, room);
  Entry entry{now, std::max(token_ends, now + kServerTokenLifetime)};
  if (const auto before = entries_.find(key); before != entries_.end()) {
    entry.until = std::max(entry.until, before->second.until);
    Remove(key);
  }
  entries_.emplace(key, entry);
  by_end_.emplace(entry.until, key);
  if (entries_.size() > most_) Remove(Key(by_end_.begin()->second));
}

bool PutOutMemory::Refuses(const std::string& room, const std::string& user,
                           absl::Time issued) const {
  const auto refuses = [&](const std::string& place) {
    const auto entry = entries_.find(Key(user, place));
    return entry != entries_.end() && issued <= entry->second.at;
  };
  return refuses(room) || refuses("");
}

void PutOutMemory::Forget(absl::Time now) {
  while (!by_end_.empty() && by_end_.begin()->first <= now) Remove(Key(by_end_.begin()->second));
}

void PutOutMemory::Remove(const Key& key) {
  const auto entry = entries_.find(key);
  auto [at, end] = by_end_.equal_range(entry->second.until);
  while (at != end && at->second != key) ++at;
  if (at != end) by_end_.erase(at);
  entries_.erase(entry);
}

}  // namespace usher::livekit
