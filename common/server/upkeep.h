// What a serving process looks after by itself, every few seconds, on a thread of its own.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/peer/tls_files.h"
#include "common/server/self_check.h"
#include "common/server/server.h"
#include "common/server/unused_memory.h"

namespace usher::server {

// Reads changed certificates, gives unused memory back, and tries the own ports: when one has not
// answered for a while, whatever the reason, it ends the process with exit code 1, so that a
// supervisor starts it again. Thread-safe.
class Upkeep {
 public:
  // How often it looks; how long a port may take to answer, and how often in a row it may fail.
  // With these a deaf process lives for half a minute to a minute, within which a busy machine gets
  // round to answering.
  struct Rhythm {
    absl::Duration between;
    absl::Duration patience;
    int most_failures;
  };
  static constexpr Rhythm kRhythm = {absl::Seconds(5), absl::Seconds(5), 6};

  Upkeep(std::vector<Server::Port> ports, std::vector<std::shared_ptr<rpc::TlsFiles>> tls_files,
         Rhythm rhythm = kRhythm);
  // Stops; may wait as long as a port takes to answer.
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // Reads the certificates now, changed or not.
  void ReadCertificates();

 private:
  void Work();
  void TryPorts();

  const Rhythm rhythm_;
  const std::vector<Server::Port> ports_;
  const std::vector<std::shared_ptr<rpc::TlsFiles>> tls_files_;
  std::vector<PortJudge> judges_;  // one for each port
  UnusedMemory unused_memory_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::server
