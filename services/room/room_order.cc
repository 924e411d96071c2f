#include "services/room/room_order.h"

#include <limits>

namespace usher::room {

std::optional<int64_t> PlaceBetween(std::optional<int64_t> before, std::optional<int64_t> after) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
  if (!before && !after) return 0;
  if (!before) {
    if (*after < kLowest + kBetweenPlaces) return std::nullopt;
    return *after - kBetweenPlaces;
  }
  if (!after) {
    if (*before > kHighest - kBetweenPlaces) return std::nullopt;
    return *before + kBetweenPlaces;
  }
  // Unsigned: the distance may be more than an int64_t holds.
  const uint64_t distance = static_cast<uint64_t>(*after) - static_cast<uint64_t>(*before);
  if (*after <= *before || distance < 2) return std::nullopt;
  return static_cast<int64_t>(static_cast<uint64_t>(*before) + distance / 2);
}

std::vector<int64_t> NewPlaces(size_t count) {
  std::vector<int64_t> places(count);
  for (size_t i = 0; i < count; ++i) {
    places[i] = -static_cast<int64_t>(count - 1 - i) * kBetweenPlaces;
  }
  return places;
}

}  // namespace usher::room
