// A server that a test starts for itself, beside those of the house and on their databases.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/child_process.h"
#include "tests/support/house.h"

namespace usher {

// Listens on 127.0.0.1 and ports of its own. Throws std::runtime_error when it does not come up.
class OwnServer {
 public:
  struct Start {
    std::string service = "company";
    std::vector<std::string> flags;   // win over those of the house
    std::vector<std::string> before;  // a program that starts it: {"/usr/bin/prlimit", "--nofile=256"}
    bool await_serving = true;
    std::string log;  // where its output goes; empty: a file of its own
  };
  explicit OwnServer(Start start);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  ChildProcess& process() { return *process_; }
  // "public", "public with TLS", "internal": "127.0.0.1:41234".
  std::string Address(const std::string& port) const;
  std::string Log() const;
  // False when the text does not come to stand in the log in time.
  bool AwaitLog(const std::string& text) const;
  // A new connection to the public port, whatever others there are.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  // Of its own.
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::string log_;
  std::unique_ptr<ChildProcess> process_;
};

// What health says over the channel: true for SERVING within `patience`.
bool IsServing(const std::shared_ptr<grpc::Channel>& channel, absl::Duration patience);

}  // namespace usher
