#include "tests/conformance/database_digest.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace {

constexpr char kTables[] = R"sql(
  SELECT table_name FROM information_schema.tables
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND table_name NOT IN ('audit', 'idempotency_keys', 'sessions', 'ended_sessions', 'method_uses',
                           'revocations', 'guesses', 'mail_outbox', 'key_states', 'room_presence',
                           'engine_commands')
  ORDER BY table_name
)sql";

}  // namespace

DatabaseDigest::DatabaseDigest(House& house) {
  for (const std::string& service : House::Services()) {
    Database database;
    database.service = service;
    database.connection = std::make_unique<pqxx::connection>(house.database(service).url());
    pqxx::nontransaction work(*database.connection);
    for (const auto& row : work.exec(kTables)) {
      const std::string table = row[0].as<std::string>();
      absl::StrAppend(
          &database.question, database.tables.empty() ? "SELECT " : ", ",
          "(SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM ",
          work.quote_name(table), " t)");
      database.tables.push_back(table);
    }
    if (database.tables.empty()) throw std::runtime_error("no tables in " + service);
    databases_.push_back(std::move(database));
  }
}

// What an earlier call began goes on behind it: rooms forget who was removed.
void DatabaseDigest::AwaitNothingUnderWay() {
  const absl::Time until = absl::Now() + absl::Seconds(30);
  for (const Database& database : databases_) {
    pqxx::nontransaction work(*database.connection);
    while (work.exec1("SELECT count(*) FROM sagas")[0].as<int64_t>() > 0) {
      if (absl::Now() > until) throw std::runtime_error("sagas of " + database.service);
    }
  }
}

Digest DatabaseDigest::Take() {
  AwaitNothingUnderWay();
  Digest digest;
  for (const Database& database : databases_) {
    pqxx::nontransaction work(*database.connection);
    const pqxx::result rows = work.exec(database.question);
    for (size_t i = 0; i < database.tables.size(); ++i) {
      digest[absl::StrCat(database.service, ".", database.tables[i])] =
          rows[0][static_cast<pqxx::row::size_type>(i)].as<std::string>();
    }
  }
  return digest;
}

}  // namespace usher
