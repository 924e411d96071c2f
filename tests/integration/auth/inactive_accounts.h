// Every way into an account, as it was before the account was switched off.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {

inline constexpr char kSecret[] = "fD3-kwq!81zp";

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

}  // namespace usher
