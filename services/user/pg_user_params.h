// A user as the parameters of the statements that write one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/param.h"
#include "services/user/user.h"

namespace usher::user {

// What addresses are compared by; nothing where there is none.
std::optional<std::string> EmailKey(const std::string& email);

// $1 to $10: company, user, address, its key, the profile, metadata, languages.
std::vector<db::Param> ParamsOf(const UserKey& key, const User& user);

}  // namespace usher::user
