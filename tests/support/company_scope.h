// Whether a statement stays within one company, judged by its text.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace usher {

// What is wrong with `sql`; empty when it touches none of `tables`, or is fine: each table that it
// reads or writes names its company_id, and some company_id is what a parameter says, or the first
// column of what is inserted. Knows the way in which our statements are written (keywords in upper
// case, names in lower case), not all of SQL.
std::string WrongCompanyScope(absl::string_view sql, const std::set<std::string>& tables);

}  // namespace usher
