// Tells whether anything was changed in the databases of the five services.
#pragma once

#include <map>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/house.h"

namespace usher {

// "room.sub_rooms" -> a digest of all rows of that table.
using Digest = std::map<std::string, std::string>;

// Looks at every table that there is, but for those in which calls leave traces without changing
// anything: audit, idempotency keys, sessions and what has ended them, revocations; and mail, which
// a thread of its own throws away. Keeps its
// connections open.
class DatabaseDigest {
 public:
  explicit DatabaseDigest(House& house);

  // When nothing is under way any more that a call before has begun.
  Digest Take();

 private:
  void AwaitNothingUnderWay();

  struct Database {
    std::string service;
    std::unique_ptr<pqxx::connection> connection;
    std::vector<std::string> tables;
    std::string question;  // one column for each table
  };
  std::vector<Database> databases_;
};

}  // namespace usher
