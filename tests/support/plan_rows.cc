#include "tests/support/plan_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace usher {
namespace {

// "... (actual rows=3 loops=2)", and below it "Rows Removed by Filter: 4", of each loop.
int64_t MostRowsOf(const pqxx::result& plan) {
  int64_t most = 0;
  int64_t each = 0;
  int64_t times = 0;
  for (const auto& row : plan) {
    const std::string line = row[0].as<std::string>();
    if (const size_t rows = line.find("actual rows="); rows != std::string::npos) {
      if (sscanf(line.c_str() + rows, "actual rows=%ld loops=%ld", &each, &times) != 2) {
        ADD_FAILURE() << line;
      }
      most = std::max(most, each * times);
    } else if (const size_t removed = line.find("Rows Removed by "); removed != std::string::npos) {
      const int64_t more = std::stoll(line.substr(line.find(": ", removed) + 2));
      most = std::max(most, (each + more) * times);
    }
  }
  return most;
}

int64_t RowsOf(pqxx::nontransaction& work, const db::Statement& statement,
               const std::string& values) {
  return MostRowsOf(
      work.exec(absl::StrCat("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE ",
                             statement.name, "(", values, ")")));
}

}  // namespace

int64_t MostRows(pqxx::connection& connection, const db::Statement& statement,
                 const std::string& values) {
  pqxx::nontransaction work(connection);
  work.exec(absl::StrCat("PREPARE ", statement.name, " AS ", statement.sql));
  int64_t most = 0;
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    work.exec(absl::StrCat("SET plan_cache_mode = ", mode));
    most = std::max(most, RowsOf(work, statement, values));
  }
  work.exec(absl::StrCat("DEALLOCATE ", statement.name));
  return most;
}

int64_t RowsInTheEnd(pqxx::connection& connection, const db::Statement& statement,
                     const std::string& values) {
  constexpr int kPlannedAnew = 5;  // by PostgreSQL, before it compares
  pqxx::nontransaction work(connection);
  work.exec("RESET plan_cache_mode");
  work.exec(absl::StrCat("PREPARE ", statement.name, " AS ", statement.sql));
  for (int i = 0; i < kPlannedAnew; ++i) RowsOf(work, statement, values);
  const int64_t rows = RowsOf(work, statement, values);
  work.exec(absl::StrCat("DEALLOCATE ", statement.name));
  return rows;
}

}  // namespace usher
