#include "common/rpc/call/stream_call.h"

#include <utility>

#include "absl/time/clock.h"

namespace usher::rpc {
namespace {

std::atomic<void (*)()> pause_between_steps{nullptr};

void Pause() {
  if (auto* const pause = pause_between_steps.load(std::memory_order_relaxed)) pause();
}

// A stream has no reply to say how it ended: a decided failure goes into its status.
grpc::Status LastStatus(const Outcome& outcome) {
  if (!outcome.decided || outcome.reply_code == ::common::OK) return outcome.grpc_status;
  const bool is_about_token = outcome.reply_code == ::common::AUTHENTICATION_ERROR ||
                              outcome.reply_code == ::common::TOKEN_OUTDATED ||
                              outcome.reply_code == ::common::ACCOUNT_STATUS_ERROR;
  return {
      is_about_token ? grpc::StatusCode::UNAUTHENTICATED : grpc::StatusCode::FAILED_PRECONDITION,
      outcome.code_name + ": " + outcome.reply_text};
}

}  // namespace

// Survives the call for whoever still holds it.
class StreamCall::Sink final : public StreamSink {
 public:
  explicit Sink(StreamCall& call) : call_(&call) {}

  void CountIn(ByteBudget& budget, const std::string& key) override {
    const absl::MutexLock lock(&mutex_);
    if (call_ == nullptr) return;
    call_->budget_ = &budget;
    call_->budget_key_ = key;
  }
  bool Send(const google::protobuf::Message& message) override {
    const absl::MutexLock lock(&mutex_);
    return call_ != nullptr && call_->Enqueue(message);
  }
  void Close(const Outcome& outcome) override {
    const absl::MutexLock lock(&mutex_);
    if (call_ == nullptr) return;
    Note(outcome.code_name);
    call_->CloseWith(LastStatus(outcome));
  }
  bool closed() const override {
    const absl::MutexLock lock(&mutex_);
    return call_ == nullptr || call_->gone_ || call_->broken_ || call_->closing_.has_value();
  }
  size_t waiting() const override {
    const absl::MutexLock lock(&mutex_);
    return call_ == nullptr ? 0 : call_->waiting_.size();
  }
  std::string ended_as() const override {
    const absl::MutexLock lock(&mutex_);
    return ended_as_;
  }

 private:
  friend class StreamCall;
  // What ended it first.
  void Note(const std::string& as) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_as_.empty()) ended_as_ = as;
  }

  mutable absl::Mutex mutex_;
  StreamCall* call_ ABSL_GUARDED_BY(mutex_);
  std::string ended_as_ ABSL_GUARDED_BY(mutex_);
};

StreamCall::StreamCall(const StreamMethod& method, ServerQueue& queue)
    : method_(method),
      queue_(queue),
      sink_(std::make_shared<Sink>(*this)),
      writer_(&context_),
      done_tag_(*this) {
  queue_.CallBegins();
  context_.AsyncNotifyWhenDone(&done_tag_);
}

StreamCall::~StreamCall() {
  if (farewell_.has_value()) queue_.RemoveUnsent(*farewell_);
  queue_.CallEnds();
}

void StreamCall::SetPause(void (*pause)()) { pause_between_steps.store(pause); }

void StreamCall::WaitForNext(const StreamMethod& method, ServerQueue& queue) {
  auto* call = new StreamCall(method, queue);
  queue.HandsOver();
  method.service->RequestServerStream(method.method, &call->context_, &call->request_,
                                      &call->writer_, queue.get(), call);
}

std::shared_ptr<StreamSink> StreamCall::sink() const { return sink_; }

template <class Step>
void StreamCall::Do(Step step) {
  const std::shared_ptr<Sink> sink = sink_;  // another thread may delete the call meanwhile
  bool over = false;
  {
    const absl::MutexLock lock(&sink->mutex_);
    step();
    over = Over();
    if (over) sink->call_ = nullptr;
  }
  Pause();
  if (over) delete this;
}

void StreamCall::Proceed(bool ok) {
  Pause();
  if (arrived_) {
    Do([this, ok] {
      operation_ = false;
      if (!ok) {
        broken_ = true;
        NoteEnd("CLIENT_GONE");
      }
      BeginNext();
    });
    return;
  }
  if (!ok) {  // the server is going down; the done event does not come either
    delete this;
    return;
  }
  arrived_ = true;
  WaitForNext(method_, queue_);
  method_.handle(*this);
}

void StreamCall::Send() {
  Pause();
  Do([this] {
    operation_ = false;
    BeginNext();
  });
}

void StreamCall::Gone() {
  Do([this] {
    gone_ = true;
    if (!closing_.has_value()) NoteEnd("CLIENT_GONE");
    Forget();
  });
}

void StreamCall::Answer(const Outcome& outcome, const google::protobuf::Message& reply,
                        absl::Time /*until*/, std::shared_ptr<void> /*kept*/) {
  Do([this, &outcome, &reply] {
    if (outcome.decided) Enqueue(reply);
    CloseWith(outcome.grpc_status);
    held_ = false;
  });
}

void StreamCall::LetGo() {
  Do([this] { held_ = false; });
}

bool StreamCall::Enqueue(const google::protobuf::Message& message) {
  if (gone_ || broken_ || closing_.has_value()) return false;
  grpc::ByteBuffer bytes;
  if (!Serialize(message, &bytes)) return false;
  const size_t size = bytes.Length();
  if (waiting_.size() >= kMostWaiting || !Count(bytes_waiting_ + size)) {
    // It is told why, behind what is on its way, if it reads at all within the farewell.
    NoteEnd("TOO_SLOW");
    Forget();
    CloseWith({grpc::StatusCode::RESOURCE_EXHAUSTED,
               "the client reads more slowly than the stream goes on"});
    return false;
  }
  waiting_.push_back(std::move(bytes));
  bytes_waiting_ += size;
  Wake();
  return true;
}

// Strangers have no streams.
bool StreamCall::Count(size_t bytes) {
  if (bytes > kMostBytesWaiting) return false;
  if (budget_ == nullptr) return true;
  const size_t pieces = bytes / kUncountedBytes;
  while (counted_.size() > pieces) counted_.pop_back();
  while (counted_.size() < pieces) {
    auto piece = budget_->TryTake(budget_key_, kUncountedBytes, Standing::kKnown);
    if (piece == nullptr) return false;
    counted_.push_back(std::move(piece));
  }
  return true;
}

void StreamCall::Forget() {
  waiting_.clear();
  bytes_waiting_ = 0;
  counted_.clear();
}

void StreamCall::NoteEnd(const char* as) {
  sink_->mutex_.AssertHeld();
  sink_->Note(as);
}

void StreamCall::CloseWith(const grpc::Status& status) {
  if (gone_ || closing_.has_value()) return;
  closing_ = status;
  farewell_ = queue_.AddUnsent(absl::Now() + kLongestFarewell, *this);
  Wake();
}

// The next operation begins on a polling thread, which has the others' locks anyway.
void StreamCall::Wake() {
  if (operation_) return;
  operation_ = true;
  queue_.SendSoon(*this);
}

void StreamCall::BeginNext() {
  if (gone_ || finishing_ || broken_) return;
  if (!waiting_.empty()) {
    const grpc::ByteBuffer next = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_waiting_ -= next.Length();
    Count(bytes_waiting_);  // no more than before
    operation_ = true;
    queue_.HandsOver();
    writer_.Write(next, this);
  } else if (closing_.has_value()) {
    operation_ = true;
    finishing_ = true;
    queue_.HandsOver();
    writer_.Finish(*closing_, this);
  }
}

}  // namespace usher::rpc
