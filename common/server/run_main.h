// The main() of all five servers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/migrator.h"
#include "common/server/options.h"

namespace usher::server {

// What differs between the services.
struct Program {
  std::string service;                                      // "room"
  std::vector<db::Migration> migrations;                    // the service's own
  std::function<absl::Status(const Options&)> serve;        // returns when the service has stopped
  std::function<absl::Status(const Options&)> bootstrap{};  // for --bootstrap, where there is one
  // What the service can be told to do in place of serving, by flags of its own: whether it was,
  // and how it is done. What it prints is for scripts.
  std::function<bool()> command_given{};
  std::function<absl::Status(const Options&)> command{};
};

// Answers --version; else reads flags, opens the log, runs the mode that was asked for. Exit codes:
// 0 done; 1 failed (the last log line says why); 2 wrong configuration (one line on standard
// error).
int RunMain(int argc, char** argv, const Program& program);

}  // namespace usher::server
