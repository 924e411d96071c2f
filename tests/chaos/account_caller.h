// Somebody of "acme" who signs in, goes on, and uses what works once.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "tests/chaos/callers.h"

namespace usher::chaos {

// Thread-safe. Its calls end after ten seconds, which gRPC does for them.
class AccountCaller {
 public:
  explicit AccountCaller(House& house) : house_(house) {}

  Answer SignInByDirectory(const std::string& username, const std::string& password) const;
  // `session` has the new tokens afterwards, if that was the answer.
  Answer Refresh(const std::string& username, SignedIn* session) const;

  // As a stranger: the token comes by mail.
  Answer RequestReset(const std::string& username) const;
  // As `admin`, who is told it; empty where that does not work.
  std::string NewResetToken(const SignedIn& admin, const std::string& username) const;
  Answer UseReset(const std::string& username, const std::string& token,
                  const std::string& password) const;

  struct Invitation {
    std::string user;
    std::string principal;
    std::string token;
    std::string code;
    std::string access_token;  // of whoever looks at it; good for a minute
  };
  // Made by `admin`, and looked at. Without an access token where that does not work.
  Invitation NewInvitation(const SignedIn& admin) const;
  Answer Accept(const Invitation& invitation, const std::string& password) const;

 private:
  House& house_;
  const absl::Duration patience_ = absl::Seconds(10);
};

}  // namespace usher::chaos
