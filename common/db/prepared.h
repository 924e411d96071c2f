// Runs a Statement with libpqxx.
#pragma once

#include <pqxx/pqxx>
#include <vector>

#include "common/db/param.h"
#include "common/db/statement.h"

namespace usher::db {

// Prepares the statement at its first use on a connection. Throws what libpqxx throws.
pqxx::result ExecutePrepared(pqxx::transaction_base& work, const Statement& statement,
                             const std::vector<Param>& params);

}  // namespace usher::db
