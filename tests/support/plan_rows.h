// How many rows PostgreSQL goes through for what a statement answers.
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>

#include "common/db/statement.h"

namespace usher {

// Executes it with `values` ("'acme', 100"), once planned for them and once without them, as
// sessions do sooner or later: what the busiest part of either plan read or left out. Changes what
// the statement changes.
int64_t MostRows(pqxx::connection& connection, const db::Statement& statement,
                 const std::string& values);

// The same by the plan that a session of its own accord keeps to once it has executed it some
// times.
int64_t RowsInTheEnd(pqxx::connection& connection, const db::Statement& statement,
                     const std::string& values);

}  // namespace usher
