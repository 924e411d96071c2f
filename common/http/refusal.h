// What a request is answered that never became a call, or was not decided.
#pragma once

#include <grpcpp/support/status_code_enum.h>

#include <string>

namespace usher::http {

struct Refusal {
  int http_status;
  grpc::StatusCode code;
  std::string text;  // may be shown; says nothing that the client has not sent
};

}  // namespace usher::http
