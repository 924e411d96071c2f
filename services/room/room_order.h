// The order of rooms that have the same parent: by `sort`, and where that is the same by age. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/id.h"

namespace usher::room {

// Where a room is to stand.
struct RoomMove {
  RoomId room;
  RoomId parent;  // empty: at the top
  RoomId after;   // right behind it; empty: in the first place
};

// What is left between two numbers that are given anew, for rooms that come between them later.
inline constexpr int64_t kBetweenPlaces = 65536;

// How many rooms may be numbered anew to make a place among them.
inline constexpr size_t kMostNumbered = 10000;

// The number of a place between those of two neighbours; nothing: there is no neighbour. Nothing
// when no number is left, so that their parent's rooms have to be numbered anew.
std::optional<int64_t> PlaceBetween(std::optional<int64_t> before, std::optional<int64_t> after);

// New numbers for `count` rooms in their order. The last gets 0, so that rooms made later, whose
// number that is, come after all of them.
std::vector<int64_t> NewPlaces(size_t count);

}  // namespace usher::room
