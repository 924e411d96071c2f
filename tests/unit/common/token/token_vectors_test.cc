// The test vectors of docs/token.md: whoever writes a verifier of his own can check it against
// them.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/token/token_signer.h"
#include "common/token/token_verifier.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace token_vectors_test {

constexpr char kSeed[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr char kKeyIdHex[] = "a1b2c3d4e5f60718";
constexpr char kPublicKeyHex[] = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

// A member of "acme" with USER_SHOW.
constexpr char kMemberToken[] =
    // header, signature, payload
    "01a1b2c3d4e5f60718"
    "b7576105977f49e295a6b58f5e6edebadcc9cbccd4e99af09661b4b93bc6853cfa8201d7cc1c26307dca0796"
    "5cfd9dfe7f97478c785b36a2bdf102d420f8540b"
    "0a380a2430313930303030302d303030302d373030302d383030302d30303030303030303030303112046163"
    "6d651890cdef860722040802100110c084a4a2e9c2ae031880b1ef8607222430313930303030302d30303030"
    "2d373030302d383030302d3030303030303030303061612a2430313930303030302d303030302d373030302d"
    "383030302d30303030303030303030626230013a057573686572";

// The same user with the company administrator's permissions. The order of the entries of a
// protobuf map is open: other bytes than these can say the same.
constexpr char kAdministratorToken[] =
    // header, signature, payload
    "01a1b2c3d4e5f60718"
    "2edff889884f3b3383ac639737488b33856ceaa81ba854f477a7a34637b2c2bcb2a276b153d717ed56b4bb6b"
    "832ed9011c09bb7d119230525fc92bb990f11806"
    "0a680a2430313930303030302d303030302d373030302d383030302d30303030303030303030303112046163"
    "6d651890cdef86072204080f10012204080410012204080a1001220408061001220408011001220408031001"
    "2204080510012204080d100122040802100110c084a4a2e9c2ae031880b1ef8607222430313930303030302d"
    "303030302d373030302d383030302d3030303030303030303061612a2430313930303030302d303030302d37"
    "3030302d383030302d30303030303030303030626230013a057573686572";

// A guest's join token for one room.
constexpr char kJoinToken[] =
    // header, signature, payload
    "01a1b2c3d4e5f60718"
    "4e61e4e282e6b60c2bfb3562eab60cde6d1942fca860a20041d95b3f812a3a46cdaf5c0565757ecf516db73f"
    "da7bab14a979bdac93484dc5b5c5d0c4e0a06600"
    "0a620a2430313930303030302d303030302d373030302d383030302d30303030303030303030303112046163"
    "6d651890cdef860730013a045a6fc3ab422430313930303030302d303030302d373030302d383030302d3030"
    "30303030303030303039500110c084a4a2e9c2ae031880b1ef8607222430313930303030302d303030302d37"
    "3030302d383030302d3030303030303030303061612a2430313930303030302d303030302d373030302d3830"
    "30302d30303030303030303030626230033a057573686572422430313930303030302d303030302d37303030"
    "2d383030302d303030303030303030306363";

AccessToken Member() {
  AccessToken token;
  token.user = UserId("01900000-0000-7000-8000-000000000001");
  token.company = CompanyId("acme");
  token.permissions = {Permission::kUserShow};
  token.session = SessionId("01900000-0000-7000-8000-0000000000aa");
  token.token_id = "01900000-0000-7000-8000-0000000000bb";
  token.issued_at = absl::FromUnixMicros(1893456000123456);
  token.not_before = absl::FromUnixSeconds(1893456000);
  token.expires_at = absl::FromUnixSeconds(1893459600);
  return token;
}

AccessToken Joining() {
  AccessToken token = Member();
  token.type = TokenType::kJoin;
  token.permissions = {};
  token.guest = true;
  token.display_name = "Zo\u00eb";
  token.base_permissions_id = UserId("01900000-0000-7000-8000-000000000009");
  token.extension_disallowed = true;
  token.only_room = RoomId("01900000-0000-7000-8000-0000000000cc");
  return token;
}

SigningKey Key() {
  KeyId key_id;
  const std::string id = absl::HexStringToBytes(kKeyIdHex);
  std::copy(id.begin(), id.end(), key_id.begin());
  return SigningKeyFromSeed(key_id, absl::UnixEpoch(), Secret(absl::HexStringToBytes(kSeed)));
}

class TokenVectors : public ::testing::Test {
 protected:
  TokenVectors() {
    keys_.Replace({{Key().key_id, Key().public_key}});
    feed_state_.NoteCompleteRound(feed_state_.Now());
  }

  absl::StatusOr<std::shared_ptr<const AccessToken>> Verify(absl::string_view hex) {
    return verifier_.Verify(absl::HexStringToBytes(hex));
  }
  std::string Sign(const AccessToken& token) const {
    return absl::BytesToHexString(TokenSigner({Key()}, clock_).Sign(token));
  }

  const FakeClock clock_{absl::FromUnixSeconds(1893456060)};
  KeyRing keys_;
  Revocations revocations_;
  FeedState feed_state_;
  TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 10};
};

TEST_F(TokenVectors, TheSeedGivesThePublicKey) {
  const PublicKey key = Key().public_key;
  EXPECT_EQ(absl::BytesToHexString(
                absl::string_view(reinterpret_cast<const char*>(key.data()), key.size())),
            kPublicKeyHex);
}

TEST_F(TokenVectors, SigningGivesTheSameBytes) {
  EXPECT_EQ(Sign(Member()), kMemberToken);
  EXPECT_EQ(Sign(Joining()), kJoinToken);
}

TEST_F(TokenVectors, TheMembersTokenSaysWhatItShould) {
  const auto token = Verify(kMemberToken);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, TokenType::kAccess);
  EXPECT_EQ((*token)->user, Member().user);
  EXPECT_EQ((*token)->company, Member().company);
  EXPECT_EQ((*token)->permissions, Member().permissions);
  EXPECT_EQ((*token)->issued_at, Member().issued_at);
  EXPECT_EQ((*token)->expires_at, Member().expires_at);
}

TEST_F(TokenVectors, TheAdministratorsTokenSaysWhatItShould) {
  const auto token = Verify(kAdministratorToken);
  ASSERT_OK(token);
  // As they were when the vector was made: administrators have come to hold more.
  EXPECT_EQ((*token)->permissions, PermissionSet::FromMask(0xA47E));
  EXPECT_TRUE(kCompanyAdministrator.Contains((*token)->permissions));
}

TEST_F(TokenVectors, TheJoinTokenSaysWhatItShould) {
  const auto token = Verify(kJoinToken);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, TokenType::kJoin);
  EXPECT_TRUE((*token)->permissions.empty());
  EXPECT_TRUE((*token)->guest);
  EXPECT_EQ((*token)->display_name, Joining().display_name);
  EXPECT_EQ((*token)->base_permissions_id, Joining().base_permissions_id);
  EXPECT_TRUE((*token)->extension_disallowed);
  EXPECT_EQ((*token)->only_room, Joining().only_room);
}

TEST_F(TokenVectors, AreRefusedWithAnotherByte) {
  for (std::string hex : {kMemberToken, kAdministratorToken, kJoinToken}) {
    hex.back() = hex.back() == '0' ? '1' : '0';
    EXPECT_THAT(Verify(hex), HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
}

}  // namespace token_vectors_test
}  // namespace usher::token
