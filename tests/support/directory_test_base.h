// What tests of accounts that are in a directory stand on.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "services/auth/directory/directory_sign_in.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_directory_store.h"
#include "tests/support/joined_test_base.h"

namespace usher::auth {

class DirectoryTestBase : public JoinedTestBase {
 protected:
  static DirectoryGrant GrantOf(const std::string& username,
                                const std::string& password = kGoodPassword,
                                const std::string& company = "acme") {
    return {.company = CompanyId(company),
            .proof = {.username = username,
                      .password = Secret(password),
                      .bind_dn = "",
                      .search_dn = ""},
            .wanted = kAnything};
  }
  absl::StatusOr<SignedIn> Enter(const std::string& username,
                                 const std::string& password = kGoodPassword,
                                 const std::string& company = "acme") {
    return directory_sign_in_.Enter(ACall(), GrantOf(username, password, company));
  }
  // Where guesses count.
  absl::StatusOr<SignedIn> EnterGuarded(const std::string& username,
                                        const std::string& password = kGoodPassword) {
    CallContext call = ACall();
    call.source = call.peer = "192.0.2.1";
    return guarded_.Enter(call, GrantOf(username, password));
  }
  static MethodWish Account(const std::string& username) {
    return Wish(DirectoryCredentials{
        .username = username, .password = Secret(), .bind_dn = "", .search_dn = ""});
  }
  // Somebody of the directory of "acme" who has an account here.
  UserId MadeAccount(const std::string& name, PermissionSet permissions = {}) {
    directories_.In("acme").Add({.name = name,
                                 .id = "",
                                 .email = absl::StrCat(name, "@example.org"),
                                 .firstname = name,
                                 .lastname = "",
                                 .title = ""},
                                kGoodPassword);
    MethodWish wish = Account(name);
    wish.permissions.give = permissions;
    return Made(wish);
  }

  FakeDirectoryStore directory_store_{store_};
  DirectoryPresence presence_{directories_, directory_store_, store_, revocations_};
  FakeProfiles profiles_;
  DirectorySignIn directory_sign_in_{proving_,  store_,   directory_store_, presence_,
                                     profiles_, sign_in_, throttle_,        auth_clock_};
  GuessThrottle strict_{throttle_store_, refusals_, TestPepper(), GuessLimits()};
  DirectoryProving guarded_proving_{directories_, strict_};
  DirectorySignIn guarded_{guarded_proving_, store_,   directory_store_, presence_,
                           profiles_,        sign_in_, strict_,          auth_clock_};
};

}  // namespace usher::auth
