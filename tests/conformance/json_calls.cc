#include "tests/conformance/json_calls.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::Struct;
using ::google::protobuf::util::JsonStringToMessage;
using ::google::protobuf::util::MessageToJsonString;

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // by name in lower case
  std::string body;
};

// A connection to a Unix socket; everything that it is answered until the other side ends it.
std::string Exchange(const std::string& socket_path, const std::string& request) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(name.sun_path)) throw std::runtime_error("a long path");
  socket_path.copy(name.sun_path, socket_path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0 &&
      send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[65536];
    for (ssize_t got = 0; (got = recv(descriptor, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(got));
    }
  }
  close(descriptor);
  return answer;
}

HttpAnswer Read(const std::string& bytes) {
  const size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) throw std::runtime_error("no answer: " + bytes);
  const std::vector<std::string> lines = absl::StrSplit(bytes.substr(0, end), "\r\n");
  HttpAnswer answer;
  if (lines[0].size() < 12 || !absl::SimpleAtoi(lines[0].substr(9, 3), &answer.status)) {
    throw std::runtime_error("no answer: " + lines[0]);
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> header =
        absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
    answer.headers[absl::AsciiStrToLower(header.first)] =
        std::string(absl::StripAsciiWhitespace(header.second));
  }
  answer.body = bytes.substr(end + 4);
  if (answer.headers["content-length"] != absl::StrCat(answer.body.size()) ||
      answer.headers["content-type"] != "application/json") {
    throw std::runtime_error("an answer that is not as it says: " + bytes);
  }
  return answer;
}

grpc::Status StatusOf(const HttpAnswer& answer) {
  Struct error;
  if (!JsonStringToMessage(answer.body, &error).ok() || error.fields().count("code") == 0 ||
      error.fields().at("error").string_value() != error.fields().at("message").string_value()) {
    throw std::runtime_error("an error of another form: " + answer.body);
  }
  return {static_cast<grpc::StatusCode>(error.fields().at("code").number_value()),
          error.fields().at("message").string_value()};
}

}  // namespace

bool HasJsonPath(const MethodDescriptor& method) {
  return method.options().HasExtension(::google::api::http);
}

Answer CallByJson(House& house, const MethodDescriptor& method, const Message& request) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string body;
  if (!MessageToJsonString(request, &body, options).ok()) throw std::runtime_error("no JSON");
  const std::string address = house.Socket(ServerOf(method), "json");
  const std::string bytes =
      Exchange(std::string(absl::StripPrefix(address, "unix:")),
               absl::StrCat("POST ", method.options().GetExtension(::google::api::http).post(),
                            " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
                            "Content-Type: application/json\r\nContent-Length: ", body.size(),
                            "\r\n\r\n", body));
  const HttpAnswer http = Read(bytes);
  Answer answer;
  answer.reply = ReplyOf(method);
  if (http.status != 200) {
    answer.status = StatusOf(http);
    return answer;
  }
  if (!JsonStringToMessage(http.body, answer.reply.get()).ok()) {
    throw std::runtime_error(method.full_name() + " answered something else: " + http.body);
  }
  answer.info = ReplyInfoOf(*answer.reply);
  if (http.headers.count("x-request-id") == 0 ||
      http.headers.at("x-request-id") != answer.info.requestid()) {
    throw std::runtime_error("no x-request-id: " + bytes);
  }
  return answer;
}

}  // namespace usher
