#include "common/server/options.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/try.h"

ABSL_FLAG(bool, migrate, false, "Bring the database to this binary's schema, and exit.");
ABSL_FLAG(
    bool, bootstrap, false,
    "auth: make the first company with an administrator and an API key, and print them once; "
    "company: make the operator's company; user: make the administrator's profile, which takes "
    "a running auth. Exit afterwards.");
ABSL_FLAG(bool, sagas, false,
          "user, company: print what is under way in several services at once, and exit.");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warning or error.");
ABSL_FLAG(std::string, listen, "",
          "Address of the public port without TLS, host:port or unix:path. Empty: none.");
ABSL_FLAG(std::string, tls_listen, "", "Address of the public port with TLS. Empty: none.");
ABSL_FLAG(std::string, tls_certificate, "",
          "PEM file: certificate chain of the public ports with TLS.");
ABSL_FLAG(std::string, tls_key, "", "PEM file: key of the public ports with TLS.");
ABSL_FLAG(std::string, json_listen, "",
          "Address of the JSON port (HTTP/1.1) without TLS, host:port or unix:path. Empty: none.");
ABSL_FLAG(std::string, json_tls_listen, "", "Address of the JSON port with TLS. Empty: none.");
ABSL_FLAG(std::string, json_origins, "",
          "Origins whose pages may call the JSON port from a browser (https://app.example.com), "
          "separated by commas; *: all. Empty: none.");
ABSL_FLAG(std::string, internal_listen, "",
          "Address of the internal port (always mutual TLS). Empty: none.");
ABSL_FLAG(std::string, internal_ca, "", "PEM file: CA of the internal certificates.");
ABSL_FLAG(std::string, internal_certificate, "",
          "PEM file: this service's internal certificate; its common name is usher-<service>.");
ABSL_FLAG(std::string, internal_key, "", "PEM file: key of the internal certificate.");
ABSL_FLAG(std::string, metrics_listen, "",
          "host:port of the Prometheus metrics (HTTP, path /metrics). Empty: none.");
ABSL_FLAG(bool, reflection, false, "Answer server reflection, which grpcurl asks for.");
ABSL_FLAG(int32_t, pollers, 1, "Threads that poll the completion queue.");
ABSL_FLAG(int32_t, largest_message, 4 * 1024 * 1024, "Largest request, in bytes.");
ABSL_FLAG(absl::Duration, longest_call, absl::Seconds(10),
          "Deadline of calls whose client sets none, or a later one.");
ABSL_FLAG(absl::Duration, longest_drain, absl::Seconds(25),
          "How long running calls may take after SIGTERM.");
ABSL_FLAG(absl::Duration, connection_idle, absl::Minutes(15),
          "Connections without a call are closed after this.");
ABSL_FLAG(absl::Duration, connection_age, absl::Minutes(30),
          "Connections are closed at this age (and a tenth more or less) when their calls have "
          "ended, at the latest half a minute later.");
ABSL_FLAG(uint32_t, connections_of_address, 0,
          "Connections that one address (a /64 of IPv6) may have on all public ports, trusted "
          "proxies excepted. 0: half of those that there may be.");
ABSL_FLAG(
    std::string, trusted_proxies, "",
    "Addresses and networks (10.0.0.0/8) of the proxies whose header x-forwarded-for says who "
    "calls, separated by commas; unix: whoever comes through a Unix socket. Empty: none.");
ABSL_FLAG(std::string, database, "",
          "libpq connection string of this service's database; passwords belong into a passfile.");
ABSL_FLAG(uint32_t, database_connections, 10,
          "Largest number of connections to the database; two of them are for reading alone.");
ABSL_FLAG(absl::Duration, statement_timeout, absl::Seconds(5), "Longest time of one statement.");
ABSL_FLAG(absl::Duration, audit_retention, absl::Hours(400 * 24),
          "How long audit rows are kept. 0: for ever.");
ABSL_FLAG(uint32_t, statement_threads, 4,
          "Threads for calls that are single statements; each has a connection of its own.");
