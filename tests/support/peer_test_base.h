// What tests of the internal ports stand on: certificates of two authorities, and a service.
#pragma once

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/peer/peer.h"
#include "common/server/synchronous_calls.h"
#include "tests/support/a_caller.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {

using ::companyService::CompanyDestroyRequest;

class PeerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = "/tmp/usher_peer_XXXXXX";
    folder_ = new std::string(mkdtemp(pattern.data()));
    for (const char* ca : {"ours", "theirs"}) {
      ASSERT_EQ(std::system(absl::StrCat(SourceFolder(), "/deploy/local/certificates ", *folder_,
                                         "/", ca, " company user room")
                                .c_str()),
                0);
    }
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(*folder_);
    delete folder_;
  }

  static InternalTls Tls(const std::string& service, const std::string& ca = "ours") {
    const std::string folder = absl::StrCat(*folder_, "/", ca, "/");
    return {FileContent(folder + "ca.pem"), FileContent(absl::StrCat(folder, service, ".pem")),
            FileContent(absl::StrCat(folder, service, ".key"))};
  }
  static std::string Address() { return absl::StrCat("unix:", *folder_, "/socket"); }

  void Start() { server_.StartInternal(Address(), Tls("company")); }
  static absl::Status Destroy(Peer& peer, absl::Duration patience = absl::Seconds(20)) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(Effect::kChanges, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  }
  // The same as a question.
  static absl::Status Ask(Peer& peer, absl::Duration patience = absl::Seconds(20)) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  }

  static inline std::string* folder_ = nullptr;
  GateServer server_;
};

// The service by hand, over the same certificates: what no gate lets through.
class RawCompany final : public CompanyService::Service {
 public:
  using Body = std::function<grpc::Status(grpc::ServerContext*)>;

  RawCompany(const std::string& address, const InternalTls& tls, Body body)
      : body_(std::move(body)) {
    server::SynchronousCalls::Get();  // whichever server is the first of the process
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = tls.ca;
    options.pem_key_cert_pairs.push_back({tls.key, tls.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::SslServerCredentials(options));
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  grpc::Status companyDestroy(grpc::ServerContext* context, const CompanyDestroyRequest*,
                              ::common::ReplyInfo*) override {
    return body_(context);
  }

 private:
  const Body body_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace usher::rpc
