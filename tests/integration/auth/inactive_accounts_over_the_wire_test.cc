// L4, against the running servers: every grant against every state in which an account is not
// active, and the tokens that were out before.
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace inactive_accounts_over_the_wire_test {

constexpr char kSecret[] = "fD3-kwq!81zp";

// kSwitchTo: into the account. kSwitchFrom: out of it.
enum class Door {
  kPassword,
  kCode,
  kGuest,
  kSharedGuest,
  kRefresh,
  kInvitation,
  kSwitchFrom,
  kSwitchTo
};
enum class Level { kMethod, kUser, kCompany };

// A way into an account of a company.
struct Entry {
  std::string user;
  // The method by its name.
  ::authentication::AuthenticationRequest naming;
  // Through the door.
  std::function<::authentication::AuthenticationReply()> enter;
  // That was given before; empty: none of this account.
  std::string token;
};

class InactiveAccounts : public AuthOverTheWire {
 protected:
  Entry Make(Door door, const std::string& company) {
    switch (door) {
      case Door::kPassword:
      case Door::kRefresh:
        return MakePassword(company, door == Door::kRefresh);
      case Door::kCode:
        return MakeCode(company);
      case Door::kGuest:
      case Door::kSharedGuest:
        return MakeGuest(company, door == Door::kSharedGuest);
      case Door::kInvitation:
        return MakeInvitation(company);
      case Door::kSwitchFrom:
      case Door::kSwitchTo:
        break;
    }
    return MakeSwitch(company, door == Door::kSwitchFrom);
  }

  virtual std::string Administrator(const std::string& company) { return AdminOf(company); }

  Account NewMember(const std::string& company) {
    Account account = {company, "", "user-" + NewUuid(), kSecret};
    Request method;
    method.mutable_usernamepasswordcredentials()->set_username(account.username);
    method.mutable_usernamepasswordcredentials()->set_password(account.password);
    account.user = Made(company, method).userid();
    return account;
  }
  ::authentication::AuthenticationCreateReply Made(const std::string& company,
                                                   const Request& method) {
    auto reply = Create(Administrator(company), method);
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply;
  }

  Entry MakePassword(const std::string& company, bool by_refresh) {
    const Account account = NewMember(company);
    const SignedIn session = SignIn(account);
    return {.user = account.user,
            .naming = Naming(account),
            .enter =
                [=, this] {
                  return by_refresh ? Refresh(account, session) : Authenticate(PasswordOf(account));
                },
            .token = session.access_token};
  }
  Entry MakeCode(const std::string& company) {
    const std::string client = "client-" + NewUuid();
    Entry entry;
    entry.naming.mutable_authorizationcodecredentials()->set_clientid(client);
    Request method = entry.naming;
    method.mutable_authorizationcodecredentials()->set_code(kSecret);
    entry.user = Made(company, method).userid();
    entry.enter = [=, this] { return Authenticate(WithCode(company, client, kSecret)); };
    return WithToken(std::move(entry));
  }
  Entry MakeGuest(const std::string& company, bool shareable) {
    ::roomService::RoomCreateRequest room;
    room.mutable_room()->set_displayname("room");
    const auto made_room = Ask(&RoomStub::Create, As(Administrator(company), room));
    EXPECT_THAT(made_room, Answers(::common::OK));
    Request method;
    auto& given = *method.mutable_guestaccesscredentials();
    given.set_code(kSecret);
    given.set_roomid(made_room.roomid());
    given.set_shareable(shareable);
    Entry entry;
    entry.user = Made(company, method).userid();
    entry.naming.mutable_guestaccesscredentials()->set_userid(entry.user);
    Request showing = entry.naming;
    showing.mutable_guestaccesscredentials()->set_companyid(company);
    showing.mutable_guestaccesscredentials()->set_code(kSecret);
    entry.enter = [=, this] { return Authenticate(showing); };
    return WithToken(std::move(entry));
  }
  Entry MakeInvitation(const std::string& company) {
    const auto made = Invited(company, "invited-" + NewUuid());
    Entry entry;
    entry.user = made.userid();
    entry.naming.mutable_activationtokencredentials()->set_activationtoken(made.activationtoken());
    Request showing = entry.naming;
    showing.mutable_activationtokencredentials()->set_companyid(company);
    showing.mutable_activationtokencredentials()->set_code(made.code());
    entry.enter = [=, this] { return Authenticate(showing); };
    return WithToken(std::move(entry));
  }
  // Between `company` and "globex", where somebody of the one has accepted an invitation of the
  // other, showing the secret of the first.
  Entry MakeSwitch(const std::string& company, bool out_of_it) {
    const std::string from = out_of_it ? company : "globex";
    const std::string to = out_of_it ? "globex" : company;
    const Account account = NewMember(from);
    const std::string name_there = "joined-" + NewUuid();
    const auto invitation = Invited(to, name_there);
    Request accepting;
    auto& shown = *accepting.mutable_activationtokencredentials();
    shown.set_companyid(to);
    shown.set_activationtoken(invitation.activationtoken());
    shown.set_code(invitation.code());
    auto& method = *accepting.mutable_usernamepasswordcredentials();
    method.set_username(name_there);
    method.set_password(kSecret);
    method.set_current(account.password);
    EXPECT_THAT(Update(SignIn(account).access_token, account.user, accepting),
                Answers(::common::OK));
    const SignedIn session = SignIn(account);
    Entry entry;
    entry.user = account.user;
    entry.naming.mutable_usernamepasswordcredentials()->set_username(out_of_it ? account.username
                                                                               : name_there);
    Request switching;
    auto& given = *switching.mutable_companyswitchcredentials();
    given.set_companyid(to);
    given.set_principal(account.username);
    given.set_accesstoken(session.access_token);
    given.set_refreshtoken(session.refresh_token);
    entry.enter = [=, this] { return Authenticate(switching); };
    if (out_of_it) entry.token = session.access_token;
    return entry;
  }
  ::authentication::AuthenticationCreateReply Invited(const std::string& company,
                                                      const std::string& principal) {
    Request method;
    method.mutable_activationtokencredentials()->set_keytype("password");
    method.mutable_activationtokencredentials()->set_principal(principal);
    return Made(company, method);
  }
  static Entry WithToken(Entry entry) {
    const Reply reply = entry.enter();
    EXPECT_THAT(reply, Answers(::common::OK));
    entry.token = reply.accesstoken();
    return entry;
  }
};

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
