// Two servers of each service on one database are one service: what is said to one of them is known
// to the other, and to both of all the others, within the promised time.
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/integration/house/asking.h"
#include "tests/integration/house/double_house.h"
#include "tests/support/credentials.h"

namespace usher {
namespace replicas_test {

using ::authentication::AuthenticationService;
using ::businessLogicService::BusinessLogicService;
using ::companyService::CompanyService;
using ::roomService::roomService;
using ::user::UserService;

class ReplicasTest : public ::testing::Test {
 protected:
  ReplicasTest() { houses_.Populate(2); }

  // What each of the ten says of a token, in a call that everybody may make.
  std::vector<::common::ReplyStatusCode> Outcomes(const std::string& token) {
    std::vector<::common::ReplyStatusCode> outcomes;
    for (const int number : {1, 2}) {
      const Manner manner{.request = "", .number = number};
      outcomes.push_back(Send<AuthenticationService>(house_, "auth", &AuthStub::isAuthenticated,
                                                     Access(token), manner)
                             .code());
      outcomes.push_back(Call<UserService>(house_, "user", &UserStub::userList, token,
                                           ::user::UserListRequest(), manner)
                             .code());
      outcomes.push_back(Call<CompanyService>(house_, "company", &CompanyStub::companyList, token,
                                              ::companyService::CompanyListRequest(), manner)
                             .code());
      outcomes.push_back(Call<roomService>(house_, "room", &RoomStub::List, token,
                                           ::roomService::RoomListRequest(), manner)
                             .code());
      outcomes.push_back(Call<BusinessLogicService>(
                             house_, "business-logic", &BusinessLogicStub::permissionGroupsList,
                             token, ::businessLogicService::CompanyPermissionGroupsListRequest(),
                             manner)
                             .code());
    }
    return outcomes;
  }
  bool AllSay(const std::string& token, ::common::ReplyStatusCode code) {
    for (const ::common::ReplyStatusCode outcome : Outcomes(token)) {
      if (outcome != code) return false;
    }
    return true;
  }

  // Somebody of "acme" with a password, made at the first server of auth.
  Account NewAccount(PermissionSet permissions = {}) {
    Account account;
    account.company = "acme";
    account.username = absl::StrCat("user-", NewUuid());
    account.password = absl::StrCat("password of ", account.username);
    ::authentication::AuthenticationCreateRequest request;
    auto& method = *request.mutable_authenticationrequest();
    method = WithPassword("", account.username, account.password);
    *method.mutable_permissions() = Wire(permissions);
    const auto made = Call<AuthenticationService>(house_, "auth", &AuthStub::authenticationCreate,
                                                  admin_, request);
    EXPECT_EQ(made.told(), Told::kDone) << made.Text();
    account.user = made.reply.userid();
    return account;
  }
  ::authentication::AuthenticationReply SignInAt(int number, const std::string& company,
                                                 const std::string& username,
                                                 const std::string& password) {
    return Send<AuthenticationService>(house_, "auth", &AuthStub::authenticate,
                                       WithPassword(company, username, password),
                                       {.request = "", .number = number})
        .reply;
  }
  ::authentication::AuthenticationReply RefreshAt(
      int number, const Account& account, const ::authentication::AuthenticationReply& session) {
    ::authentication::AuthenticationRequest request;
    auto& credentials = *request.mutable_refreshtokencredentials();
    credentials.set_companyid(account.company);
    credentials.set_principal(account.username);
    credentials.set_accesstoken(session.accesstoken());
    credentials.set_refreshtoken(session.refreshtoken());
    return Send<AuthenticationService>(house_, "auth", &AuthStub::authenticate, request,
                                       {.request = "", .number = number})
        .reply;
  }
  void ChangeAt(int number, const Account& account,
                const ::authentication::AuthenticationRequest& change) {
    ::authentication::AuthenticationUpdateRequest request;
    request.set_userid(account.user);
    *request.mutable_authenticationrequest() = change;
    const auto changed =
        Call<AuthenticationService>(house_, "auth", &AuthStub::authenticationUpdate, admin_,
                                    request, {.request = "", .number = number});
    EXPECT_EQ(changed.told(), Told::kDone) << changed.Text();
  }
  static ::authentication::AuthenticationRequest Deactivated() {
    ::authentication::AuthenticationRequest change;
    change.set_accountstatus(::authentication::DEACTIVATED);
    return change;
  }

  DoubleHouse& houses_ = DoubleHouse::Get();
  House& house_ = houses_.house();
  const std::string admin_ = house_.SignIn(house_.acme()).access_token;
  const std::string operator_ = house_.SignIn(house_.operator_company()).access_token;
};

TEST_F(ReplicasTest, ATokenRevokedAtOneServerIsRefusedByBothOfEveryServiceWithinFiveSeconds) {
  const Account account = NewAccount();
  const std::string token = SignInAt(2, "acme", account.username, account.password).accesstoken();
  ASSERT_TRUE(AllSay(token, ::common::OK));
  ChangeAt(2, account, Deactivated());
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllSay(token, ::common::ACCOUNT_STATUS_ERROR); }));
}

