#include "common/server/connection_counts.h"

#include <sys/stat.h>

#include <utility>

namespace usher::server {
namespace {

// 0 where there is no such descriptor. A socket's is its own while it is open.
ino_t InodeOf(int descriptor) {
  struct stat found = {};
  return fstat(descriptor, &found) == 0 ? found.st_ino : 0;
}

}  // namespace

struct ConnectionCounts::Holder {
  std::string key;
  std::vector<int> descriptors;
  absl::Time looked = absl::InfinitePast();
};

ConnectionCounts::ConnectionCounts(size_t most) : most_(most) {}

ConnectionCounts::~ConnectionCounts() = default;

bool ConnectionCounts::TryAdd(absl::string_view key, int descriptor, absl::Time now) {
  const auto index = static_cast<size_t>(descriptor);
  if (held_.size() <= index) held_.resize(index + 1);
  Release(descriptor);
  if (const auto found = holders_.find(key); found != holders_.end()) {
    Holder& holder = *found->second;
    const bool full = holder.descriptors.size() >= most_;
    if (full && now - holder.looked < kBetweenLooks) return false;
    if (full) {
      holder.looked = now;
      ReleaseClosed(std::vector<int>(holder.descriptors));
    }
  }
  std::unique_ptr<Holder>& holder = holders_[std::string(key)];
  if (holder == nullptr) {
    holder = std::make_unique<Holder>();
    holder->key.assign(key.data(), key.size());
  }
  if (holder->descriptors.size() >= most_) return false;
  held_[index] = {holder.get(), holder->descriptors.size(), InodeOf(descriptor)};
  holder->descriptors.push_back(descriptor);
  return true;
}

size_t ConnectionCounts::CountOf(absl::string_view key) const {
  const auto found = holders_.find(key);
  return found == holders_.end() ? 0 : found->second->descriptors.size();
}

void ConnectionCounts::Release(int descriptor) {
  const Held held = std::exchange(held_[static_cast<size_t>(descriptor)], {});
  if (held.holder == nullptr) return;
  std::vector<int>& others = held.holder->descriptors;
  others[held.place] = others.back();
  held_[static_cast<size_t>(others.back())].place = held.place;
  others.pop_back();
  if (others.empty()) holders_.erase(holders_.find(held.holder->key));
}

void ConnectionCounts::ReleaseClosed(const std::vector<int>& descriptors) {
  for (const int descriptor : descriptors) {
    if (InodeOf(descriptor) != held_[static_cast<size_t>(descriptor)].inode) Release(descriptor);
  }
}

}  // namespace usher::server
