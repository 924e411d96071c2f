#include "tests/conformance/database_digest.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"

namespace usher {
namespace {

constexpr char kTables[] = R"sql(
  SELECT table_name FROM information_schema.tables
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND table_name NOT IN ('audit', 'idempotency_keys', 'sessions', 'revocations')
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

Digest DatabaseDigest::Take() {
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
