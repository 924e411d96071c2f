#include "common/rpc/health_rpc.h"

#include <grpcpp/alarm.h>
#include <grpcpp/support/async_stream.h>

#include <chrono>

namespace usher::rpc {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

// One Watch stream. At any time it owes the queue one operation (a write, an alarm, or the finish)
// and the done event. All on the polling thread; deletes itself after the last event.
class HealthRpc::Watch final : public Tag {
 public:
  static void WaitForNext(HealthRpc& health, ServerQueue& queue) {
    auto* watch = new Watch(health, queue);
    health.service_.RequestWatch(&watch->context_, &watch->request_, &watch->writer_, queue.get(),
                                 queue.get(), watch);
  }

  void Proceed(bool ok) override {
    if (!arrived_) {
      if (!ok) {  // the server is going down
        delete this;
        return;
      }
      arrived_ = true;
      WaitForNext(health_, queue_);
      Next();
      return;
    }
    if (gone_ || finished_) {
      operation_owed_ = false;
      DeleteAtTheEnd();
    } else {
      Next();
    }
  }

 private:
  class DoneTag final : public Tag {
   public:
    explicit DoneTag(Watch& watch) : watch_(watch) {}
    void Proceed(bool) override { watch_.Gone(); }

   private:
    Watch& watch_;
  };

  Watch(HealthRpc& health, ServerQueue& queue)
      : health_(health), queue_(queue), writer_(&context_), done_(*this) {
    context_.AsyncNotifyWhenDone(&done_);
  }

  void Next() {
    operation_owed_ = true;
    const HealthCheckResponse::ServingStatus status = health_.StatusOf(request_.service());
    if (!told_ || status != response_.status()) {
      told_ = true;
      response_.set_status(status);
      writer_.Write(response_, this);
    } else if (health_.ending_.load()) {
      finished_ = true;
      writer_.Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping"), this);
    } else {
      alarm_.Set(queue_.get(), std::chrono::system_clock::now() + std::chrono::milliseconds(200),
                 this);
    }
  }

  void Gone() {
    gone_ = true;
    alarm_.Cancel();
    DeleteAtTheEnd();
  }

  void DeleteAtTheEnd() {
    if (gone_ && !operation_owed_) delete this;
  }

  HealthRpc& health_;
  ServerQueue& queue_;
  grpc::ServerContext context_;
  HealthCheckRequest request_;
  HealthCheckResponse response_;
  grpc::ServerAsyncWriter<HealthCheckResponse> writer_;
  grpc::Alarm alarm_;
  DoneTag done_;
  bool arrived_ = false;
  bool told_ = false;
  bool finished_ = false;
  bool gone_ = false;
  bool operation_owed_ = false;
};

HealthRpc::HealthRpc() {
  Expose(service_, ::grpc::health::v1::Health::service_full_name());
  check_.wait_for_next = [this](auto* context, auto* request, auto* writer, auto* queue,
                                void* tag) {
    service_.RequestCheck(context, request, writer, queue, queue, tag);
  };
  check_.handle = [this](auto& call) { Check(call); };
  AddStarter([this](ServerQueue& queue) {
    UnaryCall<HealthCheckRequest, HealthCheckResponse>::WaitForNext(check_, queue);
    Watch::WaitForNext(*this, queue);
  });
}

void HealthRpc::Check(UnaryCall<HealthCheckRequest, HealthCheckResponse>& call) const {
  const ServingStatus status = StatusOf(call.request().service());
  if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
    call.Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such service here"));
    return;
  }
  call.reply().set_status(status);
  call.Finish(grpc::Status::OK);
}

HealthRpc::ServingStatus HealthRpc::StatusOf(const std::string& service) const {
  if (!service.empty() && services_.count(service) == 0) {
    return HealthCheckResponse::SERVICE_UNKNOWN;
  }
  return serving_.load() ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

}  // namespace usher::rpc
