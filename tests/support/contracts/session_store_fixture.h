// What the contracts of a SessionStore stand on. A fixture has
//   MethodStore& methods();
//   KnownUserStore& users();
//   SessionStore& sessions();
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/session_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/judging.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class SessionStoreFixture : public Fixture {
 protected:
  using Hashes = std::vector<std::string>;

  SessionStoreFixture() {
    EXPECT_THAT(this->users().InsertCompany(ACall(), kCompany, {}), IsOkAndHolds(true));
    EXPECT_THAT(this->users().InsertCompany(ACall("beta"), CompanyId("beta"), {}),
                IsOkAndHolds(true));
  }

  static Method AGuestAccess(const CompanyId& company) {
    Method method;
    method.company = company;
    method.key_type = KeyType::kGuestAccess;
    method.user = UserId(NewUuid());
    method.principal = method.principal_key = method.user.value();
    method.sealed_secret = "sealed";
    method.room = RoomId(NewUuid());
    method.email = "guest@example.org";
    return method;
  }

  Method Insert(KeyType key_type, const std::string& principal, PermissionSet permissions = {}) {
    Method method = AGuestAccess(kCompany);
    if (key_type != KeyType::kGuestAccess) {
      method.key_type = key_type;
      method.principal = principal;
      method.principal_key = PrincipalKey(key_type, principal);
      method.room = RoomId();
      method.email = "";
    }
    method.permissions = permissions;
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall(), method));
    return method;
  }

  Session SessionOf(const Method& method) const {
    Session session;
    session.company = method.company;
    session.id = SessionId(NewUuid());
    session.user = method.user;
    session.method = method.key();
    session.principal = method.principal;
    session.granted = method.permissions;
    session.good_hashes = {std::string("\0hash\xff", 6)};
    return session;
  }

  // Whether a session for an hour is opened.
  bool Opens(const Session& session, const Method& method) {
    const auto opened = this->sessions().Open(ACall(), session, method, absl::Hours(1));
    EXPECT_OK(opened);
    return opened.ok() && opened->has_value();
  }
  absl::StatusOr<std::optional<Opened>> OpenAlone(const Session& session, const Method& method) {
    return this->sessions().OpenAlone(ACall(), session, method, absl::Hours(1));
  }
  // An open one, dated as the store has it.
  Session AnOpened(const Method& method) { return AnOpened(method, SessionOf(method)); }
  Session AnOpened(const Method& method, Session session, absl::Duration life = absl::Hours(1)) {
    const auto opened = *this->sessions().Open(ACall(), session, method, life);
    EXPECT_TRUE(opened.has_value());
    if (!opened.has_value()) return session;
    session.rotated_at = opened->at;
    session.expires_at = opened->expires_at;
    return session;
  }

  bool IsThere(const Session& session) {
    return this->sessions().Find(ACall(), session.company, session.id)->has_value();
  }

  void SetStatus(const Method& method, std::optional<AccountStatus> user,
                 std::optional<AccountStatus> of_method) {
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    change.held = method.permissions;
    change.user_status = user;
    if (of_method.has_value()) {
      change.edit.emplace();
      change.edit->key = method.key();
      change.edit->status = *of_method;
    }
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  }

  // A rule that puts `hash` in the place of "first", and does nothing to what is something else.
  static Rotation ReplaceFirst(const SessionStanding& standing, const std::string& hash) {
    if (standing.session.good_hashes != Hashes{"first"}) return {};
    Rotation rotation{.kind = Rotation::Kind::kReplace, .replacement = standing.session};
    rotation.replacement.ended_hashes = {"first"};
    rotation.replacement.good_hashes = {hash};
    return rotation;
  }

  const CompanyId kCompany{kCallerCompany};
};

}  // namespace usher::auth
