// Of another company nothing is told, not even that it is there.
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace tenants_over_the_wire_test {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;

class TenantsOverTheWire : public AuthOverTheWire {
 protected:
  const Account theirs_ = NewAccountIn("globex");
};

TEST_F(TenantsOverTheWire, InformationAnswersLikeOfNobody) {
  const auto refused = Information(AdminOf("acme"), theirs_.user);
  const auto of_nobody = Information(AdminOf("acme"), NewUuid());
  EXPECT_THAT(refused, Answers(::common::NOT_FOUND));
  EXPECT_EQ(refused.replyinfo().statusmessage(), of_nobody.replyinfo().statusmessage());
}

TEST_F(TenantsOverTheWire, ListingFindsNothingWhateverIsAskedFor) {
  ::authentication::ListAuthenticationsRequest by_user, by_name, by_company, all;
  by_user.add_useridlist(theirs_.user);
  by_name.add_principal(theirs_.username);
  by_company.add_companyid("globex");
  for (const auto& filter : {by_user, by_name, by_company}) {
    const auto reply = List(AdminOf("acme"), filter);
    EXPECT_THAT(reply, Answers(::common::OK));
    EXPECT_TRUE(reply.results().empty());
    EXPECT_EQ(reply.maxoffset(), 0u);
  }
  all.set_limit(1000);
  EXPECT_THAT(List(AdminOf("acme"), all).results(), Not(Contains(Key(theirs_.user))));
  EXPECT_THAT(List(AdminOf("globex"), all).results(), Contains(Key(theirs_.user)));
}

TEST_F(TenantsOverTheWire, AFilterForNoCompanyAtAllDoesNotMeanEveryCompany) {
  ::authentication::ListAuthenticationsRequest filter;
  filter.add_companyid("NO SLUG");
  EXPECT_TRUE(List(AdminOf("acme"), filter).results().empty());
}

TEST_F(TenantsOverTheWire, ChangesReachNobody) {
  Request off = Naming(theirs_), secret = Naming(theirs_), user;
  off.set_accountstatus(::authentication::DELETED);
  secret.mutable_usernamepasswordcredentials()->set_password("another password");
  user.set_accountstatus(::authentication::DEACTIVATED);
  for (const Request& change : {off, secret, user}) {
    EXPECT_THAT(Update(AdminOf("acme"), theirs_.user, change), Answers(::common::NOT_FOUND));
  }
  off.mutable_usernamepasswordcredentials()->set_companyid("globex");
  secret.mutable_usernamepasswordcredentials()->set_companyid("globex");
  for (const Request& change : {off, secret}) {
    EXPECT_THAT(Update(AdminOf("acme"), theirs_.user, change), Answers(::common::NOT_FOUND));
  }
  EXPECT_THAT(Update(AdminOf("acme"), theirs_.user, Request(), /*remove_all=*/true),
              Answers(::common::NOT_FOUND));
  EXPECT_THAT(Authenticate(PasswordOf(theirs_)), Answers(::common::OK));
}

TEST_F(TenantsOverTheWire, TheSameNameIsSomebodyElseInEachCompany) {
  Request request = PasswordOf(theirs_);
  request.mutable_usernamepasswordcredentials()->set_companyid("");
  request.mutable_usernamepasswordcredentials()->set_password("acme's own password");
  const auto made = Create(AdminOf("acme"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_NE(made.userid(), theirs_.user);
  EXPECT_EQ(SignIn(theirs_).user, theirs_.user);
  EXPECT_EQ(house_.SignIn("acme", theirs_.username, "acme's own password").user, made.userid());
}

TEST_F(TenantsOverTheWire, CompanyPermissionsCountInTheOperatorsCompanyOnly) {
  const std::string pretender = TokenWith(kPlatformPermissions.Or(kCompanyAdministrator));
  ::authentication::ListAuthenticationsRequest filter;
  filter.add_companyid("globex");
  EXPECT_TRUE(List(pretender, filter).results().empty());
  Request change = Naming(theirs_);
  change.mutable_usernamepasswordcredentials()->set_companyid("globex");
  change.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(pretender, theirs_.user, change), Answers(::common::NOT_FOUND));
  EXPECT_FALSE(List(AdminOf("operator"), filter).results().empty());
}

}  // namespace tenants_over_the_wire_test
}  // namespace usher
