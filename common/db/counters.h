// What an operator wants to know of the work with the database.
#pragma once

#include <atomic>
#include <cstdint>

namespace usher::db {

// Since the start of the process, over all its pools and batches.
struct Counters {
  std::atomic<uint64_t> connects{0};         // connections that were opened
  std::atomic<uint64_t> failed_connects{0};  // attempts, one for each address
  std::atomic<uint64_t> cut_off{0};          // connections that were ended at a call's deadline
  std::atomic<uint64_t> batches{0};          // round trips of several calls' statements
  std::atomic<uint64_t> batched{0};          // statements in them
  std::atomic<uint64_t> rerun{0};            // of those, once more because another one failed
  std::atomic<uint64_t> in_doubt{0};         // changes whose outcome a caller was not told
  std::atomic<uint64_t> looked_up{0};        // changes that were looked for by their key
};

Counters& TheCounters();

}  // namespace usher::db
