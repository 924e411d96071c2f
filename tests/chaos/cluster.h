// A PostgreSQL of our own, to which the worst may happen.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace usher::chaos {

// Started by tests/postgres in a folder of its own, apart from the one that other tests use. What
// it acknowledged outlives its processes (not the machine). Throws std::runtime_error. Not
// thread-safe.
class Cluster {
 public:
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  const std::string& url() const { return url_; }
  // As a Proxy takes it.
  std::string Socket() const { return "unix:" + folder_ + "/s/.s.PGSQL.5432"; }

  // SIGSTOP to all of its processes: sockets stay, and nobody answers. New connections are made by
  // the kernel, and not answered either.
  void Freeze();
  void Thaw();
  // SIGKILL to all of them, and a new start, which recovers.
  void KillAndStart();

 private:
  void Start();
  // The postmaster comes first.
  std::vector<pid_t> Processes() const;

  std::string folder_;
  std::string url_;
  std::vector<pid_t> frozen_;
  std::unique_ptr<ChildProcess> guard_;  // stops it when this process is killed
};

}  // namespace usher::chaos
