// What tests of the gate stand on: a server, and calls to it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/status/reply_error.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {

// The answer to one call: outcome on both levels.
struct Answer {
  grpc::Status status;
  ::common::ReplyInfo info;
};

class GateTestBase : public ::testing::Test {
 protected:
  Answer List(const std::string& token, const std::string& request_id = "request-1",
              absl::Duration patience = absl::Seconds(30)) {
    ::companyService::CompanyListRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    request.mutable_accessinfo()->set_requestid(request_id);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
    ::companyService::CompanyListReply reply;
    const grpc::Status status = server_.stub().companyList(&context, request, &reply);
    return {status, reply.replyinfo()};
  }
  Answer Create(const std::optional<std::string>& key, const std::string& name = "Acme") {
    ::companyService::CompanyCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(server_.Token());
    request.mutable_company()->set_displayname(name);
    grpc::ClientContext context;
    if (key.has_value()) context.AddMetadata("idempotency-key", *key);
    ::companyService::CompanyCreateReply reply;
    const grpc::Status status = server_.stub().companyCreate(&context, request, &reply);
    return {status, reply.replyinfo()};
  }
  Answer Update(const std::string& token) {
    ::companyService::CompanyUpdateRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    grpc::ClientContext context;
    ::common::ReplyInfo reply;
    const grpc::Status status = server_.stub().companyUpdate(&context, request, &reply);
    return {status, reply};
  }

  GateServer server_;
};

// A call that was decided, and how.
inline void ExpectDecided(const Answer& answer, ReplyCode code) {
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.info.statuscode(), code) << answer.info.statusmessage();
}

}  // namespace usher::rpc
