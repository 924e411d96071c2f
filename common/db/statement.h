// A prepared statement: its name and its SQL.
#pragma once

namespace usher::db {

// Constants of this type stand in one <noun>_sql.h per service. The name labels the statement in
// PostgreSQL and in the metrics; unique within a service.
struct Statement {
  const char* name;
  const char* sql;
};

}  // namespace usher::db