TEST_F(ReplicasTest, RightsTakenAtOneServerOutdateTokensAtAll) {
  const Account account = NewAccount({Permission::kRoomCreate});
  const std::string token = SignInAt(1, "acme", account.username, account.password).accesstoken();
  ASSERT_TRUE(AllSay(token, ::common::OK));
  ::authentication::AuthenticationRequest change;
  change.mutable_usernamepasswordcredentials()->set_username(account.username);
  (*change.mutable_permissions())[static_cast<int>(Permission::kRoomCreate)] = false;
  ChangeAt(2, account, change);
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllSay(token, ::common::TOKEN_OUTDATED); }));
}

// Whoever follows auth by the one that dies goes on with the other.
TEST_F(ReplicasTest, ARevocationIsHeardOfWhileOneServerOfAuthIsAway) {
  const Account account = NewAccount();
  const std::string token = SignInAt(2, "acme", account.username, account.password).accesstoken();
  ASSERT_TRUE(AllSay(token, ::common::OK));
  house_.Kill("auth");
  ChangeAt(2, account, Deactivated());
  EXPECT_TRUE(WithinFiveSeconds([&] {
    for (const char* service : {"room", "room.2"}) {
      const auto stub = roomService::NewStub(house_.channel(service));
      grpc::ClientContext context;
      ::roomService::RoomListReply reply;
      if (!stub->List(&context, As<::roomService::RoomListRequest>(token), &reply).ok() ||
          reply.replyinfo().statuscode() != ::common::ACCOUNT_STATUS_ERROR) {
        return false;
      }
    }
    return true;
  }));
  house_.Start("auth");
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllSay(token, ::common::ACCOUNT_STATUS_ERROR); }));
}

TEST_F(ReplicasTest, ARefreshTokenIsUsedUpForBothServersOfAuth) {
  const Account account = NewAccount();
  const auto first = SignInAt(1, "acme", account.username, account.password);
  const auto second = RefreshAt(2, account, first);
  ASSERT_THAT(second, Answers(::common::OK));
  const auto third = RefreshAt(1, account, second);
  ASSERT_THAT(third, Answers(::common::OK));
  EXPECT_THAT(RefreshAt(2, account, first), Answers(::common::AUTHENTICATION_ERROR)) << "stolen";
  EXPECT_THAT(RefreshAt(1, account, third), Answers(::common::AUTHENTICATION_ERROR))
      << "and the session is at its end";
}

TEST_F(ReplicasTest, ACompanyFoundedAtOneServerIsThereAtAllAndDestroyedIsGoneFromAll) {
  const std::string company = absl::StrCat("c-", NewUuid());
  ::companyService::CompanyCreateRequest founding;
  founding.mutable_company()->set_displayname(company);
  *founding.mutable_usercreaterequest()->mutable_authenticationrequest() =
      WithPassword("", "ann", "the password of a founder");
  const auto founded = Call<CompanyService>(house_, "company", &CompanyStub::companyCreate,
                                            operator_, founding, {.request = "", .number = 2});
  ASSERT_EQ(founded.told(), Told::kDone) << founded.Text();
  const auto signed_in = SignInAt(1, company, "ann", "the password of a founder");
  ASSERT_THAT(signed_in, Answers(::common::OK));
  EXPECT_TRUE(AllSay(signed_in.accesstoken(), ::common::OK));
  ::companyService::CompanyDestroyRequest destruction;
  destruction.set_companyid(company);
  const auto destroyed =
      Call<CompanyService>(house_, "company", &CompanyStub::companyDestroy, operator_, destruction);
  ASSERT_EQ(destroyed.told(), Told::kDone) << destroyed.Text();
  EXPECT_TRUE(WithinFiveSeconds([&] {
    for (const ::common::ReplyStatusCode outcome : Outcomes(signed_in.accesstoken())) {
      if (outcome == ::common::OK) return false;
    }
    return true;
  }));
}

TEST_F(ReplicasTest, AnIdempotencyKeyIsOneForBothServers) {
  const std::string email = NewUuid() + "@x.org";
  ::user::UserCreateRequest request;
  request.mutable_user()->set_email(email);
  *request.mutable_authenticationrequest() = WithPassword("", email, "the password of " + email);
  absl::Mutex mutex;
  std::vector<std::string> made;
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      Manner manner{.request = "", .number = 1 + i % 2};
      manner.key = email;
      const absl::Time until = absl::Now() + absl::Seconds(30);
      while (absl::Now() < until) {
        const auto answer =
            Call<UserService>(house_, "user", &UserStub::userCreate, admin_, request, manner);
        if (answer.told() != Told::kDone) continue;
        const absl::MutexLock lock(&mutex);
        made.push_back(answer.reply.userid());
        return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(made.size(), 10u);
  EXPECT_THAT(made, ::testing::Each(made.front()));
  EXPECT_EQ(house_.database("user").Ask("SELECT count(*) FROM users WHERE email = '" + email + "'"),
            "1");
}

}  // namespace replicas_test
}  // namespace usher
