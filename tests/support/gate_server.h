// A real server in this process with the gate in front of a service whose bodies a test sets.
#pragma once

#include <companyService/companyService.grpc.pb.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <roomService/roomService.grpc.pb.h>

#include <functional>
#include <memory>
#include <string>

#include "common/http/door.h"
#include "common/rpc/gate/binding.h"
#include "common/rpc/gate/gate.h"
#include "common/rpc/health_rpc.h"
#include "common/rpc/peer/peer.h"
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

  using Follow = std::function<absl::Status(const Caller&, const ::roomService::RoomStatusRequest&,
                                            Stream<::roomService::RoomStatusReply>)>;

  explicit TestRpc(Gate& gate) {
    Binding bind(gate, *this, CompanyService::service_full_name());
    bind.Serve("companyList", {.name = "test.list", .reads = true}, &TestRpc::DoList);
    bind.Serve("companyCreate", {.name = "test.create", .creates = true}, &TestRpc::DoCreate);
    bind.Serve("companyUpdate",
               {.name = "test.update",
                .lane = Lane::kSlow,
                .accepts = {token::TokenType::kAccess, token::TokenType::kJoin},
                .guests = true},
               &TestRpc::DoUpdate);
    bind.ServeOpen("companyAvailable", {.name = "test.available", .lane = Lane::kInline},
                   &TestRpc::DoAvailable);
    bind.ServeInternal("companyDestroy", {"user"}, {.name = "test.destroy"}, &TestRpc::DoDestroy);
    // The protocol has no streams of ours yet: one with the messages of another method.
    Binding documented(gate, *this, ::roomService::RoomService::service_full_name());
    documented.ServeOpen("List", {.name = "test.hash", .lane = Lane::kHash}, &TestRpc::DoHash);
    documented.Serve("Permissions", {.name = "test.known_hash", .lane = Lane::kHash},
                     &TestRpc::DoKnownHash);
    documented.ServeStream("Status", {.name = "test.stream", .reads = true}, &TestRpc::DoStream);
  }

  List list = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Create create = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Update update = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Available available = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Destroy destroy = [](const auto&, const auto&, auto&) { return absl::OkStatus(); };
  Follow follow = [](const auto&, const auto&, auto) { return absl::OkStatus(); };

 private:
  absl::Status DoStream(const Caller& caller, const ::roomService::RoomStatusRequest& request,
                        Stream<::roomService::RoomStatusReply> stream) {
    return follow(caller, request, std::move(stream));
  }
  absl::Status DoHash(const CallContext&, const ::roomService::RoomListRequest&,
                      ::roomService::RoomListReply&) {
    return absl::OkStatus();
  }
  absl::Status DoKnownHash(const Caller&, const ::roomService::RoomPermissionsRequest&,
                           ::roomService::RoomPermissionsReply&) {
    return absl::OkStatus();
  }
  absl::Status DoList(const Caller& caller, const ::companyService::CompanyListRequest& request,
                      ::companyService::CompanyListReply& reply) {
    return list(caller, request, reply);
  }
  absl::Status DoCreate(const Caller& caller, const ::companyService::CompanyCreateRequest& request,
                        ::companyService::CompanyCreateReply& reply) {
    return create(caller, request, reply);
  }
  absl::Status DoUpdate(const Caller& caller, const ::companyService::CompanyUpdateRequest& request,
                        ::common::ReplyInfo& reply) {
    return update(caller, request, reply);
  }
  absl::Status DoAvailable(const CallContext& call,
                           const ::companyService::CompanyAvailableRequest& request,
                           ::companyService::CompanyAvailableReply& reply) {
    return available(call, request, reply);
  }
  absl::Status DoDestroy(const CallContext& call,
                         const ::companyService::CompanyDestroyRequest& request,
                         ::common::ReplyInfo& reply) {
    return destroy(call, request, reply);
  }
};

// Everything that a running server has, over a fake clock for tokens and a real one for deadlines.
class GateServer {
 public:
  explicit GateServer(LaneOptions lanes = {.store_threads = 2, .slow_threads = 2},
                      const Clock& gate_clock = RealClock(),
                      GateOptions options = {.operator_company = CompanyId("operator")},
                      size_t most_watches = HealthRpc::kMostWatches)
      : lanes_(lanes),
        gate_(verifier_, lanes_, registry_, gate_clock, std::move(options)),
        rpc_(gate_),
        health_(most_watches) {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
    health_.AnswerFor({CompanyService::service_full_name()});
  }

  // After the bodies are set.
  void Start(int pollers = 1) {
    server::ListenOptions options;
    options.plain = "127.0.0.1:0";
    options.pollers = pollers;
    auto server = server::Server::Start(options, {}, {&rpc_, &health_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->ports()[0].address, grpc::InsecureChannelCredentials());
    stub_ = CompanyService::NewStub(channel_);
  }

  // The same with a JSON port, which is ports().back(); with TLS where there are files for it.
  void StartWithJson(http::DoorOptions door = {}, std::shared_ptr<TlsFiles> tls_files = nullptr) {
    server::ListenOptions options;
    options.plain = "127.0.0.1:0";
    (tls_files == nullptr ? options.json : options.json_tls) = "127.0.0.1:0";
    door_ = std::make_unique<http::Door>(gate_, std::move(door), std::move(tls_files));
    auto server = server::Server::Start(options, {}, {&rpc_, &health_}, door_.get());
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
  Gate& gate() { return gate_; }
  token::Revocations& revocations() { return revocations_; }
  const token::TokenVerifier& verifier() const { return verifier_; }
  HealthRpc& health() { return health_; }
  server::Server& server() { return *server_; }
  http::Door& door() { return *door_; }
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

  FakeClock clock_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 100};
  prometheus::Registry registry_;
  Lanes lanes_;
  Gate gate_;
  TestRpc rpc_;
  HealthRpc health_;
  std::unique_ptr<http::Door> door_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<CompanyService::Stub> stub_;
};

}  // namespace usher::rpc
