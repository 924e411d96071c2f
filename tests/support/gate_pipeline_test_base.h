// What tests of the gate's pipeline stand on: a gate without transport and server.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "tests/support/fake_incoming.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {

class GatePipelineTest : public ::testing::Test {
 protected:
  explicit GatePipelineTest(GateOptions options = {})
      : gate_(verifier_, lanes_, registry_, clock_, std::move(options)), rpc_(gate_) {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
  }

  Method& MethodNamed(const std::string& name) {
    for (const Method& method : gate_.methods()) {
      if (method.spec.name == name) return const_cast<Method&>(method);
    }
    throw std::runtime_error("no method " + name);
  }
  void Handle(const std::string& method, FakeIncoming& incoming) {
    gate_.Handle(MethodNamed(method), incoming);
    ASSERT_TRUE(incoming.WaitForAnswer());
  }
  std::string Token(const std::string& id = "1") const {
    token::AccessToken token = token::AToken(clock_.Now());
    token.token_id = id;
    return token::SignWith(token::AKey(1), token);
  }
  static ::companyService::CompanyCreateRequest ARequest(const std::string& token,
                                                         size_t size = 10) {
    ::companyService::CompanyCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    request.mutable_accessinfo()->set_requestid("r");
    request.mutable_company()->set_displayname(std::string(size, 'x'));
    return request;
  }
  static ReplyCode CodeOf(const FakeIncoming& incoming) { return incoming.outcome().reply_code; }

  const SystemClock clock_{};
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 100};
  prometheus::Registry registry_;
  Lanes lanes_{LaneOptions{.store_threads = 2}};
  Gate gate_;
  TestRpc rpc_;
};

}  // namespace usher::rpc
