// What the tests of the JSON door stand on: one with real sockets.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/http/door.h"
#include "tests/support/gate_server.h"
#include "tests/support/raw_http.h"

namespace usher::http {

// A door with real sockets in front of the gate, beside gRPC's.
class DoorTestBase : public ::testing::Test {
 protected:
  static constexpr char kList[] = "/companyService/list";
  static constexpr char kCreate[] = "/companyService/create";
  static constexpr char kUpdate[] = "/companyService/update";
  static constexpr char kAvailable[] = "/companyService/available";

  void Start(DoorOptions options = {}) { server_.StartWithJson(std::move(options)); }
  std::string Address() { return server_.server().ports().back().address; }
  RawHttp Connect() { return RawHttp(Address()); }
  std::string Token() const { return absl::Base64Escape(server_.Token()); }

  // A call with a token, as one request.
  HttpAnswer Post(absl::string_view path, absl::string_view fields = "",
                  absl::string_view headers = "") {
    return Connect().Ask(HttpPost(
        path, absl::StrCat(R"({"accessInfo":{"accessToken":")", Token(), R"("})", fields, "}"),
        headers));
  }

  rpc::GateServer server_;
};

}  // namespace usher::http
