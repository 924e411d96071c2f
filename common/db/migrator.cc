#include "common/db/migrator.h"

#include <sodium.h>

#include <algorithm>
#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/sql_error.h"
#include "common/status/try.h"

namespace usher::common_schema {
std::vector<usher::db::Migration> Migrations();
}

namespace usher::db {
namespace {

// Any number will do, as long as all of us take the same.
constexpr int64_t kMigrationLock = 0x7573686572;
constexpr absl::Duration kLongestMigration = absl::Minutes(30);

struct AppliedMigration {
  std::string checksum;
  bool additive = false;
};
using Applied = std::map<std::string, AppliedMigration>;  // by ID

// A server of the release before may stand on it as well. What does not say so may not.
bool IsAdditive(const Migration& migration) {
  return absl::StrContains(migration.sql, "\n-- additive\n") ||
         absl::StartsWith(migration.sql, "-- additive\n");
}

std::string Checksum(const std::string& sql) {
  unsigned char hash[crypto_generichash_BYTES];
  crypto_generichash(hash, sizeof(hash), reinterpret_cast<const unsigned char*>(sql.data()),
                     sql.size(), nullptr, 0);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

Applied ReadApplied(pqxx::transaction_base& work) {
  Applied applied;
  const pqxx::result table = work.exec("SELECT to_regclass('schema_migrations') IS NOT NULL");
  if (!table[0][0].as<bool>()) return applied;
  // By to_jsonb, since the table of an older release has no such column.
  for (const pqxx::row& row :
       work.exec("SELECT id, checksum, coalesce((to_jsonb(m) ->> 'additive')::boolean, false) "
                 "FROM schema_migrations m")) {
    applied.emplace(row[0].as<std::string>(),
                    AppliedMigration{row[1].as<std::string>(), row[2].as<bool>()});
  }
  return applied;
}

// Every applied one must be known, and as it was. `newer`: those that are not may be additive.
absl::Status CheckHistory(const Applied& applied, const std::vector<Migration>& migrations,
                          bool newer) {
  std::map<std::string, const Migration*> known;
  for (const Migration& migration : migrations) known.emplace(migration.id, &migration);
  for (const auto& [id, state] : applied) {
    const auto found = known.find(id);
    if (found == known.end()) {
      if (newer && state.additive) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the database has migration ", id,
                       ", which this binary does not know: it belongs to a newer release"));
    }
    if (Checksum(found->second->sql) != state.checksum) {
      return absl::FailedPreconditionError(
          absl::StrCat("migration ", id, " was changed after it had been applied"));
    }
  }
  return absl::OkStatus();
}

void Apply(pqxx::connection_base& connection, const Migration& migration) {
  pqxx::work work(connection);
  work.exec(migration.sql);
  work.exec_params("INSERT INTO schema_migrations (id, checksum, additive) VALUES ($1, $2, $3)",
                   migration.id, Checksum(migration.sql), IsAdditive(migration));
  work.commit();
  log::Info("migration applied", {{"migration", migration.id}});
}

int ApplyMissing(pqxx::connection_base& connection, const std::vector<Migration>& migrations,
                 absl::Status* status) {
  Applied applied;
  {
    pqxx::work work(connection);
    work.exec(
        "CREATE TABLE IF NOT EXISTS schema_migrations (id text PRIMARY KEY, "
        "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());"
        "ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS additive boolean NOT NULL "
        "DEFAULT false");
    applied = ReadApplied(work);
    work.commit();
  }
  *status = CheckHistory(applied, migrations, /*newer=*/false);
  if (!status->ok()) return 0;
  int count = 0;
  for (const Migration& migration : migrations) {
    if (applied.count(migration.id) > 0) continue;
    Apply(connection, migration);
    ++count;
  }
  return count;
}

CallContext NoCall(absl::Duration longest) {
  CallContext call;
  call.deadline = absl::Now() + longest;
  return call;
}

}  // namespace

std::vector<Migration> WithShared(std::vector<Migration> own) {
  std::vector<Migration> all = common_schema::Migrations();
  for (Migration& migration : own) all.push_back(std::move(migration));
  return all;
}

absl::Status Migrate(Pool& pool, const std::vector<Migration>& migrations, int* applied) {
  ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(NoCall(kLongestMigration)));
  lease.Discard();  // its time-outs are not the pool's
  try {
    pqxx::connection_base& connection = lease.connection();
    {
      pqxx::nontransaction session(connection);
      session.exec("SET statement_timeout TO 0; SET lock_timeout TO 0");
      session.exec(absl::StrCat("SELECT pg_advisory_lock(", kMigrationLock, ")"));
    }
    absl::Status status;
    *applied = ApplyMissing(connection, migrations, &status);
    // It would go with the connection as well, but somewhat later than we do.
    pqxx::nontransaction(connection)
        .exec(absl::StrCat("SELECT pg_advisory_unlock(", kMigrationLock, ")"));
    return status;
  } catch (const std::exception& exception) {
    return StatusOfException(exception, "migration");
  }
}

absl::Status RequireCurrentSchema(Pool& pool, const std::vector<Migration>& migrations) {
  ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(NoCall(absl::Seconds(10))));
  try {
    pqxx::nontransaction work(lease.connection());
    const Applied applied = ReadApplied(work);
    RETURN_IF_ERROR(CheckHistory(applied, migrations, /*newer=*/true));
    const auto lacking = std::count_if(
        migrations.begin(), migrations.end(),
        [&applied](const Migration& migration) { return applied.count(migration.id) == 0; });
    if (lacking == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "the database lacks ", lacking, " migrations; run this binary with --migrate first"));
  } catch (const std::exception& exception) {
    return StatusOfException(exception, "schema check");
  }
}

}  // namespace usher::db
