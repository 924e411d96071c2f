#include "tests/load/chat_watch.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <roomService/roomService.grpc.pb.h>
#include <usher/chat/v1/chat.grpc.pb.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::load {
namespace {

using ChatService = ::usher::chat::v1::ChatService;
using ::usher::chat::v1::WatchReply;
using ::usher::chat::v1::WatchRequest;

constexpr int kWatchersOfConnection = 50;
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kLongest = absl::Minutes(10);

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
  static std::atomic<int> number{0};
  grpc::ChannelArguments arguments;
  arguments.SetInt("usher.connection", ++number);  // not one connection for all
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void SetDeadline(grpc::ClientContext& context, absl::Duration patience) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
}

absl::StatusOr<std::string> MakeRoom(const std::string& address, const v1::Seed& seed) {
  const auto stub = ::roomService::roomService::NewStub(NewChannel(address));
  ::roomService::RoomCreateRequest request;
  request.mutable_accessinfo()->set_accesstoken(seed.administrator_token());
  request.mutable_room()->set_displayname("chat");
  request.mutable_room()->mutable_defaultpermissions()->set_chat(true);
  grpc::ClientContext context;
  SetDeadline(context, kPatience);
  ::roomService::RoomCreateReply reply;
  const grpc::Status status = stub->Create(&context, request, &reply);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  if (reply.roomid().empty()) return absl::InternalError(reply.replyinfo().statusmessage());
  return reply.roomid();
}

// One who watches, on a completion queue that one thread polls.
struct Watcher {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncReader<WatchReply>> reader;
  WatchReply reply;
  bool started = false;
  bool begun = false;
  int heard = 0;
};

class Measurement {
 public:
  Measurement(const ChatWatchOptions& options, const v1::Seed& seed, std::string room)
      : options_(options), seed_(seed), room_(std::move(room)), sent_(options.messages) {}

  absl::StatusOr<ChatWatchResult> Run() {
    Open();
    std::thread poller([this] { Poll(); });
    absl::Status status = all_begun_.WaitForNotificationWithTimeout(absl::Minutes(1))
                              ? Send()
                              : absl::DeadlineExceededError("not all watches have begun");
    if (status.ok() && !all_heard_.WaitForNotificationWithTimeout(kPatience)) {
      status = absl::DeadlineExceededError("not all have heard everything");
    }
    for (const auto& watcher : watchers_) watcher->context.TryCancel();
    poller.join();
    queue_.Shutdown();
    if (!status.ok()) return status;
    return Summary();
  }

 private:
  void Open() {
    std::vector<std::unique_ptr<ChatService::Stub>> stubs;
    for (int i = 0; i < options_.watchers; ++i) {
      if (i % kWatchersOfConnection == 0) {
        const size_t server = stubs.size() % options_.addresses.size();
        stubs.push_back(ChatService::NewStub(NewChannel(options_.addresses[server])));
      }
      auto watcher = std::make_unique<Watcher>();
      SetDeadline(watcher->context, kLongest);
      WatchRequest request;
      request.set_receiver(room_);
      // In turn: a user has at most 200 streams.
      request.mutable_accessinfo()->set_accesstoken(seed_.people(i % seed_.people_size()).token());
      watcher->reader = stubs.back()->PrepareAsyncwatch(&watcher->context, request, &queue_);
      watcher->reader->StartCall(watcher.get());
      watchers_.push_back(std::move(watcher));
    }
    stubs_ = std::move(stubs);
  }

  void Poll() {
    void* tag = nullptr;
    bool ok = false;
    // Each has one operation under way, until one fails: at the latest when it is cancelled.
    size_t open = watchers_.size();
    while (open > 0 && queue_.Next(&tag, &ok)) {
      auto& watcher = *static_cast<Watcher*>(tag);
      if (!ok) {
        --open;
        continue;
      }
      if (watcher.started) Take(watcher, absl::Now());
      watcher.started = true;
      watcher.reader->Read(&watcher.reply, &watcher);
    }
  }

  void Take(Watcher& watcher, absl::Time now) {
    if (!watcher.begun) {
      watcher.begun = true;
      if (++begun_ == options_.watchers) all_begun_.Notify();
    }
    for (const auto& message : watcher.reply.chatmessage()) {
      int number = 0;
      if (!absl::SimpleAtoi(message.text(), &number) || number != watcher.heard) ++out_of_order_;
      if (number < 0 || number >= options_.messages) continue;
      latencies_.push_back(now - absl::FromUnixMicros(sent_[number].load()));
      if (++watcher.heard == options_.messages && ++satisfied_ == options_.watchers) {
        all_heard_.Notify();
      }
    }
  }

  absl::Status Send() {
    const auto stub = ChatService::NewStub(NewChannel(options_.addresses.front()));
    const absl::Time begun = absl::Now();
    for (int i = 0; i < options_.messages; ++i) {
      absl::SleepFor(begun + i * absl::Seconds(1) / options_.rate - absl::Now());
      ::common::ChatSendRequest request;
      request.mutable_accessinfo()->set_accesstoken(seed_.people(0).token());
      request.mutable_chatmessage()->add_receiver(room_);
      request.mutable_chatmessage()->set_text(absl::StrCat(i));
      grpc::ClientContext context;
      SetDeadline(context, kPatience);
      ::common::ChatSendReply reply;
      sent_[i].store(absl::ToUnixMicros(absl::Now()));
      const grpc::Status status = stub->send(&context, request, &reply);
      if (!status.ok()) return absl::UnavailableError(status.error_message());
      if (reply.replyinfo().statuscode() != ::common::OK) {
        return absl::InternalError(reply.replyinfo().statusmessage());
      }
    }
    return absl::OkStatus();
  }

  ChatWatchResult Summary() {
    ChatWatchResult result;
    std::sort(latencies_.begin(), latencies_.end());
    result.heard = static_cast<int64_t>(latencies_.size());
    result.out_of_order = out_of_order_;
    if (latencies_.empty()) return result;
    result.median = latencies_[latencies_.size() / 2];
    result.percentile99 = latencies_[latencies_.size() * 99 / 100];
    result.longest = latencies_.back();
    return result;
  }

  const ChatWatchOptions& options_;
  const v1::Seed& seed_;
  const std::string room_;
  std::vector<std::atomic<int64_t>> sent_;  // microseconds since 1970
  std::vector<std::unique_ptr<ChatService::Stub>> stubs_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
  grpc::CompletionQueue queue_;
  absl::Notification all_begun_;
  absl::Notification all_heard_;
  // The poller's own, until it has ended.
  int begun_ = 0;
  int satisfied_ = 0;
  int64_t out_of_order_ = 0;
  std::vector<absl::Duration> latencies_;
};

}  // namespace

absl::StatusOr<ChatWatchResult> WatchChat(const ChatWatchOptions& options, const v1::Seed& seed) {
  if (options.addresses.empty() || options.watchers < 1 || options.messages < 1 ||
      options.rate <= 0 || seed.people_size() == 0) {
    return absl::InvalidArgumentError("chat: addresses, watchers, messages, a rate and people");
  }
  ASSIGN_OR_RETURN(std::string room, MakeRoom(options.addresses.front(), seed));
  return Measurement(options, seed, std::move(room)).Run();
}

}  // namespace usher::load
