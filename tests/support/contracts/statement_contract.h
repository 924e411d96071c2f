// What holds for the SQL statements of every service. Instantiated with a struct that has kFolder,
// Migrations(), All() (the kAll arrays) and OfAllCompanies().
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/db/statement.h"
#include "tests/support/company_scope.h"
#include "tests/support/scratch_database.h"
#include "tests/support/written_statements.h"

namespace usher {

template <class Service>
class StatementContract : public ::testing::Test {
 protected:
  // Those of common/, which all services send.
  static std::vector<WrittenStatement> Shared() {
    std::vector<WrittenStatement> all = StatementsWrittenIn("common/db");
    for (WrittenStatement& saga : StatementsWrittenIn("common/saga")) all.push_back(saga);
    return all;
  }
  // The service's own; what they are put together to, where they are.
  static std::vector<WrittenStatement> Own() {
    std::map<std::string, std::string> compiled;
    for (const db::Statement* one : Service::All()) compiled[one->name] = one->sql;
    std::vector<WrittenStatement> all = StatementsWrittenIn(Service::kFolder);
    for (WrittenStatement& own : all) {
      if (own.sql.empty()) own.sql = compiled[own.name];
    }
    return all;
  }
  // These, and the shared ones.
  static std::vector<WrittenStatement> Written() {
    std::vector<WrittenStatement> all = Own();
    for (WrittenStatement& shared : Shared()) all.push_back(std::move(shared));
    return all;
  }
  std::set<std::string> Tables() const {
    return absl::StrSplit(
        database_.Ask("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = "
                      "'public'"),
        ',');
  }
  // The platform's own work, by name; what is beside it is the reason.
  static std::map<std::string, std::string> OfAllCompanies() {
    std::map<std::string, std::string> names = Service::OfAllCompanies();
    names["find_old_idempotency_keys"] = "a key of any company is old after 24 hours";
    names["find_old_audit"] = "rows of any company are kept equally long";
    names["find_claimable"] = "a sweeper settles what any company left behind";
    names["count_sagas"] = "the metrics are about all companies";
    names["list_sagas"] = "an operator sees what any company left behind";
    return names;
  }

  ScratchDatabase database_{Service::Migrations()};
};

TYPED_TEST_SUITE_P(StatementContract);

TYPED_TEST_P(StatementContract, EveryStatementFitsTheSchema) {
  pqxx::connection connection(this->database_.url());
  std::vector<std::pair<std::string, std::string>> statements;
  for (const db::Statement* own : TypeParam::All()) statements.emplace_back(own->name, own->sql);
  for (const WrittenStatement& shared : this->Shared()) {
    statements.emplace_back(shared.name, shared.sql);
  }
  for (const auto& [name, sql] : statements) {
    try {
      connection.prepare(name, sql);
      connection.prepare_now(name);
    } catch (const std::exception& exception) {
      ADD_FAILURE() << name << ": " << exception.what();
    }
  }
}

TYPED_TEST_P(StatementContract, EveryNameIsThereOnce) {
  std::set<std::string> names;
  for (const WrittenStatement& statement : this->Written()) {
    EXPECT_TRUE(names.insert(statement.name).second) << statement.name << " is there twice";
  }
}

TYPED_TEST_P(StatementContract, EveryStatementThatIsWrittenIsInKAll) {
  std::map<std::string, std::string> written;
  for (const WrittenStatement& statement : this->Own()) {
    written[statement.name] = statement.sql;
    EXPECT_THAT(statement.file, ::testing::EndsWith("_sql.h")) << statement.constant;
  }
  std::map<std::string, std::string> listed;
  for (const db::Statement* statement : TypeParam::All()) listed[statement->name] = statement->sql;
  EXPECT_THAT(listed, ::testing::ContainerEq(written));
}

TYPED_TEST_P(StatementContract, EveryStatementStaysWithinOneCompany) {
  std::map<std::string, std::string> exceptions = this->OfAllCompanies();
  const std::set<std::string> tables = this->Tables();
  for (const WrittenStatement& statement : this->Written()) {
    const std::string wrong = WrongCompanyScope(statement.sql, tables);
    if (exceptions.erase(statement.name) > 0) {
      EXPECT_NE(wrong, "") << statement.name << " is listed as an exception and is none";
    } else {
      EXPECT_EQ(wrong, "") << statement.name;
    }
  }
  for (const auto& [name, reason] : exceptions) ADD_FAILURE() << "there is no statement " << name;
}

REGISTER_TYPED_TEST_SUITE_P(StatementContract, EveryStatementFitsTheSchema, EveryNameIsThereOnce,
                            EveryStatementThatIsWrittenIsInKAll,
                            EveryStatementStaysWithinOneCompany);

}  // namespace usher
