// What the contracts of an InvitationStore, a LinkStore and a SessionStore that work together stand
// on: ann_ of one company, who has a session, and an invitation to another one. A fixture has
//   MethodStore& methods();
//   KnownUserStore& users();
//   SessionStore& sessions();
//   InvitationStore& invitations();
//   LinkStore& links();
//   void Tick();  // the store's clock goes on
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/auth/company_switch/link_store.h"
#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/invitation/invitation_store.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/session_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/judging.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class JoiningFixture : public Fixture {
 protected:
  JoiningFixture() {
    for (const CompanyId& company : {kAcme, kBeta}) {
      EXPECT_THAT(this->users().InsertCompany(ACall(company.value()), company, {}),
                  IsOkAndHolds(true));
    }
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall(), ann_));
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall("beta"), invitation_));
    session_ = Opened(ann_);
  }

  static Method AMethod(const CompanyId& company, KeyType key_type, const std::string& principal,
                        const UserId& user = UserId(NewUuid())) {
    Method method;
    method.company = company;
    method.key_type = key_type;
    method.principal = method.principal_key = principal;
    method.user = user;
    method.sealed_secret = "sealed";
    return method;
  }
  static Method AnInvitation() {
    Method method = AMethod(kBeta, KeyType::kActivationToken, "token");
    method.invited = InvitedMethod{KeyType::kPassword, "bea"};
    return method;
  }
  SessionId Opened(const Method& method) {
    Session session;
    session.company = method.company;
    session.id = SessionId(NewUuid());
    session.user = method.user;
    session.method = method.key();
    session.principal = method.principal;
    session.good_hashes = {"hash"};
    const auto opened = this->sessions().Open(ACall(), session, method, absl::Hours(1));
    EXPECT_OK(opened);
    EXPECT_TRUE(opened.ok() && opened->has_value());
    return session.id;
  }
  Method Made(const UserId& user) const { return AMethod(kBeta, KeyType::kPassword, "bea", user); }
  absl::Status Join(bool both_ways) {
    const absl::Status joined = this->invitations().Accept(
        ACall(), {invitation_, Made(ann_.user), Joining{kAcme, session_, both_ways}});
    this->Tick();
    return joined;
  }
  // Where one may go on from a session of `method`.
  std::vector<CompanyId> OpenFrom(const Method& method) {
    const SessionId session = Opened(method);
    const auto open = this->links().ListOpen(ACall(), method.company, session, method.user, 1000);
    EXPECT_OK(open);
    const CompanyId& other = method.company == kAcme ? kBeta : kAcme;
    const auto found = this->links().FindOpen(ACall(), method.company, session, method.user, other);
    EXPECT_OK(found);
    if (!open.ok() || !found.ok()) return {};
    EXPECT_EQ(found->has_value(), !open->empty());
    return *open;
  }
  // Puts another secret into it; `shown`: the one before was.
  Method WithNewSecret(Method method, bool shown) {
    this->Tick();
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    change.edit = MethodEdit{.key = method.key(), .sealed_secret = method.sealed_secret + "+"};
    if (shown) change.edit->shown = ShownSecret{method.key(), method.sealed_secret};
    EXPECT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
    method.sealed_secret += "+";
    this->Tick();
    return method;
  }

  static inline const CompanyId kAcme{"acme"};
  static inline const CompanyId kBeta{"beta"};
  const Method ann_ = AMethod(kAcme, KeyType::kPassword, "ann");
  const Method invitation_ = AnInvitation();
  SessionId session_;
};

}  // namespace usher::auth
