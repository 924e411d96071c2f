// Answers of internal calls are lost while mails are written.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/account_caller.h"
#include "tests/chaos/answer_lost_test_base.h"
#include "tests/support/mail_server.h"

namespace usher::chaos {
namespace answer_lost_for_mails_test {

using AnswerLostForMailsTest = AnswerLostTest;

// What the mail says is asked when it is sent, and asked again where no answer came: that is not
// the same as nobody to write to.
TEST_F(AnswerLostForMailsTest, OfUserAndOfCompanyWhenSomebodyIsWrittenTo) {
  const MailServer server({});
  chaos_.RestartWith(
      "auth", {absl::StrCat("--mail_server=smtp://127.0.0.1:", server.Port()), "--mail_plain",
               "--mail_from=usher@example.org", "--link_bases=https://meet.example.org/account",
               "--mail_first_pause=100ms"});
  const AccountCaller account(house_);
  // The first one in good weather: it opens the connections.
  for (const std::string peer : {"", "user", "company", "user", "company"}) {
    SCOPED_TRACE(peer);
    const std::string email = NewEmail();
    const Answer user = caller_.CreateUser(email, NewName());
    ASSERT_EQ(user.told(), Told::kDone) << user.Text();
    const int before = peer.empty() ? 0 : chaos_.ToInternal(peer).ambushed();
    if (!peer.empty()) Lay(peer);
    const Answer answer = account.RequestReset(email);
    EXPECT_EQ(answer.told(), Told::kDone) << answer.Text();
    if (!peer.empty()) {
      EXPECT_TRUE(Await(kSettled, [&] { return chaos_.ToInternal(peer).ambushed() > before; }))
          << "nothing was cut";
      chaos_.ToInternal(peer).TakeAmbushAway();
    }
    EXPECT_THAT(server.Await(email).to, ::testing::ElementsAre(email));
    EXPECT_THAT(server.Named(), ::testing::Contains(email).Times(1));
  }
}

}  // namespace answer_lost_for_mails_test
}  // namespace usher::chaos
