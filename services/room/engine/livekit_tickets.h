// Access tokens for the LiveKit servers of the file --livekit, read again while the server runs.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/livekit/livekit_servers.h"
#include "services/room/engine/profile_names.h"
#include "services/room/engine_tickets.h"

namespace usher::room {

class LiveKitTickets final : public EngineTickets {
 public:
  // Empty `path`: no company has a LiveKit server, ever. `names` null: nobody can be asked what
  // users are called.
  LiveKitTickets(std::string path, ProfileNames* names, const Clock& clock)
      : path_(std::move(path)), names_(names), clock_(clock) {}

  // kInvalidArgument as of livekit::LoadServers: then all stays as it was.
  absl::Status Read();
  // The same for SIGHUP: says in the log how it went.
  void ReadAgain();

  // Users whose name cannot be learned within a second come without one.
  std::string TicketFor(const CallContext& call, const Entrance& entrance) override;

 private:
  std::shared_ptr<const livekit::Servers> current() const;
  std::string NameOf(const CallContext& call, const Entrance& entrance);

  const std::string path_;
  ProfileNames* const names_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const livekit::Servers> current_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<const livekit::Servers>();
};

}  // namespace usher::room
