#include "common/db/notifications.h"

#include <poll.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/repeating.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr absl::Duration kLongestAnswer = absl::Seconds(3);  // of the database, to anything
// Asked now and then whether it is still there: a listener sends nothing by itself, and would hear
// of a broken network last.
constexpr absl::Duration kCheckPeriod = absl::Seconds(10);
// How long the thread may not notice that it is to end.
constexpr absl::Duration kLongestStep = absl::Milliseconds(100);
constexpr size_t kMostInOneStatement = 500;

RepeatingOptions Reconnecting() {
  return {.name = "notifications",
          .period = absl::ZeroDuration(),
          .first_retry = absl::Milliseconds(100),
          .longest_retry = absl::Seconds(5)};
}

int MakeNudge() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return descriptor;
}

// libpq's quotes, which need the session for its encoding; empty where it refuses the text.
std::string Quoted(PGconn* connection, const std::string& text) {
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(
      PQescapeLiteral(connection, text.data(), text.size()), PQfreemem);
  return quoted == nullptr ? "" : quoted.get();
}

prometheus::Gauge* MakeGauge(prometheus::Registry* registry) {
  if (registry == nullptr) return nullptr;
  return &prometheus::BuildGauge()
              .Name("usher_notifications_listening")
              .Help("Whether the database's notifications are heard: 1 or 0.")
              .Register(*registry)
              .Add({});
}

}  // namespace

struct Notifications::Subscriber {
  Subscriber(std::string on, Wake by) : channel(std::move(on)), wake(std::move(by)) {}

  void WakeUp(const std::string& payload) {
    const absl::MutexLock lock(&mutex);
    if (!ended) wake(payload);
  }

  const std::string channel;
  const Wake wake;
  absl::Mutex mutex;  // held while it is woken
  bool ended ABSL_GUARDED_BY(mutex) = false;
};

Notifications::Subscription::Subscription(Notifications& owner,
                                          std::shared_ptr<Subscriber> subscriber)
    : owner_(owner), subscriber_(std::move(subscriber)) {}

Notifications::Subscription::~Subscription() {
  {
    const absl::MutexLock lock(&owner_.mutex_);
    owner_.subscribers_.remove(subscriber_);
  }
  const absl::MutexLock lock(&subscriber_->mutex);
  subscriber_->ended = true;
}

Notifications::Notifications(NotificationOptions options)
    : options_(std::move(options)), gauge_(MakeGauge(options_.registry)), nudge_(MakeNudge()) {}

Notifications::~Notifications() {
  ending_.store(true);
  Nudge();
  if (thread_.joinable()) thread_.join();
  close(nudge_);
}

std::unique_ptr<Notifications::Subscription> Notifications::Subscribe(std::string channel,
                                                                      Wake wake) {
  auto subscriber = std::make_shared<Subscriber>(std::move(channel), std::move(wake));
  {
    const absl::MutexLock lock(&mutex_);
    subscribers_.push_back(subscriber);
  }
  Nudge();
  return std::unique_ptr<Subscription>(new Subscription(*this, std::move(subscriber)));
}

void Notifications::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Notifications::Announce(const std::string& channel, const std::string& payload) {
  WakeThose(channel, payload);
  {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.size() < kMostWaiting) {
      waiting_.emplace(channel, payload);
    } else {
      waiting_.emplace(channel, "");
    }
  }
  Nudge();
}

size_t Notifications::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return waiting_.size();
}

void Notifications::Nudge() { eventfd_write(nudge_, 1); }

void Notifications::Run() {
  int failures = 0;
  while (!ending_.load()) {
    const absl::Status broken = Listen();
    failures = listening() ? 1 : failures + 1;
    if (failures == 1 && !ending_.load()) {
      log::Warning("notifications: the database is not heard, and looked at now and then instead",
                   {{"error", broken.message()}});
    }
    SetListening(false);
    next_wake_ = std::min(next_wake_, absl::Now() + options_.deaf_period);
    StayDeaf(absl::Now() + PauseAfter(Reconnecting(), failures));
  }
}

absl::Status Notifications::Listen() {
  const absl::Time patience = absl::Now() + kLongestAnswer;
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(options_.database, options_.database.statement_timeout, [&] {
                     return ending_.load() ? absl::InfinitePast()
                                           : std::min(patience, absl::Now() + kLongestStep);
                   }));
  heard_.clear();
  // What is announced is durable already, and the announcement itself need not be.
  RETURN_IF_ERROR(session->Ask("SET synchronous_commit TO off", [&] { return patience; }).status());
  RETURN_IF_ERROR(ListenToNew(*session));
  SetListening(true);
  log::Info("notifications: the database is heard");
  next_wake_ = absl::InfinitePast();  // nobody knows what was said before
  next_check_ = absl::Now() + kCheckPeriod;
  while (!ending_.load()) {
    Deliver(*session);
    if (absl::Now() >= next_wake_) {
      WakeAll();
      next_wake_ = absl::Now() + options_.quiet_period;
    }
    RETURN_IF_ERROR(ListenToNew(*session));
    RETURN_IF_ERROR(SendWaiting(*session));
    RETURN_IF_ERROR(AwaitNews(*session));
  }
  return absl::OkStatus();
}

