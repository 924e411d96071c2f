#include "common/db/prepared.h"

#include <pqxx/pqxx>

namespace usher::db {

pqxx::result ExecutePrepared(pqxx::transaction_base& work, const Statement& statement,
                             const std::vector<Param>& params) {
  // Registering the same name and text again costs a map look-up; PREPARE goes out once per
  // connection.
  work.conn().prepare(statement.name, statement.sql);
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) {
    values.push_back(param.text().has_value() ? param.text()->c_str() : nullptr);
  }
  return work.exec_prepared(statement.name, pqxx::prepare::make_dynamic_params(values));
}

}  // namespace usher::db
