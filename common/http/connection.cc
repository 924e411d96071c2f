#include "common/http/connection.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/secret.h"
#include "common/http/http_call.h"
#include "common/rpc/call/longest_event.h"

namespace usher::http {
namespace {

// From the connection to its first request.
constexpr absl::Duration kLongestSilence = absl::Seconds(10);
// A client may take this long to read an answer at least, however short its deadline was.
constexpr absl::Duration kShortestWrite = absl::Seconds(1);
constexpr absl::Duration kLongestRefusal = absl::Seconds(5);
// Bodies up to this are not counted while they come in, and are read to the end where they are not
// wanted; in bytes.
constexpr size_t kSmallBody = 16 * 1024;
// What may come behind a request that is worked on before reading stops.
constexpr size_t kMostWaiting = 16 * 1024;
// What a client may still send that has been told the end.
constexpr size_t kMostDropped = 8 * 1024 * 1024;

// "application/json; charset=utf-8".
bool IsJson(absl::string_view content_type) {
  const size_t end = std::min(content_type.find(';'), content_type.size());
  if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(content_type.substr(0, end)),
                              "application/json")) {
    return false;
  }
  absl::string_view parameter =
      absl::StripAsciiWhitespace(content_type.substr(std::min(end + 1, content_type.size())));
  if (!absl::StartsWithIgnoreCase(parameter, "charset=")) return true;
  parameter.remove_prefix(8);
  absl::ConsumePrefix(&parameter, "\"");
  absl::ConsumeSuffix(&parameter, "\"");
  return absl::EqualsIgnoreCase(parameter, "utf-8") || absl::EqualsIgnoreCase(parameter, "utf8") ||
         absl::EqualsIgnoreCase(parameter, "us-ascii");
}

// A tenth more or less, so that clients do not all come back at once.
absl::Duration Spread(absl::Duration age) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return age * std::uniform_real_distribution<double>(0.9, 1.1)(random);
}

}  // namespace

Connection::Connection(Exchange& exchange, std::string peer)
    : exchange_(exchange),
      peer_(std::move(peer)),
      born_(absl::Now()),
      age_(Spread(exchange.options.connection_age)) {
  ++exchange_.counters.connections;
}

Connection::~Connection() {
  WipeText(waiting_);
  --exchange_.counters.connections;
}

void Connection::Begin() {
  Enter(Phase::kIdle, kLongestSilence);
  Read();
}

void Connection::Enter(Phase phase, absl::Duration longest) {
  phase_ = phase;
  until_ = absl::Now() + longest;
}

void Connection::Read() {
  if (reading_ || ended_ || phase_ == Phase::kClosed) return;
  reading_ = true;
  StartRead();
}

void Connection::Received(absl::string_view bytes) {
  const rpc::PollerEvent event;
  reading_ = false;
  exchange_.counters.received += bytes.size();
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody:
      return Take(bytes);
    case Phase::kContinue:
    case Phase::kCalling:
    case Phase::kWriting:
      waiting_.append(bytes.data(), bytes.size());
      if (cancelled_ != nullptr && waiting_.size() < kMostWaiting) Read();
      return;
    case Phase::kFarewell:
      dropped_ += bytes.size();
      if (dropped_ > kMostDropped) return Close();
      return Read();
    case Phase::kClosed:
      return;
  }
}

void Connection::Ended() {
  reading_ = false;
  ended_ = true;
  switch (phase_) {
    case Phase::kCalling:
      if (cancelled_ != nullptr) cancelled_->store(true);
      return;
    case Phase::kContinue:
    case Phase::kWriting:
    case Phase::kClosed:
      return;
    default:
      Close();
  }
}

void Connection::Take(absl::string_view bytes) {
  while (true) {
    if (phase_ == Phase::kIdle && !bytes.empty()) {
      Enter(Phase::kHead, exchange_.options.longest_head);
    }
    bytes = reader_.Read(bytes);
    switch (reader_.state()) {
      case RequestReader::State::kHead:
        return Read();
      case RequestReader::State::kHeadDone:
        if (!JudgeHead()) return;
        if (reader_.state() != RequestReader::State::kBody || !reader_.ExpectsContinue()) break;
        waiting_ = std::string(bytes);
        return AskForBody();
      case RequestReader::State::kBody:
        if (!FitBody()) return;
        return Read();
      case RequestReader::State::kComplete:
        waiting_ = std::string(bytes);
        return Call();
      case RequestReader::State::kFailed:
        return Refuse(reader_.refusal(), /*close=*/true);
    }
  }
}

Manner Connection::MannerOf(const RequestHead& head) const {
  Manner manner;
  manner.close = !head.KeepsAlive() || absl::Now() - born_ > age_ || exchange_.draining.load();
  manner.without_body = head.method() == "HEAD";
  const absl::string_view origin = head.Find("origin").value_or("");
  if (exchange_.options.origins.Allow(origin)) manner.origin = std::string(origin);
  return manner;
}

std::optional<Refusal> Connection::FindMethod(absl::Time now) {
  const RequestHead& head = reader_.head();
  method_ = exchange_.routes.Find(head.Path());
  is_options_ = method_ != nullptr && head.method() == "OPTIONS";
  if (method_ == nullptr) {
    return Refusal{404, grpc::NOT_FOUND, "there is no call at this path"};
  }
  if (is_options_) return std::nullopt;
  if (head.method() != "POST") {
    return Refusal{405, grpc::UNIMPLEMENTED, "calls are made by POST"};
  }
  const auto content_type = head.Find("content-type");
  if (content_type.has_value() && !IsJson(*content_type)) {
    return Refusal{415, grpc::INVALID_ARGUMENT, "the body of a call is application/json in UTF-8"};
  }
  if (head.Count("content-encoding") > 0 &&
      !absl::EqualsIgnoreCase(head.Join("content-encoding"), "identity")) {
    return Refusal{415, grpc::INVALID_ARGUMENT, "the body of a call is not compressed"};
  }
  const auto deadline = DeadlineOf(head, now);
  if (!deadline.ok()) {
    return Refusal{400, grpc::INVALID_ARGUMENT, std::string(deadline.status().message())};
  }
  deadline_ = *deadline;
  if (exchange_.draining.load()) {
    return Refusal{503, grpc::UNAVAILABLE, "the server stops; nothing was changed, try again"};
  }
  return std::nullopt;
}

