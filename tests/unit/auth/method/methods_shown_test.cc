// Who sees which methods: information and lists.
#include "tests/support/method_test_base.h"

namespace usher::auth {
namespace methods_shown_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MethodsShownTest : public MethodTestBase {
 protected:
  std::vector<std::string> Listed(const Caller& caller, const ListWish& wish) {
    std::vector<std::string> principals;
    const auto answer = methods_.List(caller, wish);
    EXPECT_OK(answer);
    if (!answer.ok()) return principals;
    for (const Method& method : answer->methods) principals.push_back(method.principal);
    return principals;
  }
};

TEST_F(MethodsShownTest, InformationTellsMethodsAndWhatTheActiveOnesPermit) {
  const UserId user = MadeUser("ann", {Permission::kUserList});
  MethodWish code = Code("client", "code");
  code.permissions.give = {Permission::kRoomAdmin};
  ASSERT_OK(Update(Administrator(), user, code));
  MethodWish off = Code("client", "");
  off.status = AccountStatus::kDeactivated;
  ASSERT_OK(Update(Administrator(), user, off));
  ASSERT_OK(Update(Administrator(), user, Password("second", kGoodPassword)));
  Session(user, KeyType::kPassword, "ann");

  const auto told = methods_.Information(ACaller().As(user), user);
  ASSERT_OK(told);
  EXPECT_EQ(told->permissions, PermissionSet{Permission::kUserList});
  std::map<std::string, std::string> principals;
  for (const Method& method : told->methods) {
    EXPECT_EQ(method.sealed_secret, "");
    principals[KeyTypeName(method.key_type)] = method.principal;
  }
  EXPECT_EQ(principals.size(), 3u);
  EXPECT_EQ(principals["password"], "second");  // the newest
  EXPECT_EQ(principals["authorization_code"], "client");
  EXPECT_EQ(principals.count("refresh_token"), 1u);
}

TEST_F(MethodsShownTest, InformationIsForOneselfAndWhoMaySeeUsers) {
  const UserId user = MadeUser("ann");
  EXPECT_THAT(methods_.Information(ACaller(), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Information(ACaller().With(Permission::kUserList), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(methods_.Information(ACaller().With(Permission::kUserShow), user));
  EXPECT_OK(methods_.Information(ACaller().With(Permission::kUserAdmin), user));
  EXPECT_THAT(methods_.Information(ACaller().With(Permission::kUserShow).AsGuest(), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Information(Administrator().In("beta"), user),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(methods_.Information(Administrator(), UserId(NewUuid())),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(MethodsShownTest, AUserWithoutMethodsIsKnown) {
  const UserId user(NewUuid());
  ASSERT_OK(store_.EnsureUser(ACall(), CompanyId("acme"), user, std::nullopt));
  const auto told = methods_.Information(Administrator(), user);
  ASSERT_OK(told);
  EXPECT_THAT(told->methods, IsEmpty());
}

TEST_F(MethodsShownTest, ListShowsTheOwnMethodsUnlessOneMayListUsers) {
  const UserId ann = MadeUser("ann");
  MadeUser("bob");
  EXPECT_THAT(Listed(ACaller().As(ann), {}), ElementsAre("ann"));
  EXPECT_THAT(Listed(ACaller().As(ann).With(Permission::kUserShow), {.principals = {"bob"}}),
              IsEmpty());
  EXPECT_THAT(Listed(ACaller().As(ann).With(Permission::kUserList).AsGuest(), {}),
              ElementsAre("ann"));
  for (const Permission permission : {Permission::kUserList, Permission::kUserAdmin}) {
    EXPECT_THAT(Listed(ACaller().With(permission), {}), ElementsAre("ann", "bob"));
  }
  EXPECT_THAT(Listed(Administrator(), {.principals = {"BOB"}}), ElementsAre("bob"));
}

TEST_F(MethodsShownTest, ListStaysInTheCallersCompany) {
  MadeUser("ann");
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId("acme"), CompanyId("beta")}}),
              ElementsAre("ann"));
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId("beta")}}), IsEmpty());
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId()}}), IsEmpty());
  EXPECT_THAT(Listed(Administrator().In("beta").With(kPlatformPermissions),
                     {.companies = {CompanyId("acme")}}),
              IsEmpty());
  EXPECT_THAT(Listed(Platform(), {.companies = {CompanyId("acme")}}), ElementsAre("ann"));
}

TEST_F(MethodsShownTest, ListShowsWhereOneCanSwitch) {
  const UserId ann = MadeUser("ann");
  MadeUser("bob");
  EXPECT_THAT(Listed(Administrator().As(ann), {.only_eligible_for_switch = true}),
              ElementsAre("ann"));
  EXPECT_THAT(Listed(Administrator().As(ann),
                     {.companies = {CompanyId("beta")}, .only_eligible_for_switch = true}),
              IsEmpty());
}

TEST_F(MethodsShownTest, TheLastPageIsTheOneAtMaxOffset) {
  for (const char* name : {"u0", "u1", "u2", "u3", "u4"}) MadeUser(name);
  const Caller caller = Administrator();
  std::vector<std::string> seen;
  uint32_t offset = 0;
  while (true) {
    const auto answer = methods_.List(caller, {.limit = 2, .offset = offset});
    ASSERT_OK(answer);
    EXPECT_EQ(answer->max_offset, 4u);
    for (const Method& method : answer->methods) seen.push_back(method.principal);
    if (offset == answer->max_offset) break;
    offset += 2;
  }
  EXPECT_THAT(seen, ElementsAre("u0", "u1", "u2", "u3", "u4"));
  EXPECT_EQ(methods_.List(caller, {.limit = 5})->max_offset, 0u);
  EXPECT_EQ(methods_.List(caller, {.limit = 1})->max_offset, 4u);
  EXPECT_EQ(methods_.List(caller, {.principals = {"none"}})->max_offset, 0u);
}

TEST_F(MethodsShownTest, AListStaysInTheCallersCompanyUnlessItIsForSwitching) {
  Method theirs;
  theirs.company = CompanyId("beta");
  theirs.principal = theirs.principal_key = "theirs";
  theirs.user = MadeUser("ann");
  ASSERT_OK(store_.InsertUserWithMethod(ACall("beta"), theirs));
  const auto listed = methods_.List(Administrator(), ListWish());
  ASSERT_OK(listed);
  ASSERT_EQ(listed->methods.size(), 1u);
  EXPECT_EQ(listed->methods.front().company, CompanyId("acme"));
  ListWish switching;
  switching.only_eligible_for_switch = true;
  const SessionId session = Session(theirs.user, KeyType::kPassword, "ann");
  const ACaller caller = ACaller().As(theirs.user).InSession(session);
  EXPECT_EQ(methods_.List(caller, switching)->methods.size(), 1u);
  store_.database().Peek([&](FakeAuthTables& tables) {
    tables.links.push_back({CompanyId("acme"),
                            {KeyType::kPassword, PrincipalKey(KeyType::kPassword, "ann")},
                            theirs.company,
                            theirs.key(),
                            theirs.user,
                            tables.Dated()});
  });
  EXPECT_EQ(methods_.List(caller, switching)->methods.size(), 2u);
}

}  // namespace methods_shown_test
}  // namespace usher::auth
