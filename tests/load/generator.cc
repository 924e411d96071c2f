#include "tests/load/generator.h"

#include <common/replyInfo.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/load/processor_time.h"

namespace usher::load {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(15);  // for calls that are still out at the end
constexpr absl::Duration kPause = absl::Milliseconds(100);  // of who was refused
constexpr int kMostOnAChannel = 64;       // a server allows a connection no more than 100 streams
constexpr size_t kMostInFlight = 10'000;  // with a rate

// The beginning of a message: enough for any ReplyInfo.
std::string HeadOf(const grpc::ByteBuffer& reply) {
  constexpr size_t kEnough = 1024;
  std::vector<grpc::Slice> slices;
  std::string head;
  if (!reply.Dump(&slices).ok()) return head;
  for (const grpc::Slice& slice : slices) {
    if (head.size() >= kEnough) break;
    head.append(reinterpret_cast<const char*>(slice.begin()),
                std::min(slice.size(), kEnough - head.size()));
  }
  return head;
}

struct Call {
  std::optional<grpc::ClientContext> context;
  grpc::ByteBuffer request;  // of a chain
  grpc::ByteBuffer reply;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::GenericStub* stub = nullptr;
  absl::Time started;
  bool pausing = false;
  grpc::Alarm pause;
};

class Pass {
 public:
  Pass(const PassOptions& options, const Scenario& scenario)
      : options_(options), scenario_(scenario) {}

  absl::Status Connect() {
    const int needed = (options_.outstanding + kMostOnAChannel - 1) / kMostOnAChannel;
    for (int i = 0; i < std::max(options_.channels, needed); ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else all share one connection
      arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
      auto channel = grpc::CreateCustomChannel(options_.address, grpc::InsecureChannelCredentials(),
                                               arguments);
      if (!channel->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(5)))) {
        return absl::UnavailableError(absl::StrCat("nobody listens on ", options_.address));
      }
      stubs_.push_back(std::make_unique<grpc::GenericStub>(std::move(channel)));
    }
    return absl::OkStatus();
  }

  absl::Status OpenChains() {
    if (scenario_.open_chains == nullptr) return absl::OkStatus();
    auto first = scenario_.open_chains(options_.address, options_.outstanding);
    if (!first.ok()) return first.status();
    for (grpc::ByteBuffer& request : *first) NewCall().request = std::move(request);
    return absl::OkStatus();
  }

  absl::StatusOr<PassResult> Run() {
    latencies_.reserve(1 << 20);
    const absl::Time begin = absl::Now() + options_.warm_up;
    const absl::Time end = begin + options_.duration;
    if (options_.rate > 0) {
      next_start_ = absl::Now();
    } else {
      while (calls_.size() < static_cast<size_t>(options_.outstanding)) NewCall();
      for (const auto& call : calls_) Start(*call);
    }
    const absl::Time give_up = end + kPatience;
    while (outstanding_ > 0 || phase_ != Phase::kOver) {
      absl::Time now = absl::Now();
      if (phase_ == Phase::kWarmUp && now >= begin) BeginToMeasure(now);
      if (phase_ == Phase::kMeasuring && now >= end) StopMeasuring(now);
      if (phase_ == Phase::kOver && outstanding_ == 0) break;
      StartWhatIsDue(now);
      void* tag = nullptr;
      bool ok = false;
      const absl::Time until = phase_ == Phase::kOver     ? give_up
                               : phase_ == Phase::kWarmUp ? std::min(next_start_, begin)
                                                          : std::min(next_start_, end);
      if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(until)) !=
          grpc::CompletionQueue::GOT_EVENT) {
        if (absl::Now() >= give_up) return GiveUp();
        continue;
      }
      --outstanding_;
      End(*static_cast<Call*>(tag), absl::Now());
    }
    return Result();
  }

 private:
  enum class Phase { kWarmUp, kMeasuring, kOver };

  Call& NewCall() {
    calls_.push_back(std::make_unique<Call>());
    calls_.back()->stub = stubs_[calls_.size() % stubs_.size()].get();
    return *calls_.back();
  }

  // With a rate: what the clock asks for, whatever became of the calls before.
  void StartWhatIsDue(absl::Time now) {
    if (options_.rate <= 0 || phase_ == Phase::kOver) return;
    for (; next_start_ <= now; next_start_ += absl::Seconds(1 / options_.rate)) {
      if (idle_.empty() && calls_.size() >= kMostInFlight) continue;
      if (idle_.empty()) idle_.push_back(&NewCall());
      Call& call = *idle_.back();
      idle_.pop_back();
      Start(call);
    }
  }

  void Start(Call& call) {
    call.pausing = false;
    call.context.emplace();
    if (options_.patience < absl::InfiniteDuration()) {
      call.context->set_deadline(absl::ToChronoTime(absl::Now() + options_.patience));
    }
    call.started = absl::Now();
    const bool chained = scenario_.next != nullptr;
    call.reader = call.stub->PrepareUnaryCall(
        &*call.context, scenario_.method,
        chained ? call.request : scenario_.requests[next_request_++ % scenario_.requests.size()],
        &queue_);
    call.reader->StartCall();
    call.reader->Finish(&call.reply, &call.status, &call);
    ++outstanding_;
  }

  // A call, or the pause after one, has ended.
  void End(Call& call, absl::Time now) {
    const bool refused = !call.pausing && IsRefusal(call.status);
    if (!call.pausing && phase_ != Phase::kOver) Count(call, now);
    if (phase_ == Phase::kOver) return;
    if (options_.rate > 0) {
      idle_.push_back(&call);
    } else if (refused) {
      call.pausing = true;
      call.pause.Set(&queue_, absl::ToChronoTime(now + kPause), &call);
      ++outstanding_;
    } else {
      Start(call);
    }
  }

  bool IsRefusal(const grpc::Status& status) const {
    if (!options_.may_be_refused) return false;
    return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
           (options_.rate > 0 && status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  }

  void BeginToMeasure(absl::Time now) {
    phase_ = Phase::kMeasuring;
    began_ = now;
    client_cpu_ = OwnCpu();
    server_cpu_ = CpuOf(options_.server_pid);
  }

  void StopMeasuring(absl::Time now) {
    phase_ = Phase::kOver;
    result_.took = now - began_;
    result_.server_cpu = CpuOf(options_.server_pid) - server_cpu_;
    result_.client_cpu = OwnCpu() - client_cpu_;
  }

  absl::Status Outcome(Call& call) const {
    if (!call.status.ok()) {
      return absl::UnknownError(
          absl::StrCat("gRPC ", call.status.error_code(), " ", call.status.error_message()));
    }
    absl::Status outcome = OutcomeOf(call.reply, scenario_.shape, scenario_.wanted_code);
    if (!outcome.ok() || scenario_.next == nullptr) return outcome;
    absl::StatusOr<grpc::ByteBuffer> next = scenario_.next(call.reply);
    if (next.ok()) call.request = *std::move(next);
    return next.status();
  }

  void Count(Call& call, absl::Time now) {
    if (IsRefusal(call.status)) {
      if (phase_ == Phase::kMeasuring) ++result_.refused;
      return;
    }
    const absl::Status outcome = Outcome(call);
    if (!outcome.ok()) {  // also while warming up: nothing is measured that does not work
      if (result_.errors++ == 0) result_.first_error = std::string(outcome.message());
      return;
    }
    if (phase_ != Phase::kMeasuring) return;
    ++result_.calls;
    result_.reply_bytes += static_cast<int64_t>(call.reply.Length());
    latencies_.push_back(now - call.started);
  }

  absl::Status GiveUp() {
    for (const auto& call : calls_) {
      call->context->TryCancel();
      call->pause.Cancel();
    }
    void* tag = nullptr;
    bool ok = false;
    for (; outstanding_ > 0 && queue_.Next(&tag, &ok); --outstanding_) {
    }
    return absl::DeadlineExceededError("calls did not come back");
  }

  absl::Duration Percentile(double share) {
    if (latencies_.empty()) return absl::ZeroDuration();
    const auto place = latencies_.begin() + static_cast<std::ptrdiff_t>(
                                                share * static_cast<double>(latencies_.size() - 1));
    std::nth_element(latencies_.begin(), place, latencies_.end());
    return *place;
  }

  PassResult Result() {
    result_.median = Percentile(0.5);
    result_.percentile99 = Percentile(0.99);
    result_.longest = Percentile(1);
    return result_;
  }

  const PassOptions& options_;
  const Scenario& scenario_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> idle_;  // with a rate
  absl::Time next_start_ = absl::InfiniteFuture();
  int outstanding_ = 0;
  size_t next_request_ = 0;
  Phase phase_ = Phase::kWarmUp;
  absl::Time began_;
  absl::Duration server_cpu_;
  absl::Duration client_cpu_;
  std::vector<absl::Duration> latencies_;
  PassResult result_;
};

}  // namespace

