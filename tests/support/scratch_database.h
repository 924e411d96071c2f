// A database of its own for a test, on the server that USHER_TEST_DATABASE names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/db/migrator.h"
#include "common/db/pool.h"

namespace usher {

// Made empty or migrated, dropped at the end. Throws std::runtime_error, which fails the test with
// its text, when USHER_TEST_DATABASE (libpq, key=value: `tests/postgres start` prints it) is
// missing or wrong: a test that needs a database never passes without one.
class ScratchDatabase {
 public:
  // Nothing in it.
  ScratchDatabase();
  // With the tables that every service has, and those of `own`:
  // ScratchDatabase(room::Migrations()).
  explicit ScratchDatabase(std::vector<db::Migration> own);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& url() const { return url_; }

  // A pool of 8 connections, opened when it is first asked for. One thread asks first.
  db::Pool& pool();
  // Another pool, for tests of bounds and time-outs; its url is filled in.
  std::unique_ptr<db::Pool> OpenPool(db::PoolOptions options = {}) const;

  // Runs SQL over a connection of its own: what a test arranges behind the service's back.
  void Run(const std::string& sql) const;
  // The first column of the first row; empty when there is none, or NULL.
  std::string Ask(const std::string& sql) const;

 private:
  std::string name_;
  std::string url_;
  std::unique_ptr<db::Pool> pool_;
};

}  // namespace usher
