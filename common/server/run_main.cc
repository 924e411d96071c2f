#include "common/server/run_main.h"

#include <sodium.h>
#include <sys/prctl.h>

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/server/descriptors.h"
#include "common/server/library_log.h"
#include "common/server/stop_signal.h"
#include "common/server/version.h"
#include "common/status/try.h"

// libgnutls, which comes along with libldap, asks this when it is loaded (GNUTLS_SKIP_GLOBAL_INIT):
// it begins when somebody uses it, which is auth, for directories. The programs show the name to it
// (services/CMakeLists.txt).
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" int _gnutls_global_init_skip();
extern "C" int _gnutls_global_init_skip() { return 1; }
// NOLINTEND(bugprone-reserved-identifier)

namespace usher::server {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongConfiguration = 2;

int Complain(const Program& program, const absl::Status& status) {
  std::cerr << "usher-" << program.service << ": " << status.message() << "\n";
  return kWrongConfiguration;
}

// Before any flag is read: the environment may be as wrong as it likes.
bool VersionIsAsked(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    if (absl::string_view(argv[at]) == "--version") return true;
  }
  return false;
}

absl::Status MigrateDatabase(const Options& options, const Program& program) {
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  int applied = 0;
  RETURN_IF_ERROR(db::Migrate(*pool, db::WithShared(program.migrations), &applied));
  log::Info("schema is up to date", {{"applied", absl::StrCat(applied)}});
  return absl::OkStatus();
}

// Null where none is given.
const Command* CommandGiven(const Program& program) {
  for (const Command& command : program.commands) {
    if (command.given()) return &command;
  }
  return nullptr;
}

// Serving, as opposed to what is done and over.
bool Serves(const Options& options, const Program& program) {
  return options.mode == RunMode::kServe && CommandGiven(program) == nullptr;
}

absl::Status Run(const Options& options, const Program& program) {
  switch (options.mode) {
    case RunMode::kMigrate:
      return MigrateDatabase(options, program);
    case RunMode::kBootstrap:
      if (program.bootstrap == nullptr) {
        return absl::InvalidArgumentError(
            "--bootstrap is for usher-auth, usher-user and usher-company");
      }
      return program.bootstrap(options);
    case RunMode::kSagas:
      if (program.sagas == nullptr) {
        return absl::InvalidArgumentError("--sagas is for usher-user and usher-company");
      }
      return program.sagas(options);
    case RunMode::kServe:
      return Serves(options, program) ? program.serve(options)
                                      : CommandGiven(program)->run(options);
  }
  return absl::InternalError("unknown run mode");
}

}  // namespace

int RunMain(int argc, char** argv, const Program& program) {
  if (VersionIsAsked(argc, argv)) {
    std::cout << "usher-" << program.service << " " << kVersion << " (" << kRevision << ")\n";
    return kDone;
  }
  // Core dumps and ptrace would show keys and passwords.
  prctl(PR_SET_DUMPABLE, 0);
  if (sodium_init() < 0) return Complain(program, absl::InternalError("libsodium does not start"));
  const absl::Status parsed = ParseFlags(argc, argv, program.service);
  if (absl::IsCancelled(parsed)) return kDone;
  if (!parsed.ok()) return Complain(program, parsed);
  const absl::StatusOr<Options> options = ReadOptions(program.service);
  if (!options.ok()) return Complain(program, options.status());
  // What is interrupted before it serves has lost nothing; other modes have not done their work.
  WatchSignals(Serves(*options, program) ? kDone : kFailed);
  if (!log::Open(program.service, options->log_level)) {
    return Complain(program,
                    absl::InvalidArgumentError("--log_level: debug, info, warning, error"));
  }
  LogLibraries();
  const int descriptors = RaiseDescriptorLimit();
  if (Serves(*options, program)) {  // others print what scripts read
    log::Info("starting", {{"version", kVersion},
                           {"revision", kRevision},
                           {"descriptors", absl::StrCat(descriptors)}});
  }
  text::SetLimits(options->limits);
  const absl::Status status = Run(*options, program);
  if (!status.ok()) log::Error("ended", {{"error", status.message()}});
  log::Flush();
  if (absl::IsInvalidArgument(status)) return Complain(program, status);
  return status.ok() ? kDone : kFailed;
}

}  // namespace usher::server
