// A user of a company: e-mail address, profile, metadata, languages. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/id.h"
#include "common/text/text_rules.h"
#include "services/user/locale.h"

namespace usher::user {

struct Profile {
  std::string firstname;
  std::string lastname;
  std::string title;

  bool empty() const { return firstname.empty() && lastname.empty() && title.empty(); }
  friend bool operator==(const Profile&, const Profile&) = default;
};

// What names a user: the same person may be a user of several companies.
struct UserKey {
  CompanyId company;
  UserId user;

  friend bool operator==(const UserKey&, const UserKey&) = default;
  friend bool operator<(const UserKey& a, const UserKey& b) {
    return a.company != b.company ? a.company < b.company : a.user < b.user;
  }
};

struct User {
  UserId id;
  std::string email;  // empty: none
  Profile profile;
  text::Metadata metadata;
  Locale locale;

  friend bool operator==(const User&, const User&) = default;
};

// What an update changes, or all that a new user has. What is empty stays.
struct UserChange {
  std::string email;
  Profile profile;          // field by field
  text::Metadata metadata;  // entry by entry; an empty value deletes
  Locale locale;            // field by field, the spoken languages as a whole

  bool empty() const {
    return email.empty() && profile.empty() && metadata.empty() && locale.empty();
  }
};

// What becomes of a user under its lock.
struct UserWrite {
  User user;
  std::string summary;  // for the audit row
};

// The user after the change. MAX_SIZE_EXCEEDED when the metadata would grow too large.
absl::StatusOr<User> Apply(User user, const UserChange& change);

// What the change is about, for the audit row: "email, profile". No values.
std::string Summary(const UserChange& change);

// What the change makes of a user who is locked. Errors as of Apply.
absl::StatusOr<UserWrite> Changed(const User& locked, const UserChange& change);

}  // namespace usher::user
