// The users of a company beside an auth service that is none.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "services/user/users.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_auth_directory.h"
#include "tests/support/fake_user_store.h"
#include "tests/support/fake_user_traces.h"
#include "tests/support/status_matchers.h"

namespace usher::user {

class UsersTestBase : public ::testing::Test {
 protected:
  static inline const RoomId kRoom{"01900000-0000-7000-b000-000000000001"};

  static ACaller Creator() { return ACaller().With(Permission::kUserCreate); }
  static ACaller Administrator() { return ACaller().With(Permission::kUserAdmin); }
  static ACaller Self(const UserId& user) { return ACaller().As(user); }
  static UserKey KeyOf(const UserId& user, const std::string& company = "acme") {
    return {CompanyId(company), user};
  }
  static UserChange Email(const std::string& email) { return {.email = email}; }
  static UserChange Title(const std::string& title) { return {.profile = {"", "", title}}; }
  static UserChange Metadata() { return {.metadata = {{"colour", "red"}}}; }

  UserId Make(const UserChange& draft, const std::string& company = "acme") {
    const auto made = users_.Create(Creator().In(company), draft, std::nullopt);
    EXPECT_OK(made);
    return made.ok() ? *made : UserId();
  }
  UserId Make(const std::string& email, const std::string& company = "acme") {
    return Make(Email(email), company);
  }
  std::optional<User> Find(const UserId& user, const std::string& company = "acme") {
    const auto found = store_.Find(ACall(company), KeyOf(user, company));
    EXPECT_OK(found);
    return found.value_or(std::nullopt);
  }
  // Whom both ways of listing show; with IDs where there are any.
  std::vector<UserId> Seen(const Caller& caller, const std::vector<UserId>& ids = {}) {
    std::vector<UserId> seen;
    const auto listed = users_.List(caller, {.ids = ids});
    EXPECT_OK(listed);
    if (!listed.ok()) return seen;
    for (const User& user : listed->users) seen.push_back(user.id);
    const auto ids_only = users_.List(caller, {.ids = ids, .ids_only = true});
    EXPECT_OK(ids_only);
    EXPECT_EQ(ids_only.value_or(UserList()).ids, seen);
    EXPECT_THAT(ids_only.value_or(UserList()).users, ::testing::IsEmpty());
    return seen;
  }

  FakeUserStore store_;
  FakeAuthDirectory auth_;
  FakeUserTraces traces_;
  UserSagas sagas_{store_, auth_, traces_, absl::Seconds(18)};
  Users users_{store_, sagas_, auth_};
};

}  // namespace usher::user
