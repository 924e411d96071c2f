// A real server in this process with the gate in front of a service whose bodies a test sets.
#pragma once

#include <companyService/companyService.grpc.pb.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "common/rpc/gate.h"
#include "common/rpc/health_rpc.h"
#include "common/rpc/peer.h"
#include "common/server/server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"

namespace usher::rpc {

using ::companyService::CompanyService;

// Bodies are set before the first call.
class TestRpc final : public Service {
 public:
  using List =
      std::function<absl::Status(const Caller&, const ::companyService::CompanyListRequest&,
                                 ::companyService::CompanyListReply&)>;
  using Create =
      std::function<absl::Status(const Caller&, const ::companyService::CompanyCreateRequest&,
                                 ::companyService::CompanyCreateReply&)>;
  using Update = std::function<absl::Status(
      const Caller&, const ::companyService::CompanyUpdateRequest&, ::common::ReplyInfo&)>;
  using Available = std::function<absl::Status(const CallContext&,
                                               const ::companyService::CompanyAvailableRequest&,
                                               ::companyService::CompanyAvailableReply&)>;
  using Destroy = std::function<absl::Status(
      const CallContext&, const ::companyService::CompanyDestroyRequest&, ::common::ReplyInfo&)>;

  explicit TestRpc(Gate& gate) {
    using Async = CompanyService::AsyncService;
    Expose(service_, CompanyService::service_full_name());
    gate.Serve(*this, service_, {.name = "test.list"}, &Async::RequestcompanyList,
               [this](const auto& caller, const auto& request, auto& reply) {
                 return list(caller, request, reply);
               });
    gate.Serve(*this, service_, {.name = "test.create", .creates = true},
               &Async::RequestcompanyCreate,
               [this](const auto& caller, const auto& request, auto& reply) {
                 return create(caller, request, reply);
               });
    gate.Serve(*this, service_,
               {.name = "test.update",
                .lane = Lane::kSlow,
                .accepts = {token::TokenType::kAccess, token::TokenType::kJoin}},
               &Async::RequestcompanyUpdate,
               [this](const auto& caller, const auto& request, auto& reply) {
                 return update(caller, request, reply);
               });
    gate.ServeOpen(*this, service_, {.name = "test.available", .lane = Lane::kInline},
                   &Async::RequestcompanyAvailable,
                   [this](const auto& call, const auto& request, auto& reply) {
                     return available(call, request, reply);
                   });
    gate.ServeInternal(*this, service_, {"user"}, {.name = "test.destroy"},
                       &Async::RequestcompanyDestroy,
                       [this](const auto& call, const auto& request, auto& reply) {
                         return destroy(call, request, reply);
                       });
  }

  List list = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Create create = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Update update = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Available available = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Destroy destroy = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };

 private:
  CompanyService::AsyncService service_;
};

// Everything that a running server has, over a fake clock for tokens and a real one for deadlines.
class GateServer {
 public:
  explicit GateServer(LaneOptions lanes = {.store_threads = 2, .slow_threads = 2},
                      const Clock& gate_clock = RealClock())
      : lanes_(lanes), gate_(verifier_, lanes_, registry_, gate_clock, Options()), rpc_(gate_) {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    health_.AnswerFor({CompanyService::service_full_name()});
  }

  // After the bodies are set.
  void Start() {
    server::ListenOptions options;
    options.plain = "127.0.0.1:0";
    auto server = server::Server::Start(options, {}, {&rpc_, &health_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->ports()[0].address, grpc::InsecureChannelCredentials());
    stub_ = CompanyService::NewStub(channel_);
  }

  // The same on an internal port.
  void StartInternal(const std::string& address, const InternalTls& tls) {
    server::ListenOptions options;
    options.internal = address;
    auto server = server::Server::Start(options, std::make_shared<TlsFiles>(tls), {&rpc_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  TestRpc& rpc() { return rpc_; }
  HealthRpc& health() { return health_; }
  server::Server& server() { return *server_; }
  void Stop() { server_.reset(); }
  Lanes& lanes() { return lanes_; }
  CompanyService::Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }
  prometheus::Registry& registry() { return registry_; }
  FakeClock& clock() { return clock_; }

  // The token of a user of "acme", changed by `change`.
  std::string Token(const std::function<void(token::AccessToken&)>& change = nullptr) const {
    token::AccessToken token = token::AToken(clock_.Now());
    if (change != nullptr) change(token);
    return token::SignWith(token::AKey(1), token);
  }

 private:
  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }
  static GateOptions Options() { return {.operator_company = CompanyId("operator")}; }

  FakeClock clock_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::TokenVerifier verifier_{keys_, revocations_, clock_, 100};
  prometheus::Registry registry_;
  Lanes lanes_;
  Gate gate_;
  TestRpc rpc_;
  HealthRpc health_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<CompanyService::Stub> stub_;
};

}  // namespace usher::rpc
