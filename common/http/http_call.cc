#include "common/http/http_call.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/secret.h"
#include "common/http/connection.h"
#include "common/http/json_reader.h"
#include "common/http/json_writer.h"

namespace usher::http {
namespace {

constexpr size_t kMostTimeoutDigits = 8;

absl::Duration TimeoutUnit(char unit) {
  switch (unit) {
    case 'H':
      return absl::Hours(1);
    case 'M':
      return absl::Minutes(1);
    case 'S':
      return absl::Seconds(1);
    case 'm':
      return absl::Milliseconds(1);
    case 'u':
      return absl::Microseconds(1);
    case 'n':
      return absl::Nanoseconds(1);
    default:
      return absl::ZeroDuration();
  }
}

}  // namespace

absl::StatusOr<absl::Time> DeadlineOf(const RequestHead& head, absl::Time now) {
  const auto value = head.Find("grpc-timeout");
  if (!value.has_value()) return absl::InfiniteFuture();
  uint32_t number = 0;
  const absl::string_view digits = value->substr(0, value->empty() ? 0 : value->size() - 1);
  const absl::Duration unit = value->empty() ? absl::ZeroDuration() : TimeoutUnit(value->back());
  if (unit == absl::ZeroDuration() || digits.size() > kMostTimeoutDigits ||
      digits.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(digits, &number)) {
    return absl::InvalidArgumentError(
        "grpc-timeout is a number of up to 8 digits and one of H, M, S, m, u, n: 500m");
  }
  return now + number * unit;
}

HttpCall::HttpCall(Exchange& exchange, std::shared_ptr<Connection> connection,
                   const rpc::Method& method, HttpRequest request)
    : exchange_(exchange),
      connection_(std::move(connection)),
      method_(method),
      request_(std::move(request)) {
  ++exchange_.counters.calls;
  ++exchange_.counters.requests;
  if (method_.IsSlow()) cancelled_ = std::make_shared<std::atomic<bool>>(false);
}

HttpCall::~HttpCall() {
  WipeText(request_.body);
  WipeText(json_);
  // What is the door's goes back before the count goes down: the door waits for that, and for no
  // more.
  connection_.reset();
  request_.body_bytes.reset();
  --exchange_.counters.calls;
}

bool HttpCall::Note(const absl::Status& read) {
  if (!read.ok()) {
    malformed_ = {400, grpc::INVALID_ARGUMENT, std::string(read.message())};
  }
  return read.ok();
}

bool HttpCall::ReadAccessInfo(int number, ::common::AccessInfo* access) {
  const auto& field = *method_.descriptor.input_type()->FindFieldByNumber(number);
  if (!Note(ReadJsonField(request_.body, field, access))) return false;
  TakeBearer(access);
  return true;
}

bool HttpCall::ReadRequest(google::protobuf::Message* request) {
  const bool read = Note(ReadJson(request_.body, request));
  WipeText(request_.body);
  request_.body_bytes.reset();
  if (read && request_.head.Find("authorization").has_value()) {
    TakeBearer(method_.access_info(*request));
  }
  return read;
}

void HttpCall::TakeBearer(::common::AccessInfo* access) const {
  if (access == nullptr || !access->accesstoken().empty()) return;
  const auto header = request_.head.Find("authorization");
  if (!header.has_value() || !absl::StartsWithIgnoreCase(*header, "bearer ")) return;
  const std::string text =
      absl::StrReplaceAll(absl::StripAsciiWhitespace(header->substr(7)), {{"-", "+"}, {"_", "/"}});
  std::string token;
  // What is no base64 is no token either, and the gate will say so.
  access->set_accesstoken(absl::Base64Unescape(text, &token) ? token : text);
}

size_t HttpCall::HeldBy(const google::protobuf::Message& reply, size_t /*size*/) {
  WriteJson(reply, &json_);
  return json_.capacity();
}

void HttpCall::Answer(const rpc::Outcome& outcome, const google::protobuf::Message& reply,
                      absl::Time until, std::shared_ptr<void> kept) {
  Manner manner = std::move(request_.manner);
  manner.close |= exchange_.draining.load();
  http::Answer answer;
  if (malformed_.has_value()) {
    answer = RefusedAnswer(manner, request_id_, *malformed_);
  } else if (outcome.decided) {
    if (json_.empty()) WriteJson(reply, &json_);
    answer = DecidedAnswer(manner, request_id_, std::move(json_));
  } else {
    answer = RefusedAnswer(manner, request_id_, RefusalOf(outcome));
  }
  answer.until = until;
  answer.kept = std::move(kept);
  exchange_.AnswerSoon(std::move(connection_), std::move(answer));
  delete this;
}

}  // namespace usher::http
