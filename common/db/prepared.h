// Runs a Statement with libpqxx.
#pragma once

#include <pqxx/pqxx>
#include <vector>

#include "common/db/statement.h"

namespace usher::db {

// `values` as of ValuesOf. Prepares the statement at its first use on a connection; sets `sent`
// when it goes out itself, from when on it may happen. Throws what libpqxx throws.
pqxx::result ExecutePrepared(pqxx::transaction_base& work, const Statement& statement,
                             const std::vector<const char*>& values, bool* sent);

}  // namespace usher::db
