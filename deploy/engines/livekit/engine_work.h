// What an engine does, for one company and its LiveKit server, step by step.
#pragma once

#include <prometheus/registry.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/attempts.h"
#include "common/base/clock.h"
#include "deploy/engines/livekit/attendance.h"
#include "deploy/engines/livekit/livekit_api.h"
#include "deploy/engines/livekit/usher_client.h"

namespace usher::livekit {

struct WorkOptions {
  std::string company;
  // How often LiveKit is asked for everything there is. What webhooks tell is there at once.
  absl::Duration sweep_period = absl::Seconds(10);
};

// Whatever fails is tried again: the sweep, the judgement, the report each by itself. Nobody gets
// in, and nothing is reported, that neither side has confirmed. For one thread.
class EngineWork {
 public:
  EngineWork(WorkOptions options, LiveKitApi& livekit, Usher& usher, const Clock& clock,
             prometheus::Registry* registry);

  // LiveKit says that something has happened.
  void Hear(const wire::WebhookEvent& event);
  // usher says that something is to be done; what can be done at once is.
  void Obey(const Usher::Command& command);
  // Of what either had to say something was lost: all of it may have changed.
  void HasMissed();
  // Does what is due; for how long nothing more is, unless one of the two has something to say.
  absl::Duration Round();

 private:
  void Sweep();
  void VisitNextRoom();
  void FinishVisit();
  void Admit();
  void ReportIfDue();
  // Of all rooms, or of those that have changed. kUnavailable, and the like, where it has to be
  // repeated.
  absl::Status Report(bool all);
  void AcknowledgeObeyed();
  // Whether all of it is done.
  bool Put(const ::usher::engine::v1::PutOut& order);
  bool Perform(const std::vector<Act>& acts);
  absl::Status Tell(const Act& act);
  void Note(const Act& act, const absl::Status& status);
  // When to try again, if it failed.
  absl::Time RetryAt(Attempts& attempts, const absl::Status& status) const;

  const WorkOptions options_;
  LiveKitApi& livekit_;
  Usher& usher_;
  const Clock& clock_;
  prometheus::Registry* const registry_;

  Attendance attendance_;
  // Commands to be acknowledged, and the room in which everybody has to be judged before.
  std::map<std::string, std::string> obeyed_;
  std::deque<std::string> to_visit_;  // rooms
  bool sweeping_ = false;             // they are the rest of a sweep
  bool swept_ = false;                // once, to its end

  absl::Time next_sweep_ = absl::InfinitePast();
  absl::Time next_judgement_ = absl::InfinitePast();
  absl::Time next_report_ = absl::InfinitePast();
  absl::Time confirmed_ = absl::InfinitePast();  // when LiveKit last told of everything
  absl::Duration report_period_ = absl::Seconds(30);
  bool report_everything_ = true;  // usher may have forgotten this engine, and told it nothing
  Attempts sweeps_;
  Attempts visits_;
  Attempts judgements_;
  Attempts reports_;
};

}  // namespace usher::livekit