ABSL_FLAG(uint32_t, list_threads, 2,
          "The same for statements with large answers; each has a connection of its own.");
ABSL_FLAG(uint32_t, store_threads, 8, "Threads for calls that are transactions.");
ABSL_FLAG(uint32_t, store_queue, 1024, "Calls of each of these kinds that may wait for a thread.");
ABSL_FLAG(uint32_t, slow_threads, 32, "Threads for calls that ask other services.");
ABSL_FLAG(uint32_t, slow_queue, 256, "Such calls that may wait for a thread.");
ABSL_FLAG(uint32_t, token_cache, 10000, "Verified tokens to remember.");
ABSL_FLAG(uint32_t, longest_name, 255,
          "Characters that a display name, user name or e-mail address may have.");
ABSL_FLAG(uint32_t, longest_secret, 1024, "Bytes that a password or code may have.");
ABSL_FLAG(uint32_t, shortest_password, 8, "Characters that a new password must have.");
ABSL_FLAG(uint32_t, most_metadata, 100, "Entries that metadata may have.");
ABSL_FLAG(uint32_t, longest_metadata_key, 128, "Bytes that a key of metadata may have.");
ABSL_FLAG(uint32_t, longest_metadata_value, 4096, "Bytes that a value of metadata may have.");
ABSL_FLAG(uint32_t, largest_metadata, 64 * 1024, "Bytes that metadata may have in all.");
ABSL_FLAG(uint32_t, most_ids, 1000, "IDs that a list in a request may have.");
ABSL_FLAG(std::string, operator_company, "operator",
          "ID of the operator's company, the only one in which COMPANY_ADMIN has an effect.");
ABSL_FLAG(std::string, auth_internal, "127.0.0.1:50061", "Internal address of usher-auth.");
ABSL_FLAG(std::string, user_internal, "127.0.0.1:50062", "Internal address of usher-user.");
ABSL_FLAG(std::string, company_internal, "127.0.0.1:50063", "Internal address of usher-company.");
ABSL_FLAG(std::string, room_internal, "127.0.0.1:50064", "Internal address of usher-room.");
ABSL_FLAG(std::string, business_logic_internal, "127.0.0.1:50065",
          "Internal address of usher-business-logic.");

