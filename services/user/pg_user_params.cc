#include "services/user/pg_user_params.h"

#include "absl/strings/str_join.h"
#include "common/text/text_rules.h"

namespace usher::user {

std::optional<std::string> EmailKey(const std::string& email) {
  if (email.empty()) return std::nullopt;
  return text::Fold(email);
}

std::vector<db::Param> ParamsOf(const UserKey& key, const User& user) {
  return {key.company,
          key.user,
          user.email,
          EmailKey(user.email),
          user.profile.firstname,
          user.profile.lastname,
          user.profile.title,
          db::Param::Json(user.metadata),
          user.locale.ui_language,
          absl::StrJoin(user.locale.spoken, " ")};
}

}  // namespace usher::user
