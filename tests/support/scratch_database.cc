#include "tests/support/scratch_database.h"

#include <sodium.h>

#include <cstdlib>
#include <iostream>
#include <pqxx/pqxx>
#include <stdexcept>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/secret.h"

namespace usher {
namespace {

std::string ServerUrl() {
  const char* url = std::getenv("USHER_TEST_DATABASE");
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error(
        "USHER_TEST_DATABASE is not set. This test needs a PostgreSQL: tests/run starts one, or "
        "export USHER_TEST_DATABASE=\"$(tests/postgres start)\"");
  }
  return url;
}

// Outside of a transaction, which CREATE DATABASE wants.
pqxx::result RunOn(const std::string& url, const std::string& sql) {
  pqxx::connection connection(url);
  pqxx::nontransaction work(connection);
  return work.exec(sql);
}

}  // namespace

ScratchDatabase::ScratchDatabase()
    : name_(absl::StrCat("usher_test_", absl::BytesToHexString(Secret::Random(8).Reveal()))),
      // libpq takes the last dbname.
      url_(absl::StrCat(ServerUrl(), " dbname=", name_)) {
  try {
    RunOn(ServerUrl(), absl::StrCat("CREATE DATABASE ", name_));
  } catch (const std::exception& exception) {
    throw std::runtime_error(absl::StrCat(
        "no scratch database on USHER_TEST_DATABASE=", ServerUrl(), ": ", exception.what()));
  }
}

ScratchDatabase::ScratchDatabase(std::vector<db::Migration> own) : ScratchDatabase() {
  int applied = 0;
  const absl::Status status = db::Migrate(pool(), db::WithShared(std::move(own)), &applied);
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

ScratchDatabase::~ScratchDatabase() {
  pool_.reset();
  try {
    RunOn(ServerUrl(), absl::StrCat("DROP DATABASE IF EXISTS ", name_, " WITH (FORCE)"));
  } catch (const std::exception& exception) {
    std::cerr << "could not drop " << name_ << ": " << exception.what() << "\n";
  }
}

db::Pool& ScratchDatabase::pool() {
  if (pool_ == nullptr) pool_ = OpenPool();
  return *pool_;
}

std::unique_ptr<db::Pool> ScratchDatabase::OpenPool(db::PoolOptions options) const {
  options.url = url_;
  absl::StatusOr<std::unique_ptr<db::Pool>> pool = db::Pool::Open(std::move(options));
  if (!pool.ok()) throw std::runtime_error(std::string(pool.status().message()));
  return *std::move(pool);
}

void ScratchDatabase::Run(const std::string& sql) const { RunOn(url_, sql); }

std::string ScratchDatabase::Ask(const std::string& sql) const {
  const pqxx::result rows = RunOn(url_, sql);
  if (rows.empty() || rows[0][0].is_null()) return "";
  return rows[0][0].as<std::string>();
}

}  // namespace usher
