// A database of the house that is away for a while.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/house.h"

namespace usher {

// For as long as it lives nobody gets a connection to the database of `service`; those that there
// were are ended.
class DatabaseOutage {
 public:
  DatabaseOutage(House& house, const std::string& service)
      : name_(house.database(service).Ask("SELECT current_database()")),
        beside_(house.database(service == "room" ? "company" : "room")) {
    Allow(false);
    beside_.Ask(absl::StrCat(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = '",
        name_, "'"));
  }
  ~DatabaseOutage() { Allow(true); }
  DatabaseOutage(const DatabaseOutage&) = delete;
  DatabaseOutage& operator=(const DatabaseOutage&) = delete;

 private:
  void Allow(bool allowed) {
    beside_.Run(
        absl::StrCat("ALTER DATABASE ", name_, " ALLOW_CONNECTIONS ", allowed ? "true" : "false"));
  }

  const std::string name_;
  ScratchDatabase& beside_;
};

}  // namespace usher
