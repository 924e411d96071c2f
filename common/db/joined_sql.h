// SQL that is put together when it is compiled: for what several statements have in common.
#pragma once

#include <cstddef>

namespace usher::db {

template <size_t size>
struct JoinedSql {
  char text[size] = {};  // ends with a NUL
};

// The pieces, one after the other. Kept in a constexpr of its own, beside the Statement that points
// to it: kFindUser{"find_user", kFindUserSql.text}.
template <size_t... sizes>
constexpr auto Joined(const char (&... pieces)[sizes]) {
  JoinedSql<(sizes + ...) - sizeof...(sizes) + 1> joined;
  size_t end = 0;
  const auto append = [&](const char* piece, size_t size) {
    for (size_t i = 0; i + 1 < size; ++i) joined.text[end++] = piece[i];
  };
  (append(pieces, sizes), ...);
  return joined;
}

}  // namespace usher::db
