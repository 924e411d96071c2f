// gmock matchers for absl::Status, absl::StatusOr, reply codes and messages.
#pragma once

#include <common/replyInfo.pb.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/reply_error.h"

namespace absl {

// Found by googletest, which else prints bytes.
inline void PrintTo(const Status& status, std::ostream* out) { *out << status.ToString(); }
template <class T>
void PrintTo(const StatusOr<T>& result, std::ostream* out) {
  *out << result.status().ToString();
}

}  // namespace absl

namespace usher {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

inline std::string ReplyCodeName(const absl::Status& status) {
  const std::optional<ReplyCode> code = ReplyCodeOf(status);
  return code.has_value() ? ::common::ReplyStatusCode_Name(*code) : "no reply code";
}

MATCHER(IsOk, negation ? "is a failure" : "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// A canonical code, whatever the reply code is.
MATCHER_P(StatusIs, code,
          (negation ? "has not the code " : "has the code ") + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// A decided failure: HasReplyCode(::common::ROOM_NOT_FOUND).
MATCHER_P(HasReplyCode, code,
          (negation ? "has not the reply code " : "has the reply code ") +
              ::common::ReplyStatusCode_Name(code)) {
  *result_listener << ReplyCodeName(StatusOf(arg)) << " (" << StatusOf(arg).ToString() << ")";
  return ReplyCodeOf(StatusOf(arg)) == code;
}

// An undecided failure: a gRPC status other than OK, no reply code.
MATCHER_P(IsUndecided, code,
          (negation ? "is decided, or has not the code " : "is undecided with the code ") +
              absl::StatusCodeToString(code)) {
  *result_listener << ReplyCodeName(StatusOf(arg)) << " (" << StatusOf(arg).ToString() << ")";
  return StatusOf(arg).code() == code && !ReplyCodeOf(StatusOf(arg)).has_value();
}

MATCHER_P(IsOkAndHolds, inner,
          "is OK and holds a value that " +
              ::testing::DescribeMatcher<typename std::decay_t<arg_type>::value_type>(inner,
                                                                                      negation)) {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

// The same message: fields compared, maps without order.
MATCHER_P(EqualsProto, expected, negation ? "is another message" : "is the same message") {
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(expected, arg)) return true;
  *result_listener << difference;
  return false;
}

}  // namespace usher

#define EXPECT_OK(expression) EXPECT_THAT((expression), ::usher::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT((expression), ::usher::IsOk())
