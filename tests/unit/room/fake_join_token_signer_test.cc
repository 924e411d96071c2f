#include "tests/support/fake_join_token_signer.h"

#include "tests/support/contracts/join_token_signer_contract.h"

namespace usher::room {
namespace fake_join_token_signer_test {

class OnTheFake : public ::testing::Test {
 protected:
  JoinTokenSigner& signer() { return signer_; }
  static Caller Signed(const ACaller& caller) { return caller; }
  static token::AccessToken Read(const std::string& bytes) {
    const auto token = token::ParsePayload(bytes);
    EXPECT_OK(token);
    return token.ok() ? *token : token::AccessToken();
  }

 private:
  FakeJoinTokenSigner signer_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, JoinTokenSignerContract, ::testing::Types<OnTheFake>);

}  // namespace fake_join_token_signer_test
}  // namespace usher::room
