// Every flag that the five servers share, read once into plain structs. Nobody else sees a flag.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/db/pool.h"
#include "common/http/origins.h"
#include "common/rpc/gate/gate.h"
#include "common/rpc/lane/lane.h"
#include "common/rpc/peer/tls_files.h"
#include "common/text/limits.h"

namespace usher::server {

enum class RunMode { kServe, kMigrate, kBootstrap, kSagas };

struct ListenOptions {
  std::string plain;                         // public port without TLS; empty: none
  std::string tls;                           // public port with TLS; empty: none
  std::string internal;                      // mutual TLS; empty: none
  std::string json;                          // HTTP/1.1 without TLS; empty: none
  std::string json_tls;                      // HTTP/1.1 with TLS; empty: none
  std::string metrics;                       // HTTP, for Prometheus; empty: none
  std::shared_ptr<rpc::TlsFiles> tls_files;  // of the public ports with TLS
  http::Origins json_origins;
  bool reflection = false;
  int pollers = 1;
  int largest_message = 4 * 1024 * 1024;  // bytes
  absl::Duration longest_drain = absl::Seconds(25);
  absl::Duration connection_idle = absl::Minutes(15);  // without a call
  absl::Duration connection_age = absl::Minutes(30);
  size_t connections_of_address = 0;    // 0: half of those that strangers may have
  rpc::TrustedProxies trusted_proxies;  // may have more
};

// Where the other services listen internally.
struct PeerAddresses {
  std::string auth;
  std::string user;
  std::string company;
  std::string room;
  std::string business_logic;
};

struct Options {
  std::string service;  // "room"
  RunMode mode = RunMode::kServe;
  std::string log_level;
  ListenOptions listen;
  db::PoolOptions pool;
  rpc::LaneOptions lanes;
  rpc::GateOptions gate;
  std::shared_ptr<rpc::TlsFiles> internal_tls;  // null where nobody has to be asked
  PeerAddresses peers;
  size_t token_cache = 10000;
  absl::Duration audit_retention = absl::Hours(400 * 24);  // zero: for ever
  text::Limits limits;
};

// Reads the command line and the environment (--listen is USHER_LISTEN; the command line wins).
// kInvalidArgument with one line for a person when something is wrong with them. kCancelled when
// --help was asked for, and has been answered.
absl::Status ParseFlags(int argc, char** argv, const std::string& service);

// Whether a flag of this source file is ours, as opposed to those that Abseil brings along: its
// sources stand in folders of its own, wherever it was built.
bool IsOurSource(absl::string_view path);

// What ParseFlags read. Loads the certificates. kInvalidArgument as above.
absl::StatusOr<Options> ReadOptions(const std::string& service);

}  // namespace usher::server
