#include "services/room/feed/feed.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

constexpr absl::Duration kLongestStatement = absl::Seconds(2);
// Beyond, it is cheaper to look everywhere.
constexpr size_t kMostCalled = 10'000;

}  // namespace

Feed::Feed(FeedReader& reader, const Clock& clock, FeedOptions options)
    : reader_(reader),
      clock_(clock),
      options_(std::move(options)),
      attempts_(options_.name, options_.registry) {}

Feed::~Feed() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_->store(true);
  }
  if (thread_.joinable()) thread_.join();
}

void Feed::Look(const Topic& topic) {
  const absl::MutexLock lock(&mutex_);
  if (called_.size() >= kMostCalled) {
    called_.clear();
    everywhere_ = true;
  }
  called_.insert(topic);
}

void Feed::LookEverywhere() {
  const absl::MutexLock lock(&mutex_);
  everywhere_ = true;
}

void Feed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Feed::Run() {
  while (!ending_->load()) {
    const absl::Time next = Round();
    const absl::MutexLock lock(&mutex_);
    // After a failure what is wanted waits with the rest.
    const auto goes_on = [this, failing = attempts_.failures() > 0] {
      mutex_.AssertReaderHeld();
      return ending_->load() || (!failing && IsWanted());
    };
    mutex_.AwaitWithTimeout(absl::Condition(&goes_on), next - clock_.Now());
  }
}

bool Feed::IsWanted() const { return everywhere_ || !called_.empty(); }

absl::Time Feed::Round() {
  absl::Time next;
  attempts_.Make(
      [&]() -> absl::Status {
        TakeIn();
        ASSIGN_OR_RETURN(next, DoWhatIsDue());
        return absl::OkStatus();
      },
      *ending_);
  const absl::Time now = clock_.Now();
  if (attempts_.failures() > 0) return now + options_.retry;
  const absl::MutexLock lock(&mutex_);
  return !news_.empty() || !rest_.empty() || IsWanted() ? now : next;
}

void Feed::TakeIn() {
  std::set<Topic> called;
  bool everywhere = false;
  {
    const absl::MutexLock lock(&mutex_);
    called.swap(called_);
    std::swap(everywhere, everywhere_);
  }
  // Behind that: who came before their topic was called is among them.
  reader_.TakeIn();
  for (const Topic& topic : called) {
    if (reader_.Follows(topic)) news_.insert(topic);
  }
  if (!everywhere) return;
  for (Topic& topic : reader_.Followed()) rest_.insert(std::move(topic));
}

absl::StatusOr<absl::Time> Feed::DoWhatIsDue() {
  absl::Status status = ReadCalled();
  status.Update(ReadSomeOfTheRest());
  const absl::StatusOr<absl::Time> next = reader_.DoWhatIsDue(*this);
  status.Update(next.status());
  if (!status.ok()) return status;
  failed_ = Topic();
  return next;
}

// All of them, company by company, up to one that cannot be read.
absl::Status Feed::ReadCalled() {
  const std::vector<Topic> topics = InTurn(news_, failed_);
  for (auto at = topics.begin(); at != topics.end();) {
    auto end = at;
    while (end != topics.end() && end->company == at->company &&
           static_cast<size_t>(end - at) < options_.topics_at_once) {
      ++end;
    }
    RETURN_IF_ERROR(Read({at, end}));
    at = end;
  }
  return absl::OkStatus();
}

// Some of one company.
absl::Status Feed::ReadSomeOfTheRest() {
  std::vector<Topic> some;
  auto next = rest_.upper_bound(failed_);
  if (next == rest_.end()) next = rest_.begin();
  for (; next != rest_.end() && some.size() < options_.topics_at_once; ++next) {
    if (!some.empty() && some.front().company != next->company) break;
    some.push_back(*next);
  }
  return some.empty() ? absl::OkStatus() : Read(some);
}

absl::Status Feed::Read(const std::vector<Topic>& topics) {
  const absl::StatusOr<std::vector<Topic>> more = reader_.Read(*this, topics);
  if (!more.ok()) {
    failed_ = topics.back();
    return more.status();
  }
  for (const Topic& topic : topics) {
    news_.erase(topic);
    rest_.erase(topic);
  }
  news_.insert(more->begin(), more->end());
  return absl::OkStatus();
}

CallContext Feed::NewCall() const {
  CallContext call;
  call.rpc = options_.name;
  call.request_id = options_.name;
  call.deadline = absl::Now() + kLongestStatement;
  call.cancelled = ending_;
  return call;
}

}  // namespace usher::room
