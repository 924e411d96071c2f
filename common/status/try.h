// The two macros of this code base: hand a failure up, or take the value.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expression)                                                     \
  do {                                                                                  \
    if (absl::Status try_status_ = (expression); !try_status_.ok()) return try_status_; \
  } while (false)

#define USHER_TRY_JOIN_INNER(a, b) a##b
#define USHER_TRY_JOIN(a, b) USHER_TRY_JOIN_INNER(a, b)
#define USHER_TRY_ASSIGN(result, target, expression) \
  auto result = (expression);                        \
  if (!result.ok()) return result.status();          \
  target = *std::move(result)

// ASSIGN_OR_RETURN(auto room, store.FindRoom(...));
#define ASSIGN_OR_RETURN(target, expression) \
  USHER_TRY_ASSIGN(USHER_TRY_JOIN(try_result_, __LINE__), target, expression)
