// How many connections each address has at a time.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::server {

// Whoever takes a connection over, gRPC above all, says nothing when it is closed. So it is looked
// at: a descriptor that accept(2) gives again was closed before, and where an address has too many,
// a descriptor that is another file by now, or none, was closed, too. Not thread-safe: it is the
// accepting thread's.
class ConnectionCounts {
 public:
  // `most`: of one key.
  explicit ConnectionCounts(size_t most);
  ~ConnectionCounts();
  ConnectionCounts(const ConnectionCounts&) = delete;
  ConnectionCounts& operator=(const ConnectionCounts&) = delete;

  // Counts a connection that was just accepted; false, and counts nothing, where `key` has too many
  // already. What is closed of these is noticed within kBetweenLooks.
  bool TryAdd(absl::string_view key, int descriptor, absl::Time now);

  // Of those that were not noticed to be closed.
  size_t CountOf(absl::string_view key) const;
  size_t keys() const { return holders_.size(); }

  // A look costs a system call for each connection of the address.
  static constexpr absl::Duration kBetweenLooks = absl::Milliseconds(100);

 private:
  struct Holder;
  // What became of the descriptor with this number.
  struct Held {
    Holder* holder = nullptr;  // null: nobody's that counts
    size_t place = 0;          // among the holder's
    ino_t inode = 0;
  };

  void Release(int descriptor);
  void ReleaseClosed(const std::vector<int>& descriptors);

  const size_t most_;
  absl::flat_hash_map<std::string, std::unique_ptr<Holder>> holders_;
  std::vector<Held> held_;  // by descriptor
};

}  // namespace usher::server
