// The main() of all five servers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/migrator.h"
#include "common/server/options.h"

namespace usher::server {

// What a service can be told to do in place of serving, by a flag of its own. What it prints is for
// scripts.
struct Command {
  std::function<bool()> given;  // whether it was
  std::function<absl::Status(const Options&)> run;
};

// What differs between the services.
struct Program {
  std::string service;                                      // "room"
  std::vector<db::Migration> migrations;                    // the service's own
  std::function<absl::Status(const Options&)> serve;        // returns when the service has stopped
  std::function<absl::Status(const Options&)> bootstrap{};  // for --bootstrap, where there is one
  std::function<absl::Status(const Options&)> sagas{};      // for --sagas, where there are any
  std::vector<Command> commands{};  // of which the first that is given counts
};

// Answers --version; else reads flags, opens the log, runs the mode that was asked for. Exit codes:
// 0 done; 1 failed (the last log line says why); 2 wrong configuration (one line on standard
// error).
int RunMain(int argc, char** argv, const Program& program);

}  // namespace usher::server
