#include "common/http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/secret.h"

namespace usher::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::error_code;

// A line between chunks: a length, and extensions that nobody uses; or trailers, which are dropped.
constexpr size_t kLongestChunkLine = 4 * 1024;
// "0", and twice CRLF: with fewer bytes no body in chunks ends, and Beast 1.74 asserts that it is
// not asked about them.
constexpr size_t kShortestChunk = 5;
// Before a request (RFC 9112, 2.2).
constexpr int kMostEmptyLines = 4;

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// What it grows out of may have been a password.
void AppendWiping(absl::string_view bytes, std::string* text) {
  if (text->size() + bytes.size() > text->capacity()) {
    std::string larger;
    larger.reserve(std::max(2 * text->capacity(), text->size() + bytes.size()));
    larger.append(*text);
    WipeText(*text);
    *text = std::move(larger);
  }
  text->append(bytes.data(), bytes.size());
}

}  // namespace

// What Beast sees of one request. Of the fields it is asked for nothing but whether they are
// well-formed: trailers come as fields too, and must not become any.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(std::string* body) : body_(body) {
    header_limit(static_cast<std::uint32_t>(kLargestHead + 1));
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  std::string method;
  std::string target;
  int version = 0;

 private:
  using View = beast::string_view;

  void on_request_impl(beast::http::verb /*verb*/, View method_text, View target_text,
                       int version_number, BeastError& /*error*/) override {
    method = std::string(method_text.data(), method_text.size());
    target = std::string(target_text.data(), target_text.size());
    version = version_number;
  }
  void on_response_impl(int, View, int, BeastError&) override {}
  void on_field_impl(beast::http::field, View, View, BeastError&) override {}
  void on_header_impl(BeastError&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, BeastError&) override {
    if (length.has_value()) body_->reserve(static_cast<size_t>(*length));
  }
  std::size_t on_body_impl(View bytes, BeastError&) override { return Append(bytes); }
  void on_chunk_header_impl(std::uint64_t, View, BeastError&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, BeastError&) override {
    return Append(bytes);
  }
  void on_finish_impl(BeastError&) override {}

  std::size_t Append(View bytes) {
    AppendWiping(absl::string_view(bytes.data(), bytes.size()), body_);
    return bytes.size();
  }

  std::string* const body_;
};

RequestReader::RequestReader() = default;
RequestReader::~RequestReader() { WipeText(body_); }

absl::string_view RequestReader::Read(absl::string_view bytes) {
  if (state_ == State::kHead) return ReadHead(bytes);
  if (state_ == State::kBody) return ReadBody(bytes);
  return bytes;
}

absl::string_view RequestReader::ReadHead(absl::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool last = TakeOfHead(bytes[i]);
    if (state_ == State::kFailed) return {};
    if (!last) continue;
    ParseHead();
    return bytes.substr(i + 1);
  }
  return {};
}

bool RequestReader::TakeOfHead(char byte) {
  if (byte == '\n') return TakeLineEnd();
  if (lines_.size() > line_begin_ && lines_.back() == '\r') {
    FailAsMalformed("a line of the head has a bare CR");
  } else if (byte != '\r' && IsControl(byte)) {
    FailAsMalformed("the head has a control character");
  } else if (lines_.size() == line_begin_ && line_begin_ > 0 && (byte == ' ' || byte == '\t')) {
    FailAsMalformed("a header field is folded");
  } else if (lines_.size() >= kLargestHead) {
    Fail(431, grpc::RESOURCE_EXHAUSTED,
         absl::StrCat("the head of a request has at most ", kLargestHead, " bytes"));
  } else {
    lines_.push_back(byte);
  }
  return false;
}

bool RequestReader::TakeLineEnd() {
  if (lines_.size() == line_begin_ || lines_.back() != '\r') {
    FailAsMalformed("a line of the head ends in a bare LF");
    return false;
  }
  if (lines_.size() == 1) {  // nothing but the CR: an empty line before the request
    lines_.clear();
    if (++empty_lines_ > kMostEmptyLines) FailAsMalformed("no request");
    return false;
  }
  const bool empty = lines_.size() == line_begin_ + 1;
  lines_.push_back('\n');
  line_begin_ = lines_.size();
  return empty;
}