bool Connection::JudgeHead() {
  const absl::Time now = absl::Now();
  refusal_ = FindMethod(now);
  const bool wanted = !refusal_.has_value() && !is_options_;
  // An answer now would be the client's last: a body that nobody wants is read if it is small.
  if (refusal_.has_value() && reader_.ExpectsContinue()) {
    Refuse(*refusal_, /*close=*/true);
    return false;
  }
  reader_.AcceptBody(wanted ? method_->spec.largest_request : kSmallBody);
  if (reader_.state() == RequestReader::State::kFailed && refusal_.has_value()) {
    Refuse(*refusal_, /*close=*/true);
    return false;
  }
  Enter(Phase::kBody, exchange_.options.longest_body);
  if (reader_.state() != RequestReader::State::kBody) return true;
  return FitBody();
}

void Connection::AskForBody() {
  Enter(Phase::kContinue, kLongestRefusal);
  output_ = {};
  output_.head = std::string(kContinue);
  StartWrite({output_.head, output_.body});
}

bool Connection::FitBody() {
  const size_t size = std::max(reader_.body_size(), reader_.content_length().value_or(0));
  if (size <= kSmallBody || size <= body_share_) return true;
  // A body in chunks grows: it is counted in steps. All are strangers yet: nobody is left room for.
  body_share_ = reader_.content_length().has_value() ? size : 2 * size;
  body_bytes_.reset();
  body_bytes_ =
      exchange_.body_bytes.TryTake(rpc::Source::Of(peer_, reader_.head().Join("x-forwarded-for"),
                                                   exchange_.options.trusted_proxies)
                                       .key(),
                                   body_share_, rpc::Standing::kKnown);
  if (body_bytes_ != nullptr) return true;
  Refuse({429, grpc::RESOURCE_EXHAUSTED,
          "the memory for requests that are on their way is used up; nothing was changed"},
         /*close=*/true);
  return false;
}

void Connection::Call() {
  Enter(Phase::kCalling, absl::InfiniteDuration());
  HttpRequest request;
  request.manner = MannerOf(reader_.head());
  request.head = reader_.TakeHead();
  request.body = reader_.TakeBody();
  request.body_bytes = std::move(body_bytes_);
  body_share_ = 0;
  if (refusal_.has_value() || is_options_) {
    WipeText(request.body);
    ++exchange_.counters.refused;
    Answer answer =
        is_options_ ? OptionsAnswer(request.manner) : RefusedAnswer(request.manner, "", *refusal_);
    answer.until = absl::Now() + kLongestRefusal;
    return exchange_.AnswerSoon(shared_from_this(), std::move(answer));
  }
  request.peer = peer_;
  request.deadline = deadline_;
  auto* const call = new HttpCall(exchange_, shared_from_this(), *method_, std::move(request));
  cancelled_ = call->cancelled();
  if (cancelled_ != nullptr) Read();
  exchange_.gate.Handle(*method_, *call);
}

void Connection::Refuse(const Refusal& refusal, bool close) {
  Enter(Phase::kCalling, absl::InfiniteDuration());
  ++exchange_.counters.refused;
  Manner manner = MannerOf(reader_.head());
  manner.close |= close;
  Answer answer = RefusedAnswer(manner, "", refusal);
  answer.until = absl::Now() + kLongestRefusal;
  exchange_.AnswerSoon(shared_from_this(), std::move(answer));
}

void Connection::Send(Answer answer) {
  if (phase_ == Phase::kClosed) return;
  cancelled_.reset();
  output_ = std::move(answer);
  phase_ = Phase::kWriting;
  until_ = std::max(output_.until, absl::Now() + kShortestWrite);
  StartWrite({output_.head, output_.body});
}

void Connection::Written(bool all) {
  if (phase_ == Phase::kClosed) return;
  if (!all) return Close();
  exchange_.counters.sent += output_.head.size() + output_.body.size();
  WipeText(output_.body);
  const bool close = output_.close;
  output_ = {};
  if (phase_ == Phase::kContinue) {
    Enter(Phase::kBody, exchange_.options.longest_body);
    return BeginNext();
  }
  if (ended_) return Close();
  if (close) {
    ShutDownWriting();
    Enter(Phase::kFarewell, exchange_.options.longest_farewell);
    return Read();
  }
  if (exchange_.draining.load() && waiting_.empty()) return Close();
  Enter(Phase::kIdle, exchange_.options.connection_idle);
  BeginNext();
}

void Connection::BeginNext() {
  std::string bytes = std::exchange(waiting_, {});
  Take(bytes);
  WipeText(bytes);
}

void Connection::Look(absl::Time now) {
  if (now < until_) return;
  if (phase_ == Phase::kHead || phase_ == Phase::kBody) {
    return Refuse({408, grpc::DEADLINE_EXCEEDED, "the request did not come in time"},
                  /*close=*/true);
  }
  Close();
}

void Connection::Drain() {
  if (phase_ == Phase::kIdle) Close();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  if (cancelled_ != nullptr) cancelled_->store(true);
  CloseSocket();
}

}  // namespace usher::http
