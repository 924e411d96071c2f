// What holds for the schema of every service. Instantiated with a struct that has kService
// ("business-logic") and Migrations().
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/db/migrator.h"
#include "tests/support/child_process.h"
#include "tests/support/folders.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher {

// Everything about a schema that can be seen from outside, a line each.
inline std::string SchemaOf(const ScratchDatabase& database) {
  return database.Ask(R"sql(
    SELECT string_agg(line, E'\n' ORDER BY line) FROM (
      SELECT format('column %s.%s %s %s null %s default %s', table_name, ordinal_position,
                    column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL
      SELECT format('constraint %s of %s: %s', conname, conrelid::regclass,
                    pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL
      SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL
      SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) lines)sql");
}

template <class Service>
class MigrationContract : public ::testing::Test {
 protected:
  // As an operator does it; how many migrations the program says it applied.
  static std::string RunMigrate(const ScratchDatabase& database) {
    const std::string printed =
        RunProgram({absl::StrCat(BinaryFolder(), "/bin/usher-", Service::kService), "--migrate",
                    "--database=" + database.url()});
    const std::vector<std::string> around = absl::StrSplit(printed, "\"applied\":\"");
    return around.size() < 2 ? printed : around[1].substr(0, around[1].find('"'));
  }
  // Tables whose primary key does not begin with the company, and why.
  static std::map<std::string, std::string> OfThePlatform() {
    return {{"schema_migrations", "the database's own history"},
            {"audit", "rows are only ever added and read in order: there is no key at all"}};
  }

  const std::vector<db::Migration> all_ = db::WithShared(Service::Migrations());
};

TYPED_TEST_SUITE_P(MigrationContract);

TYPED_TEST_P(MigrationContract, EveryFileBeginsWithWhatItIsFor) {
  for (const db::Migration& migration : this->all_) {
    const std::string first = migration.sql.substr(0, migration.sql.find('\n'));
    EXPECT_THAT(first, ::testing::MatchesRegex("-- [A-Z].{10,}")) << migration.id;
  }
}

TYPED_TEST_P(MigrationContract, FilesAreNumberedWithoutAGap) {
  const std::vector<db::Migration> own = TypeParam::Migrations();
  for (size_t i = 0; i < own.size(); ++i) {
    EXPECT_TRUE(absl::StrContains(own[i].id, absl::StrFormat("/%04d_", i + 1))) << own[i].id;
  }
}

TYPED_TEST_P(MigrationContract, TheProgramGoesFromEmptyToTheHeadOnce) {
  ScratchDatabase database;
  EXPECT_EQ(this->RunMigrate(database), absl::StrCat(this->all_.size()));
  EXPECT_OK(db::RequireCurrentSchema(database.pool(), this->all_));
  const std::string schema = SchemaOf(database);
  EXPECT_EQ(this->RunMigrate(database), "0");
  EXPECT_EQ(SchemaOf(database), schema);
  EXPECT_EQ(SchemaOf(ScratchDatabase(TypeParam::Migrations())), schema);
}

TYPED_TEST_P(MigrationContract, ReleaseByReleaseLeadsToTheSameSchema) {
  ScratchDatabase database;
  for (size_t known = 1; known <= this->all_.size(); ++known) {
    const std::vector<db::Migration> release(this->all_.begin(), this->all_.begin() + known);
    int applied = 0;
    ASSERT_OK(db::Migrate(database.pool(), release, &applied));
    EXPECT_EQ(applied, 1) << release.back().id;
  }
  EXPECT_EQ(SchemaOf(database), SchemaOf(ScratchDatabase(TypeParam::Migrations())));
}

TYPED_TEST_P(MigrationContract, EveryPrimaryKeyBeginsWithTheCompany) {
  const ScratchDatabase database(TypeParam::Migrations());
  std::map<std::string, std::string> exceptions = this->OfThePlatform();
  const std::string found = database.Ask(R"sql(
    SELECT string_agg(t.relname || ':' || coalesce(c.attname, ''), ',')
    FROM pg_class t
    LEFT JOIN pg_constraint p ON p.conrelid = t.oid AND p.contype = 'p'
    LEFT JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = p.conkey[1]
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace)sql");
  for (const absl::string_view entry : absl::StrSplit(found, ',')) {
    const std::pair<std::string, std::string> table = absl::StrSplit(entry, ':');
    const bool exception = exceptions.erase(table.first) > 0;
    EXPECT_EQ(table.second != "company_id", exception) << entry;
  }
  EXPECT_THAT(exceptions, ::testing::IsEmpty());
}

TYPED_TEST_P(MigrationContract, EveryTableOfTheServiceHasACompany) {
  const ScratchDatabase database(TypeParam::Migrations());
  EXPECT_EQ(database.Ask(R"sql(
    SELECT string_agg(t.tablename, ',') FROM pg_tables t
    WHERE t.schemaname = 'public' AND t.tablename <> 'schema_migrations' AND NOT EXISTS (
      SELECT 1 FROM information_schema.columns c
      WHERE c.table_schema = 'public' AND c.table_name = t.tablename
        AND c.column_name = 'company_id' AND c.is_nullable = 'NO'))sql"),
            "");
}

// PostgreSQL makes up names that end in these; schema_migrations is made by the migrator.
TYPED_TEST_P(MigrationContract, EveryConstraintAndIndexHasANameOfOurs) {
  const ScratchDatabase database(TypeParam::Migrations());
  EXPECT_EQ(database.Ask(R"sql(
    SELECT string_agg(name, ',' ORDER BY name) FROM (
      SELECT conname::text AS name FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
      UNION
      SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public') names
    WHERE name ~ '_(pkey|key|fkey|check|excl|idx|not_null)[0-9]*$'
      AND name <> 'schema_migrations_pkey')sql"),
            "");
}

REGISTER_TYPED_TEST_SUITE_P(MigrationContract, EveryFileBeginsWithWhatItIsFor,
                            FilesAreNumberedWithoutAGap, TheProgramGoesFromEmptyToTheHeadOnce,
                            ReleaseByReleaseLeadsToTheSameSchema,
                            EveryPrimaryKeyBeginsWithTheCompany, EveryTableOfTheServiceHasACompany,
                            EveryConstraintAndIndexHasANameOfOurs);

}  // namespace usher
