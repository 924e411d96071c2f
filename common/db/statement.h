// A prepared statement: its name and its SQL.
#pragma once

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace usher::db {

// Constants of this type stand in one <noun>_sql.h per service. The name labels the statement in
// PostgreSQL and in the metrics; unique within a service.
struct Statement {
  const char* name;
  const char* sql;

  // Whether it leaves something behind. Keywords are written in capitals.
  bool Changes() const {
    const absl::string_view text = sql;
    return absl::StrContains(text, "INSERT INTO") || absl::StrContains(text, "UPDATE ") ||
           absl::StrContains(text, "DELETE FROM");
  }
};

}  // namespace usher::db
