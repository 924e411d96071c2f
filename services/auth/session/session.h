// A session: what signing in opens, and a refresh token continues.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/permission/permission.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// How long what auth hands out is good.
struct Lifetimes {
  absl::Duration access = absl::Hours(1);
  absl::Duration refresh = absl::Hours(24 * 30);
  absl::Duration activation = absl::Seconds(60);
};

// What somebody signed in with whose session goes on in another company.
struct SessionOrigin {
  CompanyId company;
  MethodKey method;
};

// A session by its name.
struct SessionPlace {
  CompanyId company;
  SessionId session;
};

struct Session {
  CompanyId company;
  SessionId id;
  UserId user;
  MethodKey method;       // that it was opened with
  std::string principal;  // as written in the method
  // Of a guest of a shareable access: the access's user ID; `user` is the guest's own.
  UserId base_user;
  std::string display_name;  // of guests
  PermissionSet granted;     // at sign-in; no refreshed token has more
  // Of the refresh tokens that are good now, the newest last: one, or all that were answered for
  // the one before. kMostSuccessors at most.
  std::vector<std::string> good_hashes;
  // Of those that were good before them; empty: none.
  std::vector<std::string> ended_hashes;
  absl::Time rotated_at;  // when `ended_hashes` ended
  absl::Time expires_at;  // the end of the last refresh token, and of every access token
  // Nothing: it was begun here. Else it is over as soon as the sessions of that method are.
  std::optional<SessionOrigin> origin;
  // What somebody signed in with, where that moved since. Nothing: it is this one.
  std::optional<SessionPlace> first;
};

// Whose a session was that moved.
struct MovedSession {
  UserId user;
  MethodKey method;
};

// A session, and what its method, its user and its company are now.
struct SessionStanding {
  Session session;
  MethodStanding method;
  bool linked = false;  // whether its method has, or had, links to other companies

  // When this was so, by the database's clock.
  absl::Time now() const { return method.read_at; }
};

// What a guest is called: the name given, else the stored one, else the e-mail address, else
// "Unnamed guest".
std::string GuestName(const std::string& given, const Method& access);

// docs/contract.md, "Refresh token".
inline constexpr size_t kMostSuccessors = 8;

// What a refresh token means for the session that it names.
enum class RefreshVerdict {
  kGood,       // it is one of those that are good: they end, and its successor takes their place
  kLostReply,  // it has just ended, and no successor was used: it is answered a further one
  kAnswered,   // the same, but there are as many successors as there may be
  kReused,     // it had ended: somebody has a copy
};

// `hash` is of a token that was issued for this session. Takes as long for a near miss as for a far
// one.
RefreshVerdict JudgeRefresh(const Session& session, absl::string_view hash, absl::Time now);

// The session with a successor whose hash is `new_hash`, after kGood or kLostReply.
Session Rotated(Session session, RefreshVerdict verdict, const std::string& new_hash,
                absl::Time now);

}  // namespace usher::auth
