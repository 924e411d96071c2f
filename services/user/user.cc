#include "services/user/user.h"

#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/status/try.h"

namespace usher::user {

absl::StatusOr<User> Apply(User user, const UserChange& change) {
  const auto overwrite = [](std::string& field, const std::string& value) {
    if (!value.empty()) field = value;
  };
  overwrite(user.email, change.email);
  overwrite(user.profile.firstname, change.profile.firstname);
  overwrite(user.profile.lastname, change.profile.lastname);
  overwrite(user.profile.title, change.profile.title);
  overwrite(user.locale.ui_language, change.locale.ui_language);
  if (!change.locale.spoken.empty()) user.locale.spoken = change.locale.spoken;
  user.metadata = text::MergeMetadata(std::move(user.metadata), change.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("user.metadata", user.metadata));
  return user;
}

std::string Summary(const UserChange& change) {
  std::vector<const char*> parts;
  if (!change.email.empty()) parts.push_back("email");
  if (!change.profile.empty()) parts.push_back("profile");
  if (!change.metadata.empty()) parts.push_back("metadata");
  if (!change.locale.empty()) parts.push_back("locale");
  return absl::StrJoin(parts, ", ");
}

absl::StatusOr<UserWrite> Changed(const User& locked, const UserChange& change) {
  ASSIGN_OR_RETURN(User user, Apply(locked, change));
  return UserWrite{std::move(user), Summary(change)};
}

}  // namespace usher::user
