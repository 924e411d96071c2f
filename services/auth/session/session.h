// A session: what signing in opens, and a refresh token continues.
#pragma once

#include <string>

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
};

struct Session {
  CompanyId company;
  SessionId id;
  UserId user;
  MethodKey method;       // that it was opened with
  std::string principal;  // as written in the method
  // Of a guest of a shareable access: the access's user ID; `user` is the guest's own.
  UserId base_user;
  std::string display_name;   // of guests
  PermissionSet granted;      // at sign-in; no refreshed token has more
  std::string current_hash;   // of the refresh token that is good now
  std::string previous_hash;  // of the one that it replaced; empty: none
  absl::Time rotated_at;      // when `previous_hash` ended
  absl::Time expires_at;      // the end of the last refresh token, and of every access token
};

// A session, and what its method, its user and its company are now.
struct SessionStanding {
  Session session;
  MethodStanding method;

  // When this was so, by the database's clock.
  absl::Time now() const { return method.read_at; }
};

// What a guest is called: the name given, else the stored one, else the e-mail address, else
// "Unnamed guest".
std::string GuestName(const std::string& given, const Method& access);

// What a refresh token means for the session that it names.
enum class RefreshVerdict {
  kCurrent,    // it is the one that is good
  kLostReply,  // it has just been used, and its successor has not: the reply did not arrive
  kReused,     // it had ended: somebody has a copy
};

// `hash` is of a token that was issued for this session. Takes as long for a near miss as for a far
// one.
RefreshVerdict JudgeRefresh(const Session& session, absl::string_view hash, absl::Time now);

// The session with `new_hash` as the one that is good, after kCurrent or kLostReply.
Session Rotated(Session session, RefreshVerdict verdict, const std::string& new_hash,
                absl::Time now);

}  // namespace usher::auth
