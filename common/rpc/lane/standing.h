// What is known of whoever wants something done, and how much is there for whom.
#pragma once

#include <cstddef>
#include <cstdint>

namespace usher::rpc {

enum class Standing : uint8_t {
  kKnown,     // came with a valid token, or with the certificate of a service
  kStranger,  // may be anybody
};

// Of what there is `all` of, all strangers together: however many they are, the last quarter is
// there for those who are known.
constexpr size_t RoomOfStrangers(size_t all) { return all - all / 4; }

}  // namespace usher::rpc