absl::Status OutcomeOf(const grpc::ByteBuffer& reply, ReplyShape shape, int wanted_code) {
  if (shape == ReplyShape::kNone) return absl::OkStatus();
  const std::string head = HeadOf(reply);
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(head.data()),
                                            static_cast<int>(head.size()));
  if (shape == ReplyShape::kWrapped) {
    constexpr uint32_t kFieldOneLengthDelimited = 0x0a;
    uint32_t length = 0;
    if (in.ReadTag() != kFieldOneLengthDelimited || !in.ReadVarint32(&length)) {
      return absl::UnknownError("a reply without ReplyInfo");
    }
    in.PushLimit(static_cast<int>(length));
  }
  ::common::ReplyInfo info;
  if (!info.ParseFromCodedStream(&in)) return absl::UnknownError("a reply that cannot be read");
  if (info.statuscode() == wanted_code) return absl::OkStatus();
  return absl::UnknownError(
      absl::StrCat(::common::ReplyStatusCode_Name(info.statuscode()), ": ", info.statusmessage()));
}

absl::StatusOr<PassResult> RunPass(const PassOptions& options, const Scenario& scenario) {
  Pass pass(options, scenario);
  const absl::Status connected = pass.Connect();
  if (!connected.ok()) return connected;
  const absl::Status opened = pass.OpenChains();
  if (!opened.ok()) return opened;
  return pass.Run();
}

}  // namespace usher::load
