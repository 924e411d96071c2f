// A prepared statement: its name and its SQL.
//
// One that reads a page shall be an ordered scan that ends with it, also where PostgreSQL has not
// counted what there is: of a table that was never analyzed, or of a company or room that has grown
// since, it expects a few rows. Then all of them fit into a page, and to fetch and sort them seems
// as good. So the limit of a page stands in a SELECT of its own, LIMIT (SELECT $n): of what it
// cannot foresee it expects to need a tenth. Where no index has the order anyway, or a limit counts
// pieces to delete, that changes nothing; and what Citus sends to all shards has a number there.
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
