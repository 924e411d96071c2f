// Answers of internal calls are lost while users come, change and go.
#include <fstream>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/account_caller.h"
#include "tests/chaos/answer_lost_test_base.h"
#include "tests/support/slapd.h"

namespace usher::chaos {
namespace answer_lost_for_users_test {

class AnswerLostForUsersTest : public AnswerLostTest {
 protected:
  // Whether auth knows that somebody of a directory has one, and does not ask any more.
  bool HasNotedProfile(const std::string& username) {
    return house_.database("auth").Ask(absl::StrCat(
               "SELECT count(*) FROM methods WHERE key_type = 'ldap' AND profile_made AND ",
               "principal_key = '", username, "'")) == "1";
  }
};

TEST_F(AnswerLostForUsersTest, OfAuthWhenAUserIsCreated) {
  std::string email;
  InAmbush(
      "auth",
      [&](int round) {
        return caller_.CreateUser(email = NewEmail(), NewName() + absl::StrCat(round));
      },
      [&](int, const Answer& answer) {
        ExpectHonest(answer, UserExists(house_, email));
        if (answer.told() == Told::kDone) {
          EXPECT_TRUE(MethodExists(house_, email)) << answer.Text();
        }
      });
}

// The user's profile and its password are two servers' affairs.
TEST_F(AnswerLostForUsersTest, OfAuthWhenAPasswordIsChanged) {
  const std::string email = NewEmail();
  std::string password = NewName();
  const Answer user = caller_.CreateUser(email, password);
  ASSERT_EQ(user.told(), Told::kDone) << user.Text();
  std::string next;
  InAmbush(
      "auth",
      [&](int) { return caller_.ChangePassword(user.id, email, password, next = NewName()); },
      [&](int, const Answer& answer) {
        const bool changed = caller_.SignIn(email, next).told() == Told::kDone;
        ExpectHonest(answer, changed);
        if (changed) password = next;
      });
}

TEST_F(AnswerLostForUsersTest, OfAuthWhenAUserIsDestroyed) {
  std::string email;
  InAmbush(
      "auth",
      [&](int) {
        chaos_.ToInternal("auth").TakeAmbushAway();
        Answer user;
        EXPECT_TRUE(Await(kSettled, [&] {
          user = caller_.CreateUser(email = NewEmail());
          return user.told() == Told::kDone;
        })) << user.Text();
        Lay("auth");
        return caller_.DestroyUser(user.id);
      },
      [&](int, const Answer& answer) { ExpectHonest(answer, !UserExists(house_, email)); });
}

TEST_F(AnswerLostForUsersTest, OfThoseWhoForgetAUserWhoWasDestroyed) {
  std::map<std::string, std::string> emails;  // by user
  const auto make = [&] {
    const std::string email = NewEmail();
    const Answer user = caller_.CreateUser(email, NewName());
    EXPECT_EQ(user.told(), Told::kDone) << user.Text();
    emails[user.id] = email;
    return user.id;
  };
  EachLiesInWait({"room", "business-logic"}, make,
                 [&](const std::string& user) { return caller_.DestroyUser(user); });
  Judge([&](const std::string& user) { return !UserExists(house_, emails[user]); });
}

// The sign-in is auth's alone, and does not hang on the profile.
TEST_F(AnswerLostForUsersTest, OfUserWhenSomebodyOfADirectoryComesForTheFirstTime) {
  Slapd slapd;
  const std::string file = slapd.folder() + "/directories";
  std::ofstream(file) << "directory {\n  company_id: '" << house_.acme().company << "'\n  url: '"
                      << slapd.Url() << "'\n  ca: '" << slapd.Ca() << "'\n  base: '"
                      << Slapd::kPeople << "'\n  filter: '(uid={user})'\n  bind_dn: '"
                      << Slapd::kReader << "'\n  bind_password_file: '"
                      << slapd.ReaderPasswordFile() << "'\n  provision: true\n}\n";
  chaos_.RestartWith("auth", {"--directories=" + file});
  const AccountCaller account(house_);
  const std::string password = NewName();
  std::string email;
  InAmbush(
      "user",
      [&](int) {
        email = NewEmail();
        slapd.AddPerson(email, password, {{"mail", email}});
        return account.SignInByDirectory(email, password);
      },
      [&](int, const Answer& first) {
        EXPECT_EQ(first.told(), Told::kDone) << first.Text();
        chaos_.ToInternal("user").TakeAmbushAway();
        // It may be that the profile is being made, and that the next one after this looks again.
        EXPECT_TRUE(Await(kSettled, [&] {
          const Answer again = account.SignInByDirectory(email, password);
          EXPECT_EQ(again.told(), Told::kDone) << again.Text();
          return HasNotedProfile(email);
        })) << "auth does not hear that there is a profile";
        EXPECT_TRUE(UserExists(house_, email));
      });
  AwaitSagas();
  EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
}

}  // namespace answer_lost_for_users_test
}  // namespace usher::chaos
