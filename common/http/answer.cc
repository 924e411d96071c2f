#include "common/http/answer.h"

#include <time.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/http/json_writer.h"

namespace usher::http {
namespace {

constexpr absl::string_view kAllowed = "POST, OPTIONS";

absl::string_view Reason(int http_status) {
  switch (http_status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

// Of the second (RFC 9110, 5.6.7).
const std::string& Date() {
  thread_local time_t written = 0;
  thread_local std::string date;
  const time_t now = time(nullptr);
  if (now != written) {
    tm parts = {};
    gmtime_r(&now, &parts);
    char text[64] = "";
    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date = text;
    written = now;
  }
  return date;
}

// What is not visible ASCII as "%C3%A4": a request ID may have any printable character.
std::string AsHeaderValue(absl::string_view text) {
  std::string value;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isgraph(byte) || (c == ' ' && !value.empty())) {
      value.push_back(c);
    } else {
      absl::StrAppend(&value, "%",
                      absl::AsciiStrToUpper(absl::StrCat(absl::Hex(byte, absl::kZeroPad2))));
    }
  }
  return value;
}

Answer Begin(const Manner& manner, int http_status, absl::string_view request_id) {
  Answer answer;
  answer.close = manner.close;
  answer.head = absl::StrCat("HTTP/1.1 ", http_status, " ", Reason(http_status),
                             "\r\ndate: ", Date(), "\r\n");
  if (!request_id.empty()) {
    absl::StrAppend(&answer.head, "x-request-id: ", AsHeaderValue(request_id), "\r\n");
  }
  if (!manner.origin.empty()) {
    absl::StrAppend(&answer.head, "access-control-allow-origin: ", manner.origin,
                    "\r\naccess-control-expose-headers: x-request-id\r\nvary: origin\r\n");
  }
  if (manner.close) answer.head.append("connection: close\r\n");
  return answer;
}

// Tokens are in it: nobody in between keeps it.
void AddBody(const Manner& manner, std::string json, Answer* answer) {
  absl::StrAppend(&answer->head,
                  "content-type: application/json\r\ncache-control: no-store\r\n"
                  "x-content-type-options: nosniff\r\ncontent-length: ",
                  json.size(), "\r\n\r\n");
  if (!manner.without_body) answer->body = std::move(json);
}

}  // namespace

Answer DecidedAnswer(const Manner& manner, absl::string_view request_id, std::string json) {
  Answer answer = Begin(manner, 200, request_id);
  AddBody(manner, std::move(json), &answer);
  return answer;
}

Refusal RefusalOf(const rpc::Outcome& outcome) {
  const grpc::StatusCode code = outcome.grpc_status.error_code();
  const std::string& text = outcome.grpc_status.error_message();
  switch (code) {
    case grpc::INVALID_ARGUMENT:
      return {400, code, text};
    case grpc::NOT_FOUND:
      return {404, code, text};
    case grpc::RESOURCE_EXHAUSTED:
      return {429, code, text};
    case grpc::UNAVAILABLE:
      return {503, code, text};
    case grpc::DEADLINE_EXCEEDED:
      return {504, code, text};
    case grpc::UNIMPLEMENTED:
      return {501, code, text};
    default:
      return {500, grpc::INTERNAL, text};
  }
}

Answer RefusedAnswer(const Manner& manner, absl::string_view request_id, const Refusal& refusal) {
  Answer answer = Begin(manner, refusal.http_status, request_id);
  if (refusal.http_status == 405) absl::StrAppend(&answer.head, "allow: ", kAllowed, "\r\n");
  std::string json = "{\"error\":";
  WriteJsonString(refusal.text, &json);
  absl::StrAppend(&json, ",\"code\":", static_cast<int>(refusal.code), ",\"message\":");
  WriteJsonString(refusal.text, &json);
  json.push_back('}');
  AddBody(manner, std::move(json), &answer);
  return answer;
}

Answer OptionsAnswer(const Manner& manner) {
  Answer answer = Begin(manner, 204, "");
  absl::StrAppend(&answer.head, "allow: ", kAllowed, "\r\n");
  if (!manner.origin.empty()) {
    answer.head.append(
        "access-control-allow-methods: POST\r\naccess-control-allow-headers: authorization, "
        "content-type, grpc-timeout, idempotency-key, traceparent\r\n"
        "access-control-max-age: 7200\r\n");
  }
  answer.head.append("\r\n");
  return answer;
}

}  // namespace usher::http
