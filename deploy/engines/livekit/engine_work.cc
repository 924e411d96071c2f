#include "deploy/engines/livekit/engine_work.h"

#include <prometheus/counter.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/repeating.h"
#include "common/status/try.h"

namespace usher::livekit {
namespace {

using ::usher::engine::v1::ReportRequest;

constexpr absl::Duration kLongestRetry = absl::Seconds(5);
// What LiveKit has not confirmed for so long is not reported any more, and forgotten by usher.
constexpr absl::Duration kLongestUnconfirmed = absl::Minutes(1);
constexpr int kMostRoomsInReport = 500;
constexpr int kMostPeopleInReport = 10000;  // a room has no more either
constexpr size_t kMostClosedInReport = 1000;
constexpr size_t kMostAcknowledged = 1000;  // at once

RepeatingOptions Retrying() {
  return {.first_retry = absl::Milliseconds(250), .longest_retry = kLongestRetry};
}

absl::string_view NameOf(Act::Kind kind) {
  switch (kind) {
    case Act::Kind::kAdmit:
      return "let in";
    case Act::Kind::kRemove:
      return "put out";
    case Act::Kind::kDelete:
      return "closed";
  }
  return "";
}

}  // namespace

EngineWork::EngineWork(WorkOptions options, LiveKitApi& livekit, Usher& usher, const Clock& clock,
                       prometheus::Registry* registry)
    : options_(std::move(options)),
      livekit_(livekit),
      usher_(usher),
      clock_(clock),
      registry_(registry),
      attendance_(options_.company),
      sweeps_("LiveKit is asked for its rooms", registry, options_.company),
      visits_("LiveKit is asked for a room", registry, options_.company),
      judgements_("who came is judged", registry, options_.company),
      reports_("usher is told who is there", registry, options_.company) {}

void EngineWork::Hear(const wire::WebhookEvent& event) {
  const std::string& room = event.room().name();
  if (event.event() == "participant_joined") attendance_.Came(room, event.participant());
  if (event.event() == "participant_left" || event.event() == "participant_connection_aborted") {
    attendance_.Left(room, event.participant().identity(), event.participant().sid());
  }
  if (event.event() == "room_started" && Attendance::IsRoomId(room)) {
    attendance_.Opened(room);
    // Of who has opened it nothing is told before sound and pictures can pass.
    to_visit_.push_front(room);
  }
  if (event.event() == "room_finished") attendance_.Finished(room);
}

void EngineWork::Obey(const Usher::Command& command) {
  std::string judged_first;
  if (command.has_welcome()) {
    if (command.welcome().report_every_seconds() > 0) {
      report_period_ = absl::Seconds(command.welcome().report_every_seconds());
    }
    HasMissed();
  } else if (command.has_put_out()) {
    if (!Put(command.put_out())) return;
  } else if (command.has_close_room()) {
    if (!Perform(attendance_.Close(command.close_room().room_id()))) return;
  } else if (command.has_permissions_changed()) {
    judged_first = command.permissions_changed().room_id();
    attendance_.RightsChanged(judged_first, command.permissions_changed().user_id());
    next_judgement_ = absl::InfinitePast();
  }
  // Of a room that has changed nothing is kept here.
  if (!command.command_id().empty()) obeyed_[command.command_id()] = std::move(judged_first);
}

void EngineWork::HasMissed() {
  report_everything_ = true;
  attendance_.ReportAgain();
}

absl::Duration EngineWork::Round() {
  attendance_.Forget(clock_.Now());
  if (to_visit_.empty() && clock_.Now() >= next_sweep_) Sweep();
  if (!to_visit_.empty()) VisitNextRoom();
  if (attendance_.HasDue() && clock_.Now() >= next_judgement_) Admit();
  ReportIfDue();
  AcknowledgeObeyed();
  if (!to_visit_.empty()) return absl::ZeroDuration();
  absl::Time next = swept_ ? std::min(next_sweep_, next_report_) : next_sweep_;
  if (attendance_.HasDue()) next = std::min(next, next_judgement_);
  return std::max(absl::ZeroDuration(), next - clock_.Now());
}

void EngineWork::Sweep() {
  const auto rooms = livekit_.ListRooms();
  next_sweep_ = RetryAt(sweeps_, rooms.status());
  if (!rooms.ok()) return;
  next_sweep_ = clock_.Now() + options_.sweep_period;
  std::set<std::string> open;
  for (const wire::Room& room : *rooms) {
    if (Attendance::IsRoomId(room.name())) open.insert(room.name());
  }
  attendance_.KeepOnly(open);
  for (const std::string& room : open) attendance_.Opened(room);
  to_visit_.assign(open.begin(), open.end());
  sweeping_ = true;
  confirmed_ = clock_.Now();
  FinishVisit();
}

// One at a time: nobody who is to be put out waits for the whole sweep.
void EngineWork::VisitNextRoom() {
  const std::string room = to_visit_.front();
  to_visit_.pop_front();
  // Of one that has been closed meanwhile LiveKit answers that nobody is there.
  if (!attendance_.IsOpen(room)) return FinishVisit();
  const auto participants = livekit_.ListParticipants(room);
  if (participants.ok()) {
    visits_.Note(absl::OkStatus());
    attendance_.SetRoom(room, *participants, /*settled=*/!swept_);
  } else if (!absl::IsNotFound(participants.status())) {
    next_sweep_ = RetryAt(visits_, participants.status());
    to_visit_.clear();
    sweeping_ = false;
    return;
  }
  FinishVisit();
}

void EngineWork::FinishVisit() {
  if (!to_visit_.empty() || !sweeping_) return;
  sweeping_ = false;
  swept_ = true;
  next_sweep_ = clock_.Now() + options_.sweep_period;
}

void EngineWork::Admit() {
  bool done = Perform(attendance_.Refuse());
  const Attendance::Question question = attendance_.Ask();
  absl::Status status = absl::OkStatus();
  if (question.rooms_size() > 0) {
    const auto rights = usher_.FindRights(question);
    status = rights.status();
    if (rights.ok()) done &= Perform(attendance_.Judge(question, *rights));
  }
  if (status.ok() && !done) status = absl::UnavailableError("LiveKit did not do all of it");
  next_judgement_ = RetryAt(judgements_, status);
}

void EngineWork::ReportIfDue() {
  const absl::Time now = clock_.Now();
  const bool due = now >= next_report_ || (attendance_.changed() && reports_.failures() == 0);
  if (!due || !swept_) return;
  if (now - confirmed_ > kLongestUnconfirmed) {
    next_report_ = now + kLongestRetry;
    report_everything_ = true;
    return;
  }
  const bool all = now >= next_report_ || report_everything_;
  const absl::Status status = Report(all);
  const absl::Time retry = RetryAt(reports_, status);
  if (!status.ok()) {
    next_report_ = retry;
    report_everything_ = true;
    attendance_.ReportAgain();
  } else if (all) {
    next_report_ = clock_.Now() + report_period_;
  }
}

absl::Status EngineWork::Report(bool all) {
  const std::vector<Attendance::RoomReport> rooms =
      all ? attendance_.Report() : attendance_.ReportChanged();
  std::vector<std::string> closed = attendance_.TakeClosed();
  // What is beyond it expires; with all rooms nothing has to be said of any other.
  if (report_everything_) closed.clear();
  closed.resize(std::min(closed.size(), kMostClosedInReport));
  size_t next = 0;
  do {
    ReportRequest request;
    request.set_all_rooms(next == 0 && report_everything_);
    if (next == 0) request.mutable_closed_room_ids()->Assign(closed.begin(), closed.end());
    int people = 0;
    while (next < rooms.size() && request.rooms_size() < kMostRoomsInReport &&
           (people == 0 || people + rooms[next].occupants_size() <= kMostPeopleInReport)) {
      people += rooms[next].occupants_size();
      *request.add_rooms() = rooms[next++];
    }
    ASSIGN_OR_RETURN(const auto reply, usher_.Report(std::move(request)));
    for (const std::string& room : reply.unknown_room_ids()) Perform(attendance_.Close(room));
    for (const auto& order : reply.put_out()) Put(order);
  } while (next < rooms.size());
  if (std::exchange(report_everything_, false)) {
    // From here on usher tells of every change; of those before it may have told nobody.
    attendance_.JudgeEverybody();
    next_judgement_ = absl::InfinitePast();
  }
  return absl::OkStatus();
}

bool EngineWork::Put(const ::usher::engine::v1::PutOut& order) {
  return Perform(attendance_.PutOut(order.room_id(), order.user_id(), clock_.Now()));
}

// After what they told was done: else they come again. A room in which it cannot be done holds up
// no other: usher sends no more than so many that were not acknowledged.
void EngineWork::AcknowledgeObeyed() {
  std::vector<std::string> done;
  for (auto at = obeyed_.begin(); at != obeyed_.end() && done.size() < kMostAcknowledged;) {
    const bool waits = attendance_.HasDueIn(at->second);
    if (!waits) done.push_back(at->first);
    at = waits ? std::next(at) : obeyed_.erase(at);
  }
  if (done.empty()) return;
  const absl::Status status = usher_.Acknowledge(done);
  if (!status.ok()) {
    log::Warning("commands were not acknowledged, and come again",
                 {{"company", options_.company}, {"error", status.message()}});
  }
}

bool EngineWork::Perform(const std::vector<Act>& acts) {
  bool all = true;
  for (const Act& act : acts) {
    const absl::Status status = Tell(act);
    Note(act, status);
    if (status.ok()) {
      attendance_.Done(act);
    } else if (absl::IsNotFound(status)) {
      attendance_.WasGone(act);
    } else {
      attendance_.Failed(act);
      all = false;
    }
  }
  return all;
}

void EngineWork::Note(const Act& act, const absl::Status& status) {
  if (absl::IsNotFound(status)) return;
  const absl::string_view result = status.ok() ? "done" : status.message();
  log::Info(absl::StrCat(NameOf(act.kind), ": ", act.why), {{"company", options_.company},
                                                            {"room", act.room},
                                                            {"user", act.identity},
                                                            {"result", result}});
  if (registry_ == nullptr || !status.ok()) return;
  prometheus::BuildCounter()
      .Name("usher_livekit_acts_total")
      .Help("What LiveKit was told to do: to let in, to put out, to close a room.")
      .Register(*registry_)
      .Add({{"company", options_.company},
            {"what", std::string(NameOf(act.kind))},
            {"why", std::string(act.why)}})
      .Increment();
}

absl::Status EngineWork::Tell(const Act& act) {
  switch (act.kind) {
    case Act::Kind::kAdmit:
      return livekit_.UpdateParticipant(act.room, act.identity, act.permission);
    case Act::Kind::kRemove:
      return livekit_.RemoveParticipant(act.room, act.identity);
    case Act::Kind::kDelete:
      return livekit_.DeleteRoom(act.room);
  }
  return absl::InternalError("unknown act");
}

absl::Time EngineWork::RetryAt(Attempts& attempts, const absl::Status& status) const {
  attempts.Note(status);
  if (status.ok()) return absl::InfinitePast();
  return clock_.Now() + PauseAfter(Retrying(), attempts.failures());
}

}  // namespace usher::livekit
