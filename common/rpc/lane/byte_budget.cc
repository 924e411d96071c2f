#include "common/rpc/lane/byte_budget.h"

#include <utility>

namespace usher::rpc {

std::unique_ptr<ByteBudget::Share> ByteBudget::TryTake(absl::string_view key, size_t bytes,
                                                       Standing standing) {
  std::string own(key);
  const absl::MutexLock lock(&mutex_);
  if (bytes > most_ - taken_) return nullptr;
  const bool stranger = standing == Standing::kStranger;
  if (stranger && bytes > RoomOfStrangers(most_) - of_strangers_) return nullptr;
  const auto found = by_key_.find(own);
  const size_t held = found == by_key_.end() ? 0 : found->second;
  if (held > 0 && held + bytes > most_of_one_) return nullptr;
  by_key_[own] = held + bytes;
  taken_ += bytes;
  if (stranger) of_strangers_ += bytes;
  return std::make_unique<Share>(*this, std::move(own), bytes, standing);
}

void ByteBudget::GiveBack(const std::string& key, size_t bytes, Standing standing) {
  const absl::MutexLock lock(&mutex_);
  taken_ -= bytes;
  if (standing == Standing::kStranger) of_strangers_ -= bytes;
  const auto found = by_key_.find(key);
  if ((found->second -= bytes) == 0) by_key_.erase(found);
}

size_t ByteBudget::taken() const {
  const absl::MutexLock lock(&mutex_);
  return taken_;
}

}  // namespace usher::rpc