absl::Status Notifications::ListenToNew(Session& session) {
  const absl::Time patience = absl::Now() + kLongestAnswer;
  for (const std::string& channel : Unheard()) {
    RETURN_IF_ERROR(
        session.Ask(absl::StrCat("LISTEN ", channel), [&] { return patience; }).status());
    heard_.insert(channel);
    next_wake_ = absl::InfinitePast();  // what was said before is not heard any more
  }
  return absl::OkStatus();
}

std::vector<std::string> Notifications::Unheard() const {
  std::vector<std::string> unheard;
  const absl::MutexLock lock(&mutex_);
  for (const std::shared_ptr<Subscriber>& subscriber : subscribers_) {
    if (!heard_.contains(subscriber->channel)) unheard.push_back(subscriber->channel);
  }
  return unheard;
}

// What was sent and not answered is sent again on the next session: once too often does no harm.
absl::Status Notifications::SendWaiting(Session& session) {
  while (!ending_.load()) {
    std::vector<Announcement> sent;
    {
      const absl::MutexLock lock(&mutex_);
      const size_t count = std::min(waiting_.size(), kMostInOneStatement);
      sent.assign(waiting_.begin(), std::next(waiting_.begin(), static_cast<ptrdiff_t>(count)));
    }
    if (sent.empty()) return absl::OkStatus();
    std::vector<std::string> rows;
    rows.reserve(sent.size());
    for (const auto& [channel, payload] : sent) {
      rows.push_back(absl::StrCat("(", Quoted(session.connection(), channel), ",",
                                  Quoted(session.connection(), payload), ")"));
    }
    // Taken before they are sent: what is announced again from here on tells of something newer.
    {
      const absl::MutexLock lock(&mutex_);
      for (const Announcement& one : sent) waiting_.erase(one);
    }
    const absl::Time patience = absl::Now() + kLongestAnswer;
    const absl::Status answered =
        session
            .Ask(absl::StrCat("SELECT pg_notify(channel, payload) FROM (VALUES ",
                              absl::StrJoin(rows, ","), ") AS said (channel, payload)"),
                 [&] { return patience; })
            .status();
    if (!answered.ok()) {
      const absl::MutexLock lock(&mutex_);
      waiting_.insert(sent.begin(), sent.end());
      return answered;
    }
    next_check_ = absl::Now() + kCheckPeriod;
  }
  return absl::OkStatus();
}

void Notifications::Deliver(Session& session) {
  while (true) {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> said(PQnotifies(session.connection()),
                                                               PQfreemem);
    if (said == nullptr) return;
    // Who announced it here has woken those who are here.
    if (said->be_pid == PQbackendPID(session.connection()) && *said->extra != '\0') continue;
    WakeThose(said->relname, said->extra);
  }
}

absl::Status Notifications::AwaitNews(Session& session) {
  const absl::Time until = std::min(next_wake_, next_check_);
  const int64_t left = std::max<int64_t>(0, absl::ToInt64Milliseconds(until - absl::Now()) + 1);
  pollfd awaited[] = {{session.socket(), POLLIN, 0}, {nudge_, POLLIN, 0}};
  if (poll(awaited, 2, static_cast<int>(left)) < 0 && errno != EINTR) {
    return Unreachable("the database");
  }
  eventfd_t nudges = 0;
  eventfd_read(nudge_, &nudges);
  if (awaited[0].revents != 0 && PQconsumeInput(session.connection()) != 1) {
    return Unreachable("the database");
  }
  if (absl::Now() < next_check_) return absl::OkStatus();
  next_check_ = absl::Now() + kCheckPeriod;
  const absl::Time patience = absl::Now() + kLongestAnswer;
  return session.Ask("SELECT 1", [&] { return patience; }).status();
}

void Notifications::StayDeaf(absl::Time until) {
  while (!ending_.load()) {
    if (absl::Now() >= next_wake_) {
      WakeAll();
      next_wake_ = absl::Now() + options_.deaf_period;
    }
    const absl::Duration left = std::min(until, next_wake_) - absl::Now();
    if (absl::Now() >= until) return;
    pollfd nudge = {nudge_, POLLIN, 0};
    poll(&nudge, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    eventfd_t nudges = 0;
    eventfd_read(nudge_, &nudges);
  }
}

std::vector<std::shared_ptr<Notifications::Subscriber>> Notifications::SubscribersOf(
    const std::string* channel) const {
  std::vector<std::shared_ptr<Subscriber>> found;
  const absl::MutexLock lock(&mutex_);
  for (const std::shared_ptr<Subscriber>& one : subscribers_) {
    if (channel == nullptr || one->channel == *channel) found.push_back(one);
  }
  return found;
}

void Notifications::WakeAll() {
  for (const std::shared_ptr<Subscriber>& one : SubscribersOf(nullptr)) one->WakeUp("");
}

void Notifications::WakeThose(const std::string& channel, const std::string& payload) {
  for (const std::shared_ptr<Subscriber>& one : SubscribersOf(&channel)) one->WakeUp(payload);
}

void Notifications::SetListening(bool listening) {
  listening_.store(listening);
  if (gauge_ != nullptr) gauge_->Set(listening ? 1 : 0);
}

}  // namespace usher::db
