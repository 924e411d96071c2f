// Clients of the servers: what they ask for, and what they were told.
#pragma once

#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/house.h"

namespace usher::chaos {

// What a client may conclude from an answer.
enum class Told {
  kDone,
  kRefused,     // decided: a reply code other than OK
  kNotChanged,  // undecided: usher says that nothing was changed, or that it has no room
  kInDoubt,     // undecided, whatever happened: DEADLINE_EXCEEDED, or the connection went away
  kWrong,       // a status that no client should ever see
};

struct Answer {
  grpc::Status status;
  ::common::ReplyInfo info;
  absl::Duration took;
  std::string id;  // of what was made

  Told told() const;
  std::string Text() const;
};

// Of an administrator of "acme", and the operator's for what is the platform's. Thread-safe. Its
// calls end after `patience`, which gRPC does for them: to see that a server ends them, be patient
// for longer than its --longest_call.
class Caller {
 public:
  explicit Caller(House& house, absl::Duration patience = absl::Seconds(10));

  const SignedIn& admin() const { return admin_; }
  const std::string& member() const { return member_; }

  Answer IsAuthenticated() const;
  // A call that reads the database of `service`.
  Answer Read(const std::string& service) const;
  // A call that changes the database of `service` and asks no other (business-logic asks room);
  // `name` is new.
  Answer Change(const std::string& service, const std::string& name) const;

  // With an idempotency key where there is one.
  Answer CreateRoom(const std::string& name, const std::string& key = "") const;
  // Without a password auth still writes down the user, but no method.
  Answer CreateUser(const std::string& email, const std::string& password = "") const;
  Answer ChangePassword(const std::string& user, const std::string& email,
                        const std::string& current, const std::string& password) const;
  Answer DestroyUser(const std::string& user) const;
  // `name` is its ID as well; its first administrator has a password.
  Answer FoundCompany(const std::string& name) const;
  // The same by auth's door to it.
  Answer FoundCompanyThroughAuth(const std::string& name) const;
  Answer DestroyCompany(const std::string& company) const;
  // To one's own, or to those of `user`, whom auth is asked about first.
  Answer AddFavorite(const std::string& room, const std::string& user = "") const;
  Answer ListFavorites() const;
  Answer CreateJoinLink(const std::string& room) const;
  Answer CreateGuest(const std::string& room) const;
  Answer SignIn(const std::string& username, const std::string& password) const;

 private:
  House& house_;
  const absl::Duration patience_;
  const SignedIn admin_;
  const SignedIn operator_;
  const std::string member_;  // a user with a profile, for changes
  const std::string room_;
};

// How many rooms have that name; whether there is an active user with that address, and a method of
// that name at auth.
int RoomsNamed(House& house, const std::string& name);
bool UserExists(House& house, const std::string& email);
bool MethodExists(House& house, const std::string& username);

}  // namespace usher::chaos
