// One call that came as JSON over HTTP, as the gate sees it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/answer.h"
#include "common/http/exchange.h"
#include "common/http/request_head.h"
#include "common/rpc/call/incoming.h"
#include "common/rpc/gate/method.h"
#include "common/rpc/lane/byte_budget.h"

namespace usher::http {

// What a request brings.
struct HttpRequest {
  RequestHead head;
  std::string body;
  std::string peer;  // as Incoming::Peer
  absl::Time deadline = absl::InfiniteFuture();
  Manner manner;
  std::unique_ptr<rpc::ByteBudget::Share> body_bytes;  // where they are counted
};

// Until when the header grpc-timeout lets a call take that began `now`; without one, for ever.
// kInvalidArgument: it is not as gRPC over HTTP/2 writes it ("Timeout").
absl::StatusOr<absl::Time> DeadlineOf(const RequestHead& head, absl::Time now);

// Deletes itself once it has been answered. What carried secrets is overwritten.
class HttpCall final : public rpc::Incoming {
 public:
  HttpCall(Exchange& exchange, std::shared_ptr<Connection> connection, const rpc::Method& method,
           HttpRequest request);
  ~HttpCall() override;

  std::string Peer() const override { return request_.peer; }
  absl::Time Deadline() const override { return request_.deadline; }
  std::optional<absl::string_view> Header(absl::string_view name) const override {
    return request_.head.Find(name);
  }
  std::string Headers(absl::string_view name) const override { return request_.head.Join(name); }
  std::vector<std::string> CertificateNames() const override { return {}; }
  size_t RequestSize() const override { return request_.body.size(); }
  bool ReadAccessInfo(int number, ::common::AccessInfo* access) override;
  bool ReadRequest(google::protobuf::Message* request) override;
  std::shared_ptr<const std::atomic<bool>> Cancelled() const override { return cancelled_; }
  void TellRequestId(absl::string_view request_id) override {
    request_id_ = std::string(request_id);
  }
  // Of its text, which takes several times what it takes as protobuf.
  size_t HeldBy(const google::protobuf::Message& reply, size_t size) override;
  void Answer(const rpc::Outcome& outcome, const google::protobuf::Message& reply, absl::Time until,
              std::shared_ptr<void> kept) override;

  // Null where nobody asks whether the client is still there.
  const std::shared_ptr<std::atomic<bool>>& cancelled() const { return cancelled_; }

 private:
  // A token of the header Authorization, where the access info has none.
  void TakeBearer(::common::AccessInfo* access) const;
  bool Note(const absl::Status& read);

  Exchange& exchange_;
  std::shared_ptr<Connection> connection_;
  const rpc::Method& method_;
  HttpRequest request_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  std::string request_id_;
  std::string json_;                  // the reply, where it was written to see what it holds
  std::optional<Refusal> malformed_;  // the body was no JSON of this call
};

}  // namespace usher::http
