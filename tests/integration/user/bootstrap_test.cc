// The profiles of the first administrators, which usher-user --bootstrap makes.
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace bootstrap_test {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

class UserBootstrapTest : public UserOverTheWire {
 protected:
  // What it says, and nothing else goes wrong.
  std::string Bootstrap(const std::string& user) {
    std::vector<std::string> command = house_.Command("user");
    for (const std::string& flag :
         {std::string("--bootstrap"), std::string("--bootstrap_company_id=acme"),
          "--bootstrap_user_id=" + user}) {
      command.push_back(flag);
    }
    return RunProgram(command);
  }
};

TEST_F(UserBootstrapTest, TheFirstAdministratorOfEveryCompanyHasAProfile) {
  for (const Tenant* tenant : {&house_.operator_company(), &house_.acme(), &house_.globex()}) {
    EXPECT_THAT(List(AdminOf(tenant->company)).users(), Contains(Key(tenant->administrator)));
    EXPECT_THAT(List(AdminOf(tenant->company)).users(), Not(Contains(Key(tenant->api_client))))
        << "API clients have none";
  }
}

TEST_F(UserBootstrapTest, ItMayBeRepeatedAndOverwritesNothing) {
  const Account ann = NewAccount();
  EXPECT_THAT(Bootstrap(ann.user), HasSubstr("profile made"));
  EXPECT_EQ(Find(ann.user)->userprofile().firstname(), "Administrator");
  EXPECT_THAT(ReplaceProfile(SignIn(ann).access_token, ann.user, "Ann"), Answers(::common::OK));
  EXPECT_THAT(Bootstrap(ann.user), HasSubstr("profile is there already"));
  EXPECT_EQ(Find(ann.user)->userprofile().firstname(), "Ann");
}

TEST_F(UserBootstrapTest, WhoIsGoneGetsNoProfile) {
  const Account ann = NewAccount();
  ASSERT_THAT(Destroy(AdminOf("acme"), ann.user), Answers(::common::OK));
  EXPECT_THAT(Bootstrap(ann.user), HasSubstr("auth knows no such user"));
  EXPECT_FALSE(Find(ann.user).has_value());
}

}  // namespace bootstrap_test
}  // namespace usher
