#include "common/db/prepared.h"

#include <pqxx/pqxx>

namespace usher::db {

pqxx::result ExecutePrepared(pqxx::transaction_base& work, const Statement& statement,
                             const std::vector<const char*>& values, bool* sent) {
  // Registering the same name and text again costs a map look-up; PREPARE goes out once per
  // connection.
  work.conn().prepare(statement.name, statement.sql);
  work.conn().prepare_now(statement.name);
  *sent = true;
  return work.exec_prepared(statement.name, pqxx::prepare::make_dynamic_params(values));
}

}  // namespace usher::db
