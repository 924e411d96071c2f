// L4, against the running servers: every grant against every state in which an account is not
// active, and the tokens that were out before.
#include <map>
#include <string>
#include <tuple>

#include "tests/integration/auth/inactive_accounts.h"

namespace usher {
namespace inactive_accounts_over_the_wire_test {

using Case = std::tuple<Door, Level, ::authentication::AccountStatus>;

const char* NameOf(Door door) {
  const char* const doors[] = {"Password", "Code",       "Guest",      "SharedGuest",
                               "Refresh",  "Invitation", "SwitchFrom", "SwitchTo"};
  return doors[static_cast<int>(door)];
}

class InactiveAccountOverTheWire : public InactiveAccounts,
                                   public ::testing::WithParamInterface<Case> {
 protected:
  // By a platform administrator, who may do all of it.
  void Become(const Entry& entry, ::authentication::AccountStatus status) {
    if (level_ == Level::kUser && status == ::authentication::DELETED) {
      ::user::UserDestroyRequest request;
      request.set_userid(entry.user);
      ASSERT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), request)), Answers(::common::OK));
      return;
    }
    Request change;
    if (level_ == Level::kMethod) {
      change = entry.naming;
      NameCompany(&change);
    } else {
      change.mutable_usernamepasswordcredentials()->set_companyid("acme");
    }
    change.set_accountstatus(status);
    ASSERT_THAT(Update(AdminOf("operator"), entry.user, change), Answers(::common::OK));
  }
  static void NameCompany(Request* method) {
    if (method->has_usernamepasswordcredentials()) {
      method->mutable_usernamepasswordcredentials()->set_companyid("acme");
    } else if (method->has_authorizationcodecredentials()) {
      method->mutable_authorizationcodecredentials()->set_companyid("acme");
    } else if (method->has_guestaccesscredentials()) {
      method->mutable_guestaccesscredentials()->set_companyid("acme");
    } else {
      method->mutable_activationtokencredentials()->set_companyid("acme");
    }
  }
  // What is refused with the session, whose end may be all that is left to tell.
  bool GoesOnWithASession() const { return door_ == Door::kRefresh || door_ == Door::kSwitchFrom; }

  const Door door_ = std::get<Door>(GetParam());
  const Level level_ = std::get<Level>(GetParam());
  const ::authentication::AccountStatus status_ =
      std::get<::authentication::AccountStatus>(GetParam());
};

TEST_P(InactiveAccountOverTheWire, L4OpensNothingAndItsTokensAreDead) {
  const Entry entry = Make(door_, "acme");
  if (!entry.token.empty()) {
    ASSERT_THAT(IsAuthenticated(entry.token), Answers(::common::OK));
  }
  Become(entry, status_);
  const bool removed = status_ == ::authentication::DELETED;
  const Reply refused = entry.enter();
  if (!removed) {
    EXPECT_THAT(refused, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
    if (door_ != Door::kSwitchFrom) EXPECT_EQ(refused.accountstatus(), status_);
  } else if (refused.replyinfo().statuscode() != ::common::ACCOUNT_STATUS_ERROR ||
             !GoesOnWithASession()) {
    EXPECT_THAT(refused, IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
  if (!entry.token.empty()) {
    const ::common::ReplyInfo dead = IsAuthenticated(entry.token);
    EXPECT_THAT(dead, removed && level_ == Level::kMethod
                          ? Answers(::common::AUTHENTICATION_ERROR)
                          : Answers(::common::ACCOUNT_STATUS_ERROR));
    EXPECT_TRUE(WithinFiveSeconds([&] {
      for (const auto& [service, info] : OutcomesOf(entry.token)) {
        if (info.statuscode() == ::common::OK) return false;
      }
      return true;
    }));
  }
  if (removed || GoesOnWithASession()) return;
  Become(entry, ::authentication::ACTIVATED);
  EXPECT_THAT(entry.enter(), Answers(::common::OK));
}

std::string CaseName(const ::testing::TestParamInfo<Case>& info) {
  const bool of_method = std::get<Level>(info.param) == Level::kMethod;
  return absl::StrCat(
      NameOf(std::get<Door>(info.param)), of_method ? "Method" : "User",
      ::authentication::AccountStatus_Name(std::get<::authentication::AccountStatus>(info.param)));
}

INSTANTIATE_TEST_SUITE_P(
    All, InactiveAccountOverTheWire,
    ::testing::Combine(::testing::Values(Door::kPassword, Door::kCode, Door::kGuest,
                                         Door::kSharedGuest, Door::kRefresh, Door::kInvitation,
                                         Door::kSwitchFrom, Door::kSwitchTo),
                       ::testing::Values(Level::kMethod, Level::kUser),
                       ::testing::Values(::authentication::DEACTIVATED, ::authentication::LOCKED,
                                         ::authentication::PENDING, ::authentication::DELETED)),
    CaseName);

// All doors of one company, which is destroyed: it has no other state.
class CompanyThatIsGone : public InactiveAccounts {
 protected:
  std::string Administrator(const std::string& company) override {
    return company == company_ ? administrator_ : AdminOf(company);
  }
  void Found() {
    ::authentication::CompanyCreateRequest request;
    request.set_companyid("Gone " + NewUuid().substr(24));
    request.mutable_user()->set_email(absl::StrCat("first-", NewUuid(), "@example.com"));
    auto& first = *request.mutable_authenticationrequest();
    first.mutable_usernamepasswordcredentials()->set_username("first");
    first.mutable_usernamepasswordcredentials()->set_password(kSecret);
    const auto founded = Ask(&AuthStub::companyCreate, As(AdminOf("operator"), request));
    ASSERT_THAT(founded, Answers(::common::OK));
    company_ = founded.companyid();
    administrator_ = house_.SignIn(company_, "first", kSecret).access_token;
  }

  std::string company_;
  std::string administrator_;
};

TEST_F(CompanyThatIsGone, L4OpensNoDoorAndAllItsTokensAreDead) {
  Found();
  std::map<Door, Entry> entries;
  for (const Door door : {Door::kPassword, Door::kCode, Door::kGuest, Door::kSharedGuest,
                          Door::kRefresh, Door::kInvitation, Door::kSwitchFrom, Door::kSwitchTo}) {
    entries.emplace(door, Make(door, company_));
  }
  ::companyService::CompanyDestroyRequest request;
  request.set_companyid(company_);
  ASSERT_THAT(Ask(&CompanyStub::companyDestroy, As(AdminOf("operator"), request)),
              Answers(::common::OK));
  for (const auto& [door, entry] : entries) {
    SCOPED_TRACE(NameOf(door));
    // As long as it is being cleared away it is told that the account is no more.
    const Reply refused = entry.enter();
    if (refused.replyinfo().statuscode() != ::common::ACCOUNT_STATUS_ERROR) {
      EXPECT_THAT(refused, IsRefusedWith(::common::AUTHENTICATION_ERROR));
    }
    if (entry.token.empty()) continue;
    EXPECT_THAT(IsAuthenticated(entry.token), Answers(::common::ACCOUNT_STATUS_ERROR));
  }
}

}  // namespace inactive_accounts_over_the_wire_test
}  // namespace usher
