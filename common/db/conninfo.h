// Where the database is and how to connect to it: what the operator's URL says, and what it leaves
// open.
#pragma once

#include <libpq-fe.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::db {

// As libpq's parameters of these names; all empty: wherever libpq looks by itself.
struct Host {
  std::string host;
  std::string hostaddr;
  std::string port;
};

// Parameters of libpq (PostgreSQL manual, 34.1.2). Where URL and environment say nothing:
//   connect_timeout        2 s for each address
//   tcp_user_timeout       5 s, after which unacknowledged data break the connection
//   keepalives_*           a silent host is noticed after 30 s
//   target_session_attrs   one host: primary, as nobody's rights are judged by what a standby still
//                          believes; several: read-write, which finds the primary among them
// A URL with `service` is left as it is.
class ConnInfo {
 public:
  // kInvalidArgument without a word of the URL, which may hold a password.
  static absl::StatusOr<ConnInfo> Parse(const std::string& url);

  // In the order in which they are to be tried.
  const std::vector<Host>& hosts() const { return hosts_; }
  // For each address; no end when the URL says 0.
  absl::Duration connect_timeout() const;
  // Empty when it is left to libpq.
  std::string Value(const std::string& parameter) const;

  // Begins to connect (PQconnectStartParams). The caller owns the answer, which may be null.
  PGconn* Start(const Host& host) const;

 private:
  std::map<std::string, std::string> values_;  // without those of Host
  std::vector<Host> hosts_;
};

}  // namespace usher::db
