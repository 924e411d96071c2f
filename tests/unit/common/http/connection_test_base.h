// What the tests of a connection of the JSON door stand on: one whose other side is the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/connection.h"
#include "tests/support/gate_server.h"
#include "tests/support/raw_http.h"

namespace usher::http {

inline constexpr char kPath[] = "/companyService/available";

// A connection whose other side is the test.
class FakeConnection final : public Connection {
 public:
  explicit FakeConnection(Exchange& exchange) : Connection(exchange, "ipv4:192.0.2.1:40000") {}

  // What the client sends; dropped while nobody reads.
  void Come(absl::string_view bytes) {
    if (!reading) return;
    reading = false;
    Received(bytes);
  }
  void End() {
    if (std::exchange(reading, false)) Ended();
  }
  void LetWrite() {
    holds = false;
    Written(true);
  }

  bool reading = false;
  bool holds = false;  // the client does not read
  bool shut = false;
  std::string written;

 private:
  void StartRead() override { reading = true; }
  void StartWrite(const Output& output) override {
    absl::StrAppend(&written, output.head, output.body);
    if (!holds) Written(true);
  }
  void ShutDownWriting() override { shut = true; }
  void CloseSocket() override { reading = false; }
};

// Calls of companyAvailable are answered at once, on this thread.
class ConnectionTestBase : public ::testing::Test {
 protected:
  explicit ConnectionTestBase(DoorOptions options = {})
      : exchange_(server_.gate(), std::move(options), [] {}),
        connection_(std::make_shared<FakeConnection>(exchange_)) {
    connection_->Begin();
  }

  // What is said to these bytes.
  std::string Said(absl::string_view bytes) {
    connection_->Come(bytes);
    exchange_.SendAnswers();
    return std::exchange(connection_->written, {});
  }
  std::string SaidTo(absl::string_view line, absl::string_view fields = "",
                     absl::string_view body = "") {
    return Said(absl::StrCat(line, " HTTP/1.1\r\nHost: h\r\n", fields, "\r\n", body));
  }
  bool IsReading() const { return connection_->reading; }

  rpc::GateServer server_;
  Exchange exchange_;
  std::shared_ptr<FakeConnection> connection_;
};

}  // namespace usher::http
