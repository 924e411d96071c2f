// Makes HTTP/1.1 requests out of bytes. Knows no socket.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/http/refusal.h"
#include "common/http/request_head.h"

namespace usher::http {

// One request after the other. Boost.Beast reads them; what it takes and two servers in a row may
// take differently is refused here: lines that end in a bare LF, folded lines, lengths that are
// lists, codings other than "chunked", and, as by Beast, a length beside a coding (RFC 9112, 5.2,
// 6.1, 6.3 and 11.2).
class RequestReader {
 public:
  enum class State {
    kHead,      // wants more of the head
    kHeadDone,  // wants AcceptBody
    kBody,      // wants more of the body
    kComplete,  // wants TakeBody
    kFailed,    // and stays so: nobody can tell where the next request begins
  };

  static constexpr size_t kLargestHead = 16 * 1024;  // bytes

  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Takes bytes up to the next state that wants something else; what is left of them.
  absl::string_view Read(absl::string_view bytes);

  State state() const { return state_; }
  // Whether nothing of a request has come yet.
  bool IsBetweenRequests() const { return state_ == State::kHead && lines_.empty(); }
  // In kFailed.
  const Refusal& refusal() const { return refusal_; }
  // From kHeadDone on.
  const RequestHead& head() const { return head_; }
  // Nothing where it is chunked.
  std::optional<size_t> content_length() const { return content_length_; }
  bool ExpectsContinue() const { return expects_continue_; }

  // In kHeadDone: what of a body is taken. One that is longer, at once or later, fails with 413.
  void AcceptBody(size_t most_bytes);
  size_t body_size() const { return body_.size(); }
  // In kComplete: the head; then the body, with which it begins anew.
  RequestHead TakeHead() { return std::exchange(head_, {}); }
  std::string TakeBody();

 private:
  class Parser;

  absl::string_view ReadHead(absl::string_view bytes);
  // Takes one byte of the head; true when it is the last one.
  bool TakeOfHead(char byte);
  bool TakeLineEnd();
  void ParseHead();
  bool CheckFields();
  absl::string_view ReadBody(absl::string_view bytes);
  void Fail(int http_status, grpc::StatusCode code, std::string text);
  void FailAsMalformed(std::string text);

  State state_ = State::kHead;
  Refusal refusal_{};
  std::string lines_;      // of the head, so far
  size_t line_begin_ = 0;  // of its last one
  int empty_lines_ = 0;    // before it
  RequestHead head_;
  std::optional<size_t> content_length_;
  bool expects_continue_ = false;
  std::unique_ptr<Parser> parser_;
  std::string unread_;  // the beginning of a line between chunks
  std::string body_;
};

}  // namespace usher::http
