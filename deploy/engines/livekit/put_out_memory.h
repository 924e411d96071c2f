// Who was put out, for as long as a token that they had could open something.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace usher::livekit {

// A token that was made after its owner was put out is another one, and good: they have been
// invited again. Bounded: the ones that end first are forgotten first.
class PutOutMemory {
 public:
  static constexpr size_t kMost = 100000;
  // A token's life where nobody has seen it.
  static constexpr absl::Duration kUnknownLifetime = absl::Hours(24);
  // LiveKit itself hands tokens to who is in a room, good for ten minutes (its roommanager.go,
  // tokenDefaultTTL); the rest is for clocks.
  static constexpr absl::Duration kServerTokenLifetime = absl::Minutes(11);

  explicit PutOutMemory(size_t most = kMost) : most_(most) {}

  // `room` empty: of all rooms. `expires`: of the token that they came with, as far as it is known.
  void PutOut(const std::string& room, const std::string& user, absl::Time now,
              absl::Time expires = absl::InfinitePast());

  // Whether a token that was made at `issued` opens this room to the user no more.
  bool Refuses(const std::string& room, const std::string& user, absl::Time issued) const;

  // Forgets what is over.
  void Forget(absl::Time now);

  size_t size() const { return entries_.size(); }

 private:
  using Key = std::pair<std::string, std::string>;  // user and room
  struct Entry {
    absl::Time at;
    absl::Time until;
  };

  void Remove(const Key& key);

  const size_t most_;
  std::map<Key, Entry> entries_;
  std::multimap<absl::Time, Key> by_end_;
};

}  // namespace usher::livekit
