#include "common/http/request_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace usher::http {
namespace request_reader_test {

using State = RequestReader::State;

constexpr char kHead[] = "POST /a HTTP/1.1\r\nHost: h\r\n";

// Reads all of it, `step` bytes at a time, and takes bodies of up to `most` bytes.
std::string ReadAll(RequestReader& reader, absl::string_view bytes, size_t step, size_t most) {
  std::string left;
  while (!bytes.empty()) {
    absl::string_view part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    while (!part.empty() && reader.state() != State::kFailed &&
           reader.state() != State::kComplete) {
      part = reader.Read(part);
      if (reader.state() == State::kHeadDone) reader.AcceptBody(most);
    }
    left.append(part.data(), part.size());
  }
  return left;
}

int RefusedWith(absl::string_view bytes, size_t most = 1000) {
  for (const size_t step : {bytes.size(), size_t{1}, size_t{7}}) {
    RequestReader reader;
    ReadAll(reader, bytes, step, most);
    EXPECT_EQ(reader.state(), State::kFailed) << bytes;
    if (reader.state() != State::kFailed) return 0;
    if (step == 7) return reader.refusal().http_status;
  }
  return 0;
}

std::string BodyOf(absl::string_view bytes) {
  std::vector<std::string> bodies;
  for (const size_t step : {bytes.size(), size_t{1}, size_t{2}, size_t{3}, size_t{5}}) {
    RequestReader reader;
    EXPECT_EQ(ReadAll(reader, bytes, step, 1000), "");
    EXPECT_EQ(reader.state(), State::kComplete) << bytes << " in steps of " << step;
    if (reader.state() != State::kComplete) return "";
    bodies.push_back(reader.TakeBody());
    EXPECT_EQ(bodies.back(), bodies.front());
  }
  return bodies.front();
}

TEST(RequestReaderTest, ABodyComesByItsLengthOrInChunks) {
  EXPECT_EQ(BodyOf(absl::StrCat(kHead, "Content-Length: 5\r\n\r\nhello")), "hello");
  EXPECT_EQ(BodyOf(absl::StrCat(kHead, "Content-Length: 0\r\n\r\n")), "");
  EXPECT_EQ(BodyOf(absl::StrCat(kHead, "\r\n")), "");
  EXPECT_EQ(BodyOf(absl::StrCat(
                kHead, "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n")),
            "hello");
  EXPECT_EQ(BodyOf(absl::StrCat(kHead, "transfer-encoding: Chunked\r\n\r\n0\r\n\r\n")), "");
  EXPECT_EQ(BodyOf(absl::StrCat(
                kHead, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n")),
            "hello");
}

TEST(RequestReaderTest, WhatFollowsARequestIsLeft) {
  RequestReader reader;
  const std::string two = absl::StrCat(kHead, "Content-Length: 2\r\n\r\nabGET /b");
  EXPECT_EQ(ReadAll(reader, two, two.size(), 10), "GET /b");
  EXPECT_EQ(reader.TakeHead().Path(), "/a");
  EXPECT_EQ(reader.TakeBody(), "ab");
  EXPECT_TRUE(reader.IsBetweenRequests());
  RequestReader chunked;
  const std::string in_chunks =
      absl::StrCat(kHead, "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nGET /b");
  EXPECT_EQ(ReadAll(chunked, in_chunks, in_chunks.size(), 10), "GET /b");
}

TEST(RequestReaderTest, AHeadIsKnownByItsNamesInAnyCase) {
  RequestReader reader;
  const std::string head = absl::StrCat(
      "\r\nPOST http://h/a?b=c HTTP/1.1\r\nHOST: h\r\nX-a:  1 \r\nx-A: 2\r\nx-ab: 3\r\n\r\n");
  reader.Read(head);
  ASSERT_EQ(reader.state(), State::kHeadDone);
  EXPECT_EQ(reader.head().method(), "POST");
  EXPECT_EQ(reader.head().Path(), "/a");
  EXPECT_EQ(reader.head().Find("x-a"), "1");
  EXPECT_EQ(reader.head().Join("x-a"), "1,2");
  EXPECT_EQ(reader.head().Count("x-a"), 2);
  EXPECT_FALSE(reader.head().Find("x").has_value());
}

TEST(RequestReaderTest, TrailersBecomeNoFields) {
  RequestReader reader;
  const std::string request = absl::StrCat(
      kHead, "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");
  ReadAll(reader, request, request.size(), 10);
  ASSERT_EQ(reader.state(), State::kComplete);
  EXPECT_FALSE(reader.head().Find("x-forwarded-for").has_value());
}

TEST(RequestReaderTest, WhatTwoServersMayTakeDifferentlyIsRefused) {
  for (const char* fields : {
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length:\r\n",
           "Content-Length: 99999999999999999999999\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked, chunked\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: \"chunked\"\r\n",
           "Transfer-Encoding:\r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding\t: chunked\r\n",
           "Transfer-Encoding: \x0b"
           "chunked\r\n",
           "Content-Length : 5\r\n",
           "X: a\r\n b\r\n",
           "X: a\r\n\tContent-Length: 5\r\n",
           " X: a\r\n",
           "X: a\n",
           "X: a\r",
           "X: a\rContent-Length: 5\r\n",
           "X: a\x01\r\n",
           "X\x80: a\r\n",
           "X\r\n",
           ": a\r\n",
           "Host: other\r\n",
       }) {
    EXPECT_EQ(RefusedWith(absl::StrCat(kHead, fields, "\r\nhello")), 400) << fields;
  }
}

TEST(RequestReaderTest, ChunksThatAreMalformedAreRefused) {
  for (const char* chunks :
       {"x\r\nhello\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "-1\r\n\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhello\r\n", "5\r\nhello\r\r0\r\n\r\n",
        "0\r\nContent-Length: 3\r\n\r\n", "0\r\nbroken\r\n\r\n"}) {
    EXPECT_EQ(RefusedWith(absl::StrCat(kHead, "Transfer-Encoding: chunked\r\n\r\n", chunks)), 400)
        << chunks;
  }
  EXPECT_EQ(RefusedWith(absl::StrCat(kHead, "Transfer-Encoding: chunked\r\n\r\n5;",
                                     std::string(5000, 'x'))),
            400);
}

TEST(RequestReaderTest, FirstLinesThatAreMalformedAreRefused) {
  for (const char* line :
       {"POST\r\n", "POST /a\r\n", "POST  /a HTTP/1.1\r\n", "POST /a HTTP/1.1 \r\n",
        "POST /a\tHTTP/1.1\r\n", "P()ST /a HTTP/1.1\r\n", "POST /a HTTQ/1.1\r\n",
        " POST /a HTTP/1.1\r\n", "\x16\x03\x01\x02", "{\"a\":1}\n"}) {
    const int status = RefusedWith(absl::StrCat(line, "Host: h\r\n\r\n"));
    EXPECT_TRUE(status == 400 || status == 505) << line << status;
  }
  EXPECT_EQ(RefusedWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(RefusedWith("POST /a HTTP/1.1\r\n\r\n"), 400);  // no Host
}

TEST(RequestReaderTest, HeadsAndBodiesAreBounded) {
  EXPECT_EQ(RefusedWith(absl::StrCat(kHead, "X: ", std::string(RequestReader::kLargestHead, 'x'),
                                     "\r\n\r\n")),
            431);
  EXPECT_EQ(RefusedWith(absl::StrCat("GET /", std::string(RequestReader::kLargestHead, 'x'))), 431);
  EXPECT_EQ(RefusedWith(absl::StrCat(kHead, "Content-Length: 6\r\n\r\n"), 5), 413);
  EXPECT_EQ(
      RefusedWith(absl::StrCat(kHead, "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n"),
                  5),
      413);
  EXPECT_EQ(RefusedWith(std::string(20, '\r') + std::string(20, '\n')), 400);
  EXPECT_EQ(RefusedWith("\r\n\r\n\r\n\r\n\r\n\r\n\r\n"), 400);
}

TEST(RequestReaderTest, AnExpectationIsSeen) {
  RequestReader reader;
  const std::string head = absl::StrCat(kHead, "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n");
  reader.Read(head);
  ASSERT_EQ(reader.state(), State::kHeadDone);
  EXPECT_TRUE(reader.ExpectsContinue());
  EXPECT_EQ(RefusedWith(absl::StrCat(kHead, "Expect: something\r\n\r\n")), 417);
}

}  // namespace request_reader_test
}  // namespace usher::http
