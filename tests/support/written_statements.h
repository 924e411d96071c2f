// The SQL statements of a folder as they stand in its source text: what no list can leave out.
#pragma once

#include <string>
#include <vector>

namespace usher {

struct WrittenStatement {
  std::string file;      // "room_sql.h"
  std::string constant;  // "kInsertRoom"
  std::string name;      // "insert_room"
  std::string sql;       // empty: put together from pieces when it is compiled
};

// Every constant of type Statement in the .h and .cc files below `folder` ("services/room"). Throws
// std::runtime_error when one is not written as all are: kName{"name", R"sql(...)sql"}, or, with
// what other statements have as well, kName{"name", kNameSql.text}.
std::vector<WrittenStatement> StatementsWrittenIn(const std::string& folder);

}  // namespace usher
