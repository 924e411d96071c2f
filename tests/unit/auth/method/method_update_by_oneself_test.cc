// What users change of their own methods.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/auth/method/methods.h"
#include "tests/support/method_update_test_base.h"

namespace usher::auth {
namespace method_update_by_oneself_test {

// L11.
TEST_F(MethodUpdateTest, OnesOwnPasswordTakesTheCurrentOne) {
  const Caller self = ACaller().As(ann_);
  const auto wrong = HasReplyCode(::common::AUTHENTICATION_ERROR);
  EXPECT_THAT(Update(self, ann_, Password("ann", kOtherPassword)), wrong);
  EXPECT_THAT(Update(self, ann_, Password("ann", kOtherPassword, "not it")), wrong);
  EXPECT_THAT(Update(UserAdmin().As(ann_), ann_, Password("ann", kOtherPassword)), wrong);
  EXPECT_TRUE(SignsIn("ann", kGoodPassword));
  EXPECT_OK(Check(ann_, session_));
  EXPECT_OK(Update(self, ann_, Password("ann", kOtherPassword, kGoodPassword)));
  EXPECT_TRUE(SignsIn("ann", kOtherPassword));
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(MethodUpdateTest, RemovingAllDoesNotGetAroundTheCurrentPassword) {
  EXPECT_THAT(Update(ACaller().As(ann_), ann_, Password("ann", kOtherPassword), true),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Update(ACaller().As(ann_), ann_, Password("new name", kOtherPassword), true),
              kRefused);
  EXPECT_TRUE(SignsIn("ann", kGoodPassword));
}

// L15.
TEST_F(MethodUpdateTest, OnesOwnApiKeyTakesTheCurrentCode) {
  const UserId client = Made(Code("client", "old"));
  const Caller self = ACaller().As(client);
  EXPECT_THAT(Update(self, client, Code("client", "new", "not it")),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(Update(self, client, Code("client", "new", "old")));
  EXPECT_TRUE(Matches(KeyType::kAuthorizationCode, SecretKind::kCode, "client", "new"));
  MethodWish redirect = Code("client", "");
  std::get<CodeCredentials>(redirect.credentials->body).redirect_uri = "https://example.org";
  EXPECT_THAT(Update(self, client, redirect), kRefused);
  EXPECT_OK(Update(UserAdmin(), client, redirect));
}

// P4.
// Owner and thief, who both know it.
TEST_F(MethodUpdateTest, OfChangesWithTheSameCurrentSecretOneIsDone) {
  constexpr int kCallers = 4;
  absl::Status outcomes[kCallers];
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) {
    threads.emplace_back([&, i] {
      outcomes[i] = Update(ACaller().As(ann_), ann_,
                           Password("ann", absl::StrCat(kOtherPassword, i), kGoodPassword));
    });
  }
  for (std::thread& thread : threads) thread.join();
  int done = 0;
  for (int i = 0; i < kCallers; ++i) {
    if (!outcomes[i].ok()) {
      EXPECT_THAT(outcomes[i], HasReplyCode(::common::AUTHENTICATION_ERROR));
      continue;
    }
    ++done;
    EXPECT_TRUE(SignsIn("ann", absl::StrCat(kOtherPassword, i)));
  }
  EXPECT_EQ(done, 1);
}

TEST_F(MethodUpdateTest, AFurtherMethodOfOnesOwnTakesAPresentSecret) {
  const Caller self = UserAdmin().As(ann_);
  const auto wrong = HasReplyCode(::common::AUTHENTICATION_ERROR);
  for (const char* current : {"", "not it"}) {
    EXPECT_THAT(Update(self, ann_, Password("second", kOtherPassword, current)), wrong);
    EXPECT_THAT(Update(self, ann_, Code("client", "code", current)), wrong);
  }
  EXPECT_OK(Update(self, ann_, Password("second", kOtherPassword, kGoodPassword)));
  EXPECT_OK(Update(self, ann_, Code("client", "code", kOtherPassword)));
  EXPECT_OK(Update(self, ann_, Password("third", kGoodPassword, "code")));
  // Where there is none, there is nothing to show.
  const UserId bare(NewUuid());
  ASSERT_OK(store_.EnsureUser(ACall(), CompanyId("acme"), bare, std::nullopt));
  EXPECT_THAT(Update(UserAdmin().As(bare), bare, Password("fourth", kOtherPassword, "x")), wrong);
  EXPECT_OK(Update(UserAdmin(), bare, Password("fourth", kOtherPassword)));
}

TEST_F(MethodUpdateTest, OneselfChangesTheSecretAndNothingElse) {
  const Caller self = ACaller().As(ann_);
  for (const AccountStatus status :
       {AccountStatus::kActivated, AccountStatus::kDeactivated, AccountStatus::kPending}) {
    EXPECT_THAT(Update(self, ann_, With(Password("ann", ""), status)), kRefused);
    EXPECT_THAT(Update(self, ann_, StatusOnly(status)), kRefused);
  }
  MethodWish wish = Password("ann", "");
  wish.metadata = {{"a", "b"}};
  EXPECT_THAT(Update(self, ann_, wish), kRefused);
  EXPECT_THAT(Update(self, ann_, Password("another", kOtherPassword)), kRefused);
  wish = Password("ann", kOtherPassword, kGoodPassword);
  wish.permissions.give = {Permission::kUserList};
  EXPECT_THAT(Update(self, ann_, wish), kRefused);
  EXPECT_THAT(Update(Administrator().As(ann_), ann_, wish), kRefused);
  EXPECT_TRUE(SignsIn("ann", kGoodPassword));
}

TEST_F(MethodUpdateTest, ATakenNameLooksLikeAFreeOneToWhoMayNotAdd) {
  MadeUser("bob");
  const Caller self = ACaller().As(ann_);
  EXPECT_EQ(Update(self, ann_, Password("bob", kOtherPassword, "x")),
            Update(self, ann_, Password("nobody", kOtherPassword, "x")));
}

TEST_F(MethodUpdateTest, OneselfRemovesOwnMethods) {
  EXPECT_OK(Update(ACaller().As(ann_), ann_, With(Password("ann", ""), AccountStatus::kDeleted)));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(MethodUpdateTest, GuestsChangeNothingButSignOut) {
  const UserId guest = Made(Guest(Room({RoomRight::kAdmin})));
  const ACaller self = ACaller().As(guest).AsGuest();
  MethodWish code;
  code.credentials.emplace();
  GuestCredentials body;
  body.code = Secret("new code");
  code.credentials->body = body;
  EXPECT_THAT(Update(self, guest, code), kRefused);
  EXPECT_THAT(Update(self, guest, MethodWish(), /*remove_all=*/true), kRefused);
  EXPECT_THAT(
      Update(ACaller(self).With(kCompanyAdministrator), ann_, Password("ann", kOtherPassword)),
      kRefused);
  const SessionId session = Session(guest, KeyType::kGuestAccess, guest.value());
  EXPECT_OK(Update(self, guest, With(SessionOf(session), AccountStatus::kDeleted)));
  EXPECT_THAT(Check(guest, session), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

}  // namespace method_update_by_oneself_test
}  // namespace usher::auth
