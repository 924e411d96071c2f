// A TCP box between a client and PostgreSQL that can do what networks do.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace usher {

// Listens on loopback, on a port of its own. Thread-safe.
class StallingProxy {
 public:
  // `url` as of ScratchDatabase, whose server is reached over a Unix socket.
  explicit StallingProxy(const std::string& url);
  ~StallingProxy();
  StallingProxy(const StallingProxy&) = delete;
  StallingProxy& operator=(const StallingProxy&) = delete;

  // The same database through the proxy.
  const std::string& url() const { return url_; }
  int port() const { return port_; }

  // Nothing moves any more, in no direction; connections stay, and new ones hear nothing.
  void Hold();
  void Go();
  // The connections that are there are forgotten: who sends something on one gets a reset.
  void Forget();
  // Where a connection is cut: before PostgreSQL gets the message, as soon as it was sent to it, or
  // when it has answered, before the client hears that.
  enum class Place { kBefore, kBehind, kAnswered };
  // The next connection on which a client sends `text` is cut.
  void CutAt(const std::string& text, Place place);
  // The connection that carries this many bytes from now, counted in both directions and over all
  // connections, is cut there.
  void CutAfter(size_t bytes);
  // Whether the cut was made.
  bool WasCut() const;

 private:
  struct Link;

  void Run();
  void Accept();
  // False: the link is at its end.
  bool Move(Link& link, bool from_client);
  void Wake() const;

  std::string url_;
  std::string server_;  // path of the socket
  int listener_ = -1;
  int port_ = 0;
  int wake_[2] = {-1, -1};
  std::vector<std::unique_ptr<Link>> links_;  // of the thread

  mutable absl::Mutex mutex_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  bool forget_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::string cut_at_ ABSL_GUARDED_BY(mutex_);
  Place place_ ABSL_GUARDED_BY(mutex_) = Place::kBefore;
  size_t cut_after_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: no cut
  bool was_cut_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher
