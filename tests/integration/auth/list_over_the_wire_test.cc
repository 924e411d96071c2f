// listAuthentications.
#include <set>

#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace list_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ListOverTheWire : public AuthOverTheWire {
 protected:
  using Filter = ::authentication::ListAuthenticationsRequest;

  // Whom an answer is about.
  static std::vector<std::string> UsersOf(const ::authentication::ListAuthenticationsReply& reply) {
    EXPECT_THAT(reply, Answers(::common::OK));
    std::set<std::string> users;
    for (const auto& [user, methods] : reply.results()) {
      EXPECT_GT(methods.list_size(), 0);
      for (const auto& method : methods.list()) EXPECT_EQ(method.userid(), user);
      users.insert(user);
    }
    return {users.begin(), users.end()};
  }
  std::vector<std::string> Users(const Filter& filter) {
    return UsersOf(List(AdminOf("acme"), filter));
  }
  static std::vector<std::string> TypesOf(const ::authentication::ListAuthenticationsReply& reply) {
    std::vector<std::string> types;
    for (const auto& [user, methods] : reply.results()) {
      for (const auto& method : methods.list()) types.push_back(method.type());
    }
    return types;
  }
  // A further method.
  void AddCode(const Account& account) {
    Request code;
    code.mutable_authorizationcodecredentials()->set_clientid("client " + account.username);
    code.mutable_authorizationcodecredentials()->set_code("code");
    EXPECT_THAT(Update(AdminOf("acme"), account.user, code), Answers(::common::OK));
  }
  static Filter Of(const std::vector<Account>& accounts) {
    Filter filter;
    for (const Account& account : accounts) filter.add_useridlist(account.user);
    return filter;
  }

  const Account ann_ = NewAccount();
  const Account bob_ = NewAccount();
};

TEST_F(ListOverTheWire, AMethodIsToldWithAllButItsSecret) {
  const auto reply = List(AdminOf("acme"), Of({ann_}));
  ASSERT_THAT(UsersOf(reply), ElementsAre(ann_.user));
  const auto& method = reply.results().at(ann_.user).list(0);
  EXPECT_EQ(method.type(), "password");
  EXPECT_EQ(method.principal(), ann_.username);
  EXPECT_EQ(method.companyid(), "acme");
  EXPECT_EQ(method.accountstatus(), ::authentication::ACTIVATED);
}

TEST_F(ListOverTheWire, ValuesInsideAFilterAreAlternatives) {
  EXPECT_THAT(Users(Of({ann_, bob_})), UnorderedElementsAre(ann_.user, bob_.user));
  Filter principals;
  principals.add_principal(ann_.username);
  principals.add_principal(bob_.username);
  principals.add_principal("nobody");
  EXPECT_THAT(Users(principals), UnorderedElementsAre(ann_.user, bob_.user));
}

TEST_F(ListOverTheWire, FiltersNarrowEachOther) {
  AddCode(ann_);
  Filter filter = Of({ann_, bob_});
  filter.add_keytype("authorization_code");
  EXPECT_THAT(Users(filter), ElementsAre(ann_.user));
  filter.add_principal(ann_.username);
  EXPECT_THAT(Users(filter), IsEmpty()) << "the user name is not the client ID";
  filter.add_keytype("password");
  EXPECT_THAT(TypesOf(List(AdminOf("acme"), filter)), ElementsAre("password"));
  filter.add_companyid("globex");
  EXPECT_THAT(Users(filter), IsEmpty());
  filter.add_companyid("acme");
  EXPECT_THAT(Users(filter), ElementsAre(ann_.user));
}

TEST_F(ListOverTheWire, MethodsAreFoundByTheirStatus) {
  Request off = Naming(ann_);
  off.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("acme"), ann_.user, off), Answers(::common::OK));
  Filter filter = Of({ann_, bob_});
  filter.add_accountstatus(::authentication::DEACTIVATED);
  EXPECT_THAT(Users(filter), ElementsAre(ann_.user));
  filter.add_accountstatus(::authentication::ACTIVATED);
  EXPECT_THAT(Users(filter), UnorderedElementsAre(ann_.user, bob_.user));
  filter.clear_accountstatus();
  filter.add_accountstatus(::authentication::LOCKED);
  EXPECT_THAT(Users(filter), IsEmpty());
}

TEST_F(ListOverTheWire, SessionsAreListedWhereTheyAreAskedFor) {
  const SignedIn session = SignIn(ann_);
  EXPECT_THAT(TypesOf(List(AdminOf("acme"), Of({ann_}))), ElementsAre("password"));
  Filter filter = Of({ann_});
  filter.add_keytype("refresh_token");
  const auto reply = List(AdminOf("acme"), filter);
  ASSERT_EQ(reply.results().count(ann_.user), 1u);
  EXPECT_EQ(reply.results().at(ann_.user).list(0).principal(),
            Claims(session.access_token).session.value());
  filter.add_principal(NewUuid());
  EXPECT_THAT(Users(filter), IsEmpty());
}

