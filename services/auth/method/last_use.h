// When a method was used last, as lists tell it.
#pragma once

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// A use before the method was made is that of another one of the same name.
inline void ShowLastUse(absl::Time used_at, Method* method) {
  if (used_at < method->created_at) return;
  method->metadata["lastUse"] = absl::StrCat(absl::ToUnixSeconds(used_at));
}

}  // namespace usher::auth