void RequestReader::ParseHead() {
  parser_ = std::make_unique<Parser>(&body_);
  BeastError error;
  const size_t used = parser_->put(boost::asio::const_buffer(lines_.data(), lines_.size()), error);
  if (error == beast::http::error::bad_version) {
    return Fail(505, grpc::INVALID_ARGUMENT, "this port speaks HTTP/1.1");
  }
  if (error || used != lines_.size() || !parser_->is_header_done()) {
    return FailAsMalformed("the head is malformed");
  }
  const size_t first_end = lines_.find("\r\n") + 2;
  head_ = RequestHead(std::move(parser_->method), std::move(parser_->target), parser_->version,
                      lines_.substr(first_end, lines_.size() - 2 - first_end));
  lines_.clear();
  line_begin_ = 0;
  empty_lines_ = 0;
  if (CheckFields()) state_ = State::kHeadDone;
}

bool RequestReader::CheckFields() {
  const int hosts = head_.Count("host");
  const int lengths = head_.Count("content-length");
  const int codings = head_.Count("transfer-encoding");
  if (hosts > 1 || (hosts == 0 && head_.version() >= 11)) {
    FailAsMalformed("a request has one field Host");
  } else if (lengths > 1 || (lengths == 1 && !IsNumber(*head_.Find("content-length")))) {
    FailAsMalformed("Content-Length is one number");
  } else if (codings > 0 && lengths > 0) {
    FailAsMalformed("Content-Length stands beside Transfer-Encoding");
  } else if (codings > 1 ||
             (codings == 1 &&
              !absl::EqualsIgnoreCase(*head_.Find("transfer-encoding"), "chunked")) ||
             (codings == 1 && head_.version() < 11) || parser_->chunked() != (codings == 1)) {
    FailAsMalformed("Transfer-Encoding is chunked, and nothing else");
  } else if (head_.Count("expect") > 0 &&
             !absl::EqualsIgnoreCase(head_.Join("expect"), "100-continue")) {
    Fail(417, grpc::INVALID_ARGUMENT, "Expect is 100-continue, and nothing else");
  } else {
    expects_continue_ = head_.Count("expect") > 0 && head_.version() >= 11;
    content_length_ = std::nullopt;
    uint64_t length = 0;
    if (codings == 0) {
      if (lengths == 1 && !absl::SimpleAtoi(*head_.Find("content-length"), &length)) {
        FailAsMalformed("Content-Length is too large a number");
        return false;
      }
      content_length_ = static_cast<size_t>(length);
    }
    return true;
  }
  return false;
}

void RequestReader::AcceptBody(size_t most_bytes) {
  parser_->body_limit(most_bytes);
  if (content_length_.has_value() && *content_length_ > most_bytes) {
    return Fail(413, grpc::RESOURCE_EXHAUSTED,
                absl::StrCat("the body of this request has at most ", most_bytes, " bytes"));
  }
  state_ = parser_->is_done() ? State::kComplete : State::kBody;
}

absl::string_view RequestReader::ReadBody(absl::string_view bytes) {
  absl::string_view input = bytes;
  if (!unread_.empty()) {
    unread_.append(bytes.data(), bytes.size());
    input = unread_;
  }
  const size_t fewest = content_length_.has_value() ? 1 : kShortestChunk;
  while (input.size() >= fewest && !parser_->is_done()) {
    BeastError error;
    const size_t used = parser_->put(boost::asio::const_buffer(input.data(), input.size()), error);
    input.remove_prefix(used);
    if (error == beast::http::error::need_more) break;
    if (error == beast::http::error::body_limit) {
      Fail(413, grpc::RESOURCE_EXHAUSTED, "the body is larger than it may be in this request");
      return {};
    }
    if (error) {
      FailAsMalformed("the chunks of the body are malformed");
      return {};
    }
  }
  // What is left over was not there before: a request never ends in what was kept.
  if (parser_->is_done()) {
    state_ = State::kComplete;
    const absl::string_view left = bytes.substr(bytes.size() - input.size());
    unread_.clear();
    return left;
  }
  if (input.size() > kLongestChunkLine) {
    FailAsMalformed("a line between chunks is too long");
    return {};
  }
  unread_ = std::string(input);
  return {};
}

std::string RequestReader::TakeBody() {
  state_ = State::kHead;
  parser_.reset();
  return std::exchange(body_, {});
}

void RequestReader::Fail(int http_status, grpc::StatusCode code, std::string text) {
  state_ = State::kFailed;
  refusal_ = {http_status, code, std::move(text)};
}

void RequestReader::FailAsMalformed(std::string text) {
  Fail(400, grpc::INVALID_ARGUMENT, std::move(text));
}

}  // namespace usher::http