TEST_F(ListOverTheWire, WithoutUserListOnesOwnMethodsAreAllThereIs) {
  const std::string own = SignIn(ann_).access_token;
  EXPECT_THAT(UsersOf(List(own, {})), ElementsAre(ann_.user));
  EXPECT_THAT(UsersOf(List(own, Of({ann_, bob_}))), ElementsAre(ann_.user));
  EXPECT_THAT(UsersOf(List(own, Of({bob_}))), IsEmpty());
  EXPECT_THAT(UsersOf(List(TokenWith({Permission::kUserShow}), Of({bob_}))), IsEmpty());
  EXPECT_THAT(UsersOf(List(GuestToken({Permission::kUserList}), Of({bob_}))), IsEmpty());
  for (const Permission permission : {Permission::kUserList, Permission::kUserAdmin}) {
    EXPECT_THAT(UsersOf(List(TokenWith({permission}), Of({bob_}))), ElementsAre(bob_.user));
  }
}

TEST_F(ListOverTheWire, PagesSkipAndRepeatNobody) {
  std::vector<Account> accounts = {ann_, bob_};
  while (accounts.size() < 5) accounts.push_back(NewAccount());
  for (const Account& account : accounts) AddCode(account);
  Filter filter = Of(accounts);
  filter.set_limit(2);
  std::vector<std::string> seen;
  for (uint32_t offset = 0;; offset += 2) {
    filter.set_offset(offset);
    const auto reply = List(AdminOf("acme"), filter);
    EXPECT_EQ(reply.maxoffset(), 4u);
    for (const auto& user : UsersOf(reply)) {
      EXPECT_EQ(reply.results().at(user).list_size(), 2) << "a user is never cut in two";
      seen.push_back(user);
    }
    if (offset >= reply.maxoffset()) break;
  }
  EXPECT_EQ(seen, Users(Of(accounts)));
  filter.set_offset(6);
  EXPECT_THAT(Users(filter), IsEmpty());
}

TEST_F(ListOverTheWire, TheLastOffsetIsThatOfAPageWithSomebodyOnIt) {
  Filter filter = Of({ann_, bob_});
  filter.set_limit(2);
  EXPECT_EQ(List(AdminOf("acme"), filter).maxoffset(), 0u);
  filter.set_limit(1);
  EXPECT_EQ(List(AdminOf("acme"), filter).maxoffset(), 1u);
  filter = Filter();
  filter.add_useridlist(NewUuid());
  EXPECT_EQ(List(AdminOf("acme"), filter).maxoffset(), 0u);
}

TEST_F(ListOverTheWire, EligibleForCompanySwitchAreOnesOwnActiveMethodsWithASecret) {
  AddCode(ann_);
  Filter filter;
  filter.set_onlyeligibleforcompanyswitch(true);
  const std::string own = SignIn(ann_).access_token;
  EXPECT_THAT(TypesOf(List(own, filter)), UnorderedElementsAre("password", "authorization_code"));
  Request off = Naming(ann_);
  off.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("acme"), ann_.user, off), Answers(::common::OK));
  const Reply by_code = Authenticate(WithCode("acme", "client " + ann_.username, "code"));
  EXPECT_THAT(TypesOf(List(by_code.accesstoken(), filter)), ElementsAre("authorization_code"));
  filter.add_useridlist(bob_.user);
  EXPECT_THAT(Users(filter), IsEmpty()) << "nobody switches for somebody else";
}

// A1. What a link leads to is told: company_switch_over_the_wire_test.cc.
TEST_F(ListOverTheWire, AUserIdInCommonTellsNothingOfAnotherCompany) {
  const Account elsewhere = NewAccountIn("globex");
  house_.database("auth").Run("INSERT INTO users (company_id, user_id) VALUES ('globex', '" +
                              ann_.user + "'); UPDATE methods SET user_id = '" + ann_.user +
                              "' WHERE company_id = 'globex'" + " AND user_id = '" +
                              elsewhere.user + "'");
  const std::string own = SignIn(ann_).access_token;
  Filter filter;
  filter.add_companyid("globex");
  EXPECT_THAT(UsersOf(List(own, filter)), IsEmpty());
  filter.set_onlyeligibleforcompanyswitch(true);
  EXPECT_THAT(UsersOf(List(own, filter)), IsEmpty());
}

TEST_F(ListOverTheWire, ListRefusesWhatIsTooMuchOrMalformed) {
  const std::string token = AdminOf("acme");
  Filter filter;
  filter.set_limit(1001);
  EXPECT_THAT(List(token, filter), Answers(::common::RANGE_ERROR));
  filter = Filter();
  for (int i = 0; i <= 1000; ++i) filter.add_useridlist(ann_.user);
  EXPECT_THAT(List(token, filter), Answers(::common::MAX_SIZE_EXCEEDED));
  filter = Filter();
  filter.add_useridlist("abc");
  EXPECT_THAT(List(token, filter), Answers(::common::USER_ID_INVALID));
  filter = Filter();
  filter.add_keytype("no such type");
  EXPECT_THAT(List(token, filter), Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(List("", {}), Answers(::common::ACCESS_INFO_MISSING));
}

}  // namespace list_over_the_wire_test
}  // namespace usher
