// What the contracts of a UserStore stand on. A fixture has `UserStore& store()` and
// `SagaStore& sagas()`, which keep the same users.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "services/user/saga_store.h"
#include "services/user/user_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::user {

inline const absl::Duration kLongLease = absl::Hours(1);

// A user of "acme" with everything that a user can have.
inline User FullUser(const std::string& email) {
  User user;
  user.id = UserId(NewUuid());
  user.email = email;
  user.profile = {"Ann", "Arbor", "Dr."};
  user.metadata = {{"colour", "red"}, {"size", "l"}};
  user.locale = {"de-AT", {"de", "en-GB"}};
  return user;
}

inline DecideUpdate Applying(const UserChange& change) {
  return [change](const User& locked) { return Changed(locked, change); };
}

template <class Fixture>
class UserStoreFixture : public Fixture {
 protected:
  static UserKey KeyOf(const UserId& user, const std::string& company = "acme") {
    return {CompanyId(company), user};
  }
  // Begun, and not seen by anybody yet.
  UserKey Begin(const User& user, const std::string& company = "acme") {
    const UserKey key = KeyOf(user.id.empty() ? UserId(NewUuid()) : user.id, company);
    const auto begun = this->sagas().BeginCreation(ACall(company), key, user, kLongLease);
    EXPECT_OK(begun);
    if (begun.ok()) {
      EXPECT_EQ(begun->outcome, BegunCreation::Outcome::kBegun);
    }
    return key;
  }
  UserKey Make(const User& user, const std::string& company = "acme") {
    const UserKey key = Begin(user, company);
    EXPECT_OK(this->sagas().CompleteCreation(ACall(company), key));
    return key;
  }
  UserKey Make(const std::string& email, const std::string& company = "acme") {
    User user;
    user.email = email;
    return Make(user, company);
  }
  std::optional<User> Find(const UserKey& key) {
    const auto found = this->store().Find(ACall(key.company.value()), key);
    EXPECT_OK(found);
    return found.value_or(std::nullopt);
  }
  std::vector<UserId> ListIds(const std::string& company = "acme") {
    const auto ids = this->store().ListIds(ACall(company), CompanyId(company));
    EXPECT_OK(ids);
    return ids.value_or(std::vector<UserId>());
  }
  static std::vector<UserId> IdsOf(const std::vector<User>& users) {
    std::vector<UserId> ids;
    for (const User& user : users) ids.push_back(user.id);
    return ids;
  }
  static UserChange Email(const std::string& email) {
    UserChange change;
    change.email = email;
    return change;
  }
};

}  // namespace usher::user
