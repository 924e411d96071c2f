// usher-livekit: joins LiveKit servers to usher, as a media engine (docs/engines.md).
#include <sodium.h>
#include <sys/prctl.h>

#include <iostream>

#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/server/library_log.h"
#include "common/server/options.h"
#include "common/server/stop_signal.h"
#include "common/server/version.h"
#include "deploy/engines/livekit/adapter.h"

namespace usher::livekit {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongConfiguration = 2;

int Complain(const absl::Status& status) {
  std::cerr << "usher-livekit: " << status.message() << "\n";
  return kWrongConfiguration;
}

int Main(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    if (absl::string_view(argv[at]) != "--version") continue;
    std::cout << "usher-livekit " << server::kVersion << " (" << server::kRevision << ")\n";
    return kDone;
  }
  // Core dumps and ptrace would show keys.
  prctl(PR_SET_DUMPABLE, 0);
  if (sodium_init() < 0) return Complain(absl::InternalError("libsodium does not start"));
  const absl::Status parsed = server::ParseFlags(argc, argv, "livekit");
  if (absl::IsCancelled(parsed)) return kDone;
  if (!parsed.ok()) return Complain(parsed);
  const absl::StatusOr<AdapterOptions> options = ReadAdapterOptions();
  if (!options.ok()) return Complain(options.status());
  server::WatchSignals(kDone);
  if (!log::Open("livekit", options->log_level)) {
    return Complain(absl::InvalidArgumentError("--log_level: debug, info, warning, error"));
  }
  server::LogLibraries();
  log::Info("starting", {{"version", server::kVersion}, {"revision", server::kRevision}});
  const absl::Status status = ServeUntilStopped(*options);
  if (!status.ok()) log::Error("ended", {{"error", status.message()}});
  log::Flush();
  return status.ok() ? kDone : kFailed;
}

}  // namespace
}  // namespace usher::livekit

int main(int argc, char** argv) { return usher::livekit::Main(argc, argv); }