namespace usher::server {
namespace {

// The flags of the files, each with its path: what is wrong with a file is told by its flag.
using TlsFlags = std::vector<std::pair<const char*, std::string>>;

absl::StatusOr<std::shared_ptr<rpc::TlsFiles>> LoadTls(const TlsFlags& flags,
                                                       rpc::TlsFiles::Paths paths) {
  absl::StatusOr<std::shared_ptr<rpc::TlsFiles>> files = rpc::TlsFiles::Load(std::move(paths));
  if (files.ok()) return files;
  for (const auto& [flag, path] : flags) {
    if (!absl::StrContains(files.status().message(), path)) continue;
    return absl::InvalidArgumentError(absl::StrCat(flag, ": ", files.status().message()));
  }
  return files.status();
}

absl::StatusOr<ListenOptions> ReadListen() {
  ListenOptions listen;
  listen.plain = absl::GetFlag(FLAGS_listen);
  listen.tls = absl::GetFlag(FLAGS_tls_listen);
  listen.internal = absl::GetFlag(FLAGS_internal_listen);
  listen.json = absl::GetFlag(FLAGS_json_listen);
  listen.json_tls = absl::GetFlag(FLAGS_json_tls_listen);
  listen.metrics = absl::GetFlag(FLAGS_metrics_listen);
  listen.reflection = absl::GetFlag(FLAGS_reflection);
  listen.pollers = absl::GetFlag(FLAGS_pollers);
  listen.largest_message = absl::GetFlag(FLAGS_largest_message);
  listen.longest_drain = absl::GetFlag(FLAGS_longest_drain);
  listen.connection_idle = absl::GetFlag(FLAGS_connection_idle);
  listen.connection_age = absl::GetFlag(FLAGS_connection_age);
  listen.connections_of_address = absl::GetFlag(FLAGS_connections_of_address);
  if (listen.plain.empty() && listen.tls.empty()) {
    return absl::InvalidArgumentError("set --listen or --tls_listen: there is no public port");
  }
  if (listen.pollers < 1 || listen.largest_message < 1024) {
    return absl::InvalidArgumentError(
        "--pollers must be 1 or more, --largest_message 1024 or more");
  }
  if (listen.longest_drain < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("--longest_drain must be 0s or longer");
  }
  if (listen.connection_idle < absl::Seconds(1) || listen.connection_age < absl::Seconds(1)) {
    return absl::InvalidArgumentError(
        "--connection_idle and --connection_age must be 1s or longer");
  }
  absl::StatusOr<http::Origins> origins = http::Origins::Parse(absl::GetFlag(FLAGS_json_origins));
  if (!origins.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--json_origins: ", origins.status().message()));
  }
  listen.json_origins = *std::move(origins);
  if (!listen.tls.empty() || !listen.json_tls.empty()) {
    const std::string certificate = absl::GetFlag(FLAGS_tls_certificate);
    const std::string key = absl::GetFlag(FLAGS_tls_key);
    ASSIGN_OR_RETURN(listen.tls_files,
                     LoadTls({{"--tls_certificate", certificate}, {"--tls_key", key}},
                             {.ca = "", .certificate = certificate, .key = key}));
  }
  return listen;
}

absl::StatusOr<std::shared_ptr<rpc::TlsFiles>> ReadInternalTls() {
  const std::string ca = absl::GetFlag(FLAGS_internal_ca);
  const std::string certificate = absl::GetFlag(FLAGS_internal_certificate);
  const std::string key = absl::GetFlag(FLAGS_internal_key);
  return LoadTls(
      {{"--internal_ca", ca}, {"--internal_certificate", certificate}, {"--internal_key", key}},
      {ca, certificate, key});
}

absl::StatusOr<rpc::TrustedProxies> ReadTrustedProxies() {
  absl::StatusOr<rpc::TrustedProxies> proxies =
      rpc::TrustedProxies::Parse(absl::GetFlag(FLAGS_trusted_proxies));
  if (proxies.ok()) return proxies;
  return absl::InvalidArgumentError(
      absl::StrCat("--trusted_proxies: ", proxies.status().message()));
}

constexpr size_t kShortestLongestName = 64;     // session IDs and our own names have to fit
constexpr size_t kShortestLongestSecret = 128;  // and refresh tokens

absl::StatusOr<text::Limits> ReadLimits() {
  text::Limits limits;
  limits.longest_name = absl::GetFlag(FLAGS_longest_name);
  limits.longest_secret = absl::GetFlag(FLAGS_longest_secret);
  limits.shortest_password = absl::GetFlag(FLAGS_shortest_password);
  limits.most_metadata = absl::GetFlag(FLAGS_most_metadata);
  limits.longest_metadata_key = absl::GetFlag(FLAGS_longest_metadata_key);
  limits.longest_metadata_value = absl::GetFlag(FLAGS_longest_metadata_value);
  limits.largest_metadata = absl::GetFlag(FLAGS_largest_metadata);
  limits.most_ids = absl::GetFlag(FLAGS_most_ids);
  if (limits.longest_name < kShortestLongestName ||
      limits.longest_secret < kShortestLongestSecret) {
    return absl::InvalidArgumentError(
        "--longest_name must be 64 or more, --longest_secret 128 or more");
  }
  if (limits.shortest_password == 0 || limits.shortest_password > limits.longest_secret) {
    return absl::InvalidArgumentError("--shortest_password must be between 1 and --longest_secret");
  }
  if (limits.most_ids == 0) return absl::InvalidArgumentError("--most_ids must be 1 or more");
  return limits;
}

// PostgreSQL reckons with it.
constexpr absl::Duration kLongestRetention = absl::Hours(100 * 365 * 24);

absl::Status CheckWork(const Options& options) {
  if (options.pool.connections == 0 || options.lanes.statement_threads == 0 ||
      options.lanes.list_threads == 0 || options.lanes.store_threads == 0 ||
      options.lanes.slow_threads == 0) {
    return absl::InvalidArgumentError("connections and threads must be 1 or more");
  }
  if (options.lanes.store_queue == 0 || options.lanes.slow_queue == 0) {
    return absl::InvalidArgumentError("--store_queue and --slow_queue must be 1 or more");
  }
  if (options.gate.longest_call <= absl::ZeroDuration() ||
      options.gate.longest_call > absl::Hours(24)) {
    return absl::InvalidArgumentError("--longest_call must be longer than 0s, and 24h at most");
  }
  if (options.audit_retention < absl::ZeroDuration() ||
      options.audit_retention > kLongestRetention) {
    return absl::InvalidArgumentError("--audit_retention must be between 0s and 876000h");
  }
  if (options.pool.statement_timeout < absl::Milliseconds(1) ||
      options.pool.statement_timeout > absl::Hours(24)) {
    return absl::InvalidArgumentError("--statement_timeout must be between 1ms and 24h");
  }
  return absl::OkStatus();
}

RunMode ReadMode() {
  if (absl::GetFlag(FLAGS_migrate)) return RunMode::kMigrate;
  if (absl::GetFlag(FLAGS_bootstrap)) return RunMode::kBootstrap;
  if (absl::GetFlag(FLAGS_sagas)) return RunMode::kSagas;
  return RunMode::kServe;
}

}  // namespace

absl::StatusOr<Options> ReadOptions(const std::string& service) {
  Options options;
  options.service = service;
  options.mode = ReadMode();
  options.log_level = absl::GetFlag(FLAGS_log_level);
  options.pool.url = absl::GetFlag(FLAGS_database);
  options.pool.connections = absl::GetFlag(FLAGS_database_connections);
  options.pool.statement_timeout = absl::GetFlag(FLAGS_statement_timeout);
  options.lanes = {absl::GetFlag(FLAGS_statement_threads), absl::GetFlag(FLAGS_store_threads),
                   absl::GetFlag(FLAGS_store_queue), absl::GetFlag(FLAGS_slow_threads),
                   absl::GetFlag(FLAGS_slow_queue)};
  options.lanes.list_threads = absl::GetFlag(FLAGS_list_threads);
  options.gate.operator_company = CompanyId(absl::GetFlag(FLAGS_operator_company));
  options.gate.longest_call = absl::GetFlag(FLAGS_longest_call);
  options.peers = {absl::GetFlag(FLAGS_auth_internal), absl::GetFlag(FLAGS_user_internal),
                   absl::GetFlag(FLAGS_company_internal), absl::GetFlag(FLAGS_room_internal),
                   absl::GetFlag(FLAGS_business_logic_internal)};
  options.token_cache = absl::GetFlag(FLAGS_token_cache);
  options.audit_retention = absl::GetFlag(FLAGS_audit_retention);
  ASSIGN_OR_RETURN(options.gate.trusted_proxies, ReadTrustedProxies());
  ASSIGN_OR_RETURN(options.limits, ReadLimits());
  if (options.pool.url.empty()) {
    return absl::InvalidArgumentError("--database is not set: where is this service's database?");
  }
  RETURN_IF_ERROR(CheckWork(options));
  if (!IsCompanySlug(options.gate.operator_company.value())) {
    return absl::InvalidArgumentError("--operator_company is not a company ID");
  }
  if (options.mode == RunMode::kServe) {
    ASSIGN_OR_RETURN(options.listen, ReadListen());
    options.listen.trusted_proxies = options.gate.trusted_proxies;
  }
  // Who bootstraps may have to ask another service.
  if (options.mode == RunMode::kServe ||
      (options.mode == RunMode::kBootstrap && !absl::GetFlag(FLAGS_internal_ca).empty())) {
    ASSIGN_OR_RETURN(options.internal_tls, ReadInternalTls());
  }
  return options;
}

}  // namespace usher::server
