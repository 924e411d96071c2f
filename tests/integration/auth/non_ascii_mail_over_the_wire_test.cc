// Mail to addresses beyond ASCII, with a real mail server.
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "tests/integration/auth/mail_over_the_wire.h"

namespace usher {
namespace non_ascii_mail_over_the_wire_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NonAsciiMailOverTheWire : public MailOverTheWire {
 protected:
  std::vector<std::string> InUtf8() {
    std::vector<std::string> words = Strict();
    words.push_back("--utf8");
    return words;
  }
};

TEST_F(NonAsciiMailOverTheWire, AnAddressOfADomainBeyondAsciiGetsItsMail) {
  const MailServer server(Strict());
  Start(server);
  const std::string local = "user-" + NewUuid();
  const Person person = NewPersonAt(local + "@b\u00fcro.example");
  RequestReset(person);
  const TakenMail mail = server.Await(local + "@xn--bro-hoa.example");
  EXPECT_EQ(mail.Header().at("To"), local + "@xn--bro-hoa.example");
  EXPECT_THAT(UseReset(person.account, TokenIn(mail)), Answers(::common::OK));
}

TEST_F(NonAsciiMailOverTheWire, AServerThatOffersSmtpUtf8IsGivenWhatTakesIt) {
  const MailServer server(InUtf8());
  Start(server);
  const std::string address = absl::StrCat("\u00fc-", NewUuid(), "@b\u00fcro.example");
  const std::string sent = absl::StrReplaceAll(address, {{"b\u00fcro", "xn--bro-hoa"}});
  const Person person = NewPersonAt(address);
  // One before it, whose connection is kept.
  const Person plain = NewPerson("plain");
  RequestReset(plain);
  server.Await(plain.email);
  RequestReset(person);
  const TakenMail mail = server.Await(sent);
  EXPECT_EQ(mail.Header().at("To"), sent);
  EXPECT_THAT(UseReset(person.account, TokenIn(mail)), Answers(::common::OK));
}

TEST_F(NonAsciiMailOverTheWire, AServerThatDoesNotIsNotAskedAndTheOperatorIsTold) {
  const MailServer server(Strict());
  Start(server);
  const Person person = NewPersonAt(absl::StrCat("\u00fc-", NewUuid(), "@example.com"));
  RequestReset(person);
  ASSERT_TRUE(Comes([&] { return absl::StrContains(LineOf(person.account.user), "given up"); }));
  EXPECT_THAT(LineOf(person.account.user), HasSubstr("does not offer SMTPUTF8"));
  EXPECT_THAT(server.Named(), IsEmpty());
  // Others are still written to.
  const Person plain = NewPerson("plain");
  RequestReset(plain);
  EXPECT_THAT(UseReset(plain.account, TokenIn(server.Await(plain.email))), Answers(::common::OK));
}

}  // namespace non_ascii_mail_over_the_wire_test
}  // namespace usher
