// Methods that take a token or something else in its place (Binding::ServeWithOrWithoutToken).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "common/status/reply_error.h"
#include "tests/support/fake_incoming.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {
namespace gate_without_token_test {

using ::companyService::CompanyUpdateRequest;

class EitherRpc final : public Service {
 public:
  explicit EitherRpc(Gate& gate) {
    Binding bind(gate, *this, CompanyService::service_full_name());
    bind.ServeWithOrWithoutToken("companyUpdate", {.name = "test.either"}, &EitherRpc::Do);
  }
  bool called = false;
  std::optional<UserId> caller;

 private:
  absl::Status Do(const CallContext& /*call*/, const Caller* by,
                  const CompanyUpdateRequest& /*request*/, ::common::ReplyInfo& /*reply*/) {
    called = true;
    if (by != nullptr) caller = by->user();
    return absl::OkStatus();
  }
};

class GateWithoutTokenTest : public ::testing::Test {
 protected:
  GateWithoutTokenTest() {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
  }

  ReplyCode Call(const std::string& token, size_t size = 10) {
    CompanyUpdateRequest request;
    if (!token.empty()) request.mutable_accessinfo()->set_accesstoken(token);
    request.mutable_company()->set_displayname(std::string(size, 'x'));
    FakeIncoming incoming(request);
    gate_.Handle(const_cast<Method&>(gate_.methods().front()), incoming);
    EXPECT_TRUE(incoming.WaitForAnswer());
    return incoming.outcome().reply_code;
  }
  std::string Token(bool guest = false) const {
    token::AccessToken token = token::AToken(clock_.Now());
    token.guest = guest;
    return token::SignWith(token::AKey(1), token);
  }

  const SystemClock clock_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 100};
  prometheus::Registry registry_;
  Lanes lanes_{LaneOptions{.store_threads = 2}};
  Gate gate_{verifier_, lanes_, registry_, clock_, {}};
  EitherRpc rpc_{gate_};
};

constexpr size_t kLarge = Gate::kLargestRequestOfPoller + 1;

TEST_F(GateWithoutTokenTest, WhoBringsNoTokenGetsToTheBodyAsNobody) {
  for (const size_t size : {size_t{10}, kLarge}) {
    rpc_.called = false;
    EXPECT_EQ(Call("", size), ::common::OK);
    EXPECT_TRUE(rpc_.called);
    EXPECT_FALSE(rpc_.caller.has_value());
  }
}

TEST_F(GateWithoutTokenTest, WhoBringsAGoodTokenIsItsUserGuestsToo) {
  for (const bool guest : {false, true}) {
    for (const size_t size : {size_t{10}, kLarge}) {
      rpc_.caller.reset();
      EXPECT_EQ(Call(Token(guest), size), ::common::OK);
      EXPECT_EQ(rpc_.caller, UserId(token::kUser));
    }
  }
}

TEST_F(GateWithoutTokenTest, WhoBringsABadTokenIsRefusedAtTheDoor) {
  for (const size_t size : {size_t{10}, kLarge}) {
    EXPECT_EQ(Call("nonsense", size), ::common::AUTHENTICATION_ERROR);
  }
  EXPECT_FALSE(rpc_.called);
}

}  // namespace gate_without_token_test
}  // namespace usher::rpc
