// What stands between two programs and makes the network that they cannot rely on.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace usher::chaos {

// What becomes of bytes on their way.
enum class Flow {
  kPass,
  kStall,    // nobody reads them: the sender's buffers fill, and it has to wait
  kSwallow,  // taken and thrown away, as by a host that lost its power: nobody is told anything
};

enum class Cut {
  kFin,    // as a program that ends closes its sockets
  kReset,  // as a host that knows nothing (any more) of the connection (RST; TCP alone has it)
};

struct Weather {
  Flow to_server = Flow::kPass;
  Flow to_client = Flow::kPass;
  absl::Duration delay = absl::ZeroDuration();  // of every byte, each way
  bool refuses = false;                         // new connections are cut at once
};

// Lets requests through and loses their answers.
struct Ambush {
  // Sleeps until these bytes (in one piece) are on their way to the server, which they never are
  // where TLS hides them (internal ports)...
  std::string pattern;
  size_t bytes = 1;  // ...or, where there is no pattern, that many
  // So long the server has for what it was asked; its answers are swallowed. Then comes the cut.
  absl::Duration mercy = absl::Milliseconds(50);
  Cut how = Cut::kReset;
};

struct ProxiedConnection;

// Listens, and connects each connection to the target. Thread-safe; a thread of its own moves the
// bytes. Loopback and Unix sockets only. Throws std::runtime_error.
class Proxy {
 public:
  // Addresses as gRPC writes them: "127.0.0.1:0" (any free port), "unix:/path".
  Proxy(const std::string& listen, const std::string& target);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Where it listens, with the port that it got.
  const std::string& address() const { return address_; }
  int port() const { return port_; }

  // From now on, for all connections. One that lost bytes is cut when the weather changes, as it
  // can only be misunderstood.
  void Set(const Weather& weather) ABSL_LOCKS_EXCLUDED(mutex_);
  void CutAll(Cut how) ABSL_LOCKS_EXCLUDED(mutex_);
  // As a NAT that has lost the state of all connections that are open now: the next byte of a
  // client goes nowhere and is answered with an RST.
  void ForgetAll() ABSL_LOCKS_EXCLUDED(mutex_);
  // For all connections that are open now, with a pattern also for later ones; once each. Replaces
  // an earlier one.
  void Lay(const Ambush& ambush) ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeAmbushAway() ABSL_LOCKS_EXCLUDED(mutex_);

  size_t connections() const ABSL_LOCKS_EXCLUDED(mutex_);
  // How many connections were cut in an ambush so far.
  int ambushed() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  void Wake() const;
  void AwaitRound();  // until the thread has polled anew
  void Accept() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Move(ProxiedConnection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Look(ProxiedConnection& connection, const std::string& bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string target_;
  std::string address_;
  int port_ = 0;
  int listener_ = -1;
  int wake_read_ = -1;
  int wake_write_ = -1;

  mutable absl::Mutex mutex_;
  Weather weather_ ABSL_GUARDED_BY(mutex_);
  Ambush ambush_ ABSL_GUARDED_BY(mutex_);
  bool lies_ ABSL_GUARDED_BY(mutex_) = false;  // in ambush
  std::list<std::unique_ptr<ProxiedConnection>> connections_ ABSL_GUARDED_BY(mutex_);
  uint64_t rounds_ ABSL_GUARDED_BY(mutex_) = 0;
  int ambushed_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::chaos
