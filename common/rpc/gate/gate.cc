#include "common/rpc/gate/gate.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/gate/completed_reply.h"
#include "common/rpc/gate/passage.h"
#include "common/rpc/gate/request_hash.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

// What a small request holds once it is decoded is bounded well enough by how many may wait: 36
// bytes for each of its own at the most.
constexpr size_t kNotCounted = 1024;  // bytes as they came

// Runs `body`, turning what it throws into kInternal.
template <class Body>
absl::Status Guarded(Body body) {
  try {
    return body();
  } catch (const std::exception& exception) {
    return absl::InternalError(exception.what());
  }
}

// Whether a token is looked at where one comes: also of those whom anybody may call, with or
// without one (Binding::ServeWithOrWithoutToken).
bool LooksAtTokens(const Method& method) {
  return method.AsksForToken() || (method.admission == Admission::kOpen && method.spec.guests);
}

absl::Status TooManyWait(const WorkQueue& queue) {
  return Overloaded(absl::StrCat("the ", queue.name(), " queue"));
}

// The copy: a refused job still has to answer.
template <class Job>
void Queue(WorkQueue& queue, absl::string_view key, absl::Time deadline, Standing standing,
           const Job& job) {
  if (queue.TryAdd(key, deadline, job, standing)) return;
  job(TooManyWait(queue));
}

absl::Status NoMessage() { return FieldMalformed("the request", "is no message of this method"); }

}  // namespace

Gate::Gate(token::TokenVerifier& verifier, Lanes& lanes, prometheus::Registry& registry,
           const Clock& clock, GateOptions options)
    : doorkeeper_(verifier, options),
      lanes_(lanes),
      registry_(registry),
      clock_(clock),
      intake_bytes_(options.most_intake_bytes, options.most_intake_bytes_of_one),
      request_bytes_(options.most_request_bytes, options.most_request_bytes_of_one),
      reply_bytes_(options.most_reply_bytes, options.most_reply_bytes_of_one),
      stream_bytes_(options.most_stream_bytes, options.most_stream_bytes_of_one),
      stream_metrics_(registry),
      streams_(options.most_streams, options.most_streams_of_one,
               [this](const CallContext& call, absl::Duration open, const std::string& as) {
                 stream_metrics_.Report(call, open, as);
               }) {}

Method& Gate::Add(const google::protobuf::MethodDescriptor& descriptor, MethodSpec spec,
                  Admission admission, std::vector<std::string> peers) {
  return methods_.emplace_back(descriptor, std::move(spec), admission, std::move(peers), registry_);
}

void Gate::Handle(Method& method, Incoming& incoming) {
  Enter(std::make_shared<Passage>(method, incoming, nullptr));
}

void Gate::HandleStream(Method& method, Incoming& incoming, std::shared_ptr<StreamSink> sink) {
  Enter(std::make_shared<Passage>(method, incoming, std::move(sink)));
}

void Gate::Enter(const PassagePtr& passage) {
  Method& method = passage->method;
  Incoming& incoming = passage->incoming;
  CallContext& call = *passage->admitted.call;
  passage->started = clock_.Now();
  passage->reply.reset(method.reply_type->New());
  doorkeeper_.ReadTransport(method, incoming, passage->started, &call);
  if (method.AsksForPeer()) {
    if (const absl::Status peer = Doorkeeper::CheckPeer(method, incoming, &call); !peer.ok()) {
      return Answer(*passage, peer);
    }
  } else {
    Doorkeeper::ReadServicesWord(incoming, &call);
  }
  passage->request_size = incoming.RequestSize();
  if (passage->request_size > method.spec.largest_request) {
    return Answer(*passage, FieldTooLong("the request", method.spec.largest_request));
  }
  if (passage->request_size > kLargestRequestOfPoller) {
    return TakeIn(passage);
  }
  if (const absl::Status read = ReadRequest(*passage); !read.ok()) return Answer(*passage, read);
  Admit(passage, true);
}

// Large requests: whose they are is looked at before they are decoded. Until then they count for
// where they come from, and not among what was decoded: strangers keep no member's request out.
void Gate::TakeIn(const PassagePtr& passage) {
  const CallContext& call = *passage->admitted.call;
  passage->intake_bytes =
      intake_bytes_.TryTake(call.source, passage->request_size, passage->StandingBeforeToken());
  if (passage->intake_bytes == nullptr) {
    return Answer(*passage, Overloaded("the memory for large requests"));
  }
  const auto job = [this, passage](absl::Status in_time) {
    bool token_checked = false;
    if (in_time.ok()) in_time = CheckBeforeReading(*passage, &token_checked);
    if (in_time.ok()) in_time = ReadRequest(*passage);
    if (!in_time.ok()) return Answer(*passage, in_time);
    if (token_checked) {
      Dispatch(passage);
    } else {
      Admit(passage, false);
    }
  };
  Queue(lanes_.Of(Lane::kIntake), call.source, call.deadline, passage->StandingBeforeToken(), job);
}

absl::Status Gate::CheckBeforeReading(Passage& passage, bool* token_checked) {
  const Method& method = passage.method;
  if (!LooksAtTokens(method) || method.access_info_field == 0) return absl::OkStatus();
  ::common::AccessInfo access;
  if (!passage.incoming.ReadAccessInfo(method.access_info_field, &access)) return NoMessage();
  if (!method.AsksForToken() && access.accesstoken().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Doorkeeper::ReadRequestId(access.requestid(), passage.admitted.call.get()));
  *token_checked = true;
  return doorkeeper_.CheckToken(method, &access, &passage.admitted);
}

absl::Status Gate::ReadRequest(Passage& passage) {
  const Method& method = passage.method;
  CallContext& call = *passage.admitted.call;
  passage.request.reset(method.request_type->New());
  const bool read = passage.incoming.ReadRequest(passage.request.get());
  passage.intake_bytes.reset();
  if (!read) return NoMessage();
  return Doorkeeper::ReadRequestId(method.request_id(*passage.request), &call);
}

absl::Status Gate::CountRequest(Passage& passage, Standing standing) {
  if (passage.request_size <= kNotCounted) return absl::OkStatus();
  passage.request_bytes.reset();
  passage.request_bytes =
      request_bytes_.TryTake(passage.Key(), passage.request->SpaceUsedLong(), standing);
  return passage.request_bytes == nullptr ? Overloaded("the memory for requests")
                                          : absl::OkStatus();
}

void Gate::Admit(const PassagePtr& passage, bool on_polling_thread) {
  const Method& method = passage->method;
  if (!LooksAtTokens(method)) return Dispatch(passage);
  ::common::AccessInfo* const access = method.access_info(*passage->request);
  const bool comes_without = access == nullptr || access->accesstoken().empty();
  if (!method.AsksForToken() && comes_without) return Dispatch(passage);
  const auto known = doorkeeper_.CheckKnownToken(method, access, &passage->admitted);
  if (known.has_value()) return DispatchIf(*known, passage);
  const auto check = [this, &method, access, passage](const absl::Status& in_time) {
    DispatchIf(in_time.ok() ? doorkeeper_.CheckToken(method, access, &passage->admitted) : in_time,
               passage);
  };
  if (!on_polling_thread) return check(absl::OkStatus());
  const CallContext& call = *passage->admitted.call;
  const Standing standing = passage->StandingBeforeToken();
  if (const absl::Status counted = CountRequest(*passage, standing); !counted.ok()) {
    return Answer(*passage, counted);
  }
  Queue(lanes_.Of(Lane::kIntake), call.source, call.deadline, standing, check);
}

void Gate::DispatchIf(const absl::Status& admitted, const PassagePtr& passage) {
  if (!admitted.ok()) return Answer(*passage, admitted);
  Dispatch(passage);
}

void Gate::Dispatch(const PassagePtr& passage) {
  const Method& method = passage->method;
  CallContext& call = *passage->admitted.call;
  // Also what was counted before: now it is known for whom.
  const Standing standing = passage->StandingOfCaller();
  if (const absl::Status counted = CountRequest(*passage, standing); !counted.ok()) {
    return Answer(*passage, counted);
  }
  if (method.spec.creates) {
    const absl::Status key = Doorkeeper::ReadIdempotencyKey(passage->incoming, &call);
    if (!key.ok()) return Answer(*passage, key);
  }
  const Lane lane =
      method.spec.lane_of == nullptr ? method.spec.lane : method.spec.lane_of(*passage->request);
  if (lane == Lane::kHash) return QueueForHash(passage, standing);
  lanes_.without_hash.fetch_add(1, std::memory_order_relaxed);
  if (lane == Lane::kInline) return Run(passage, absl::OkStatus());
  Queue(lanes_.Of(lane), passage->Key(), call.deadline, standing,
        [this, passage](const absl::Status& in_time) { Run(passage, in_time); });
}

void Gate::QueueForHash(const PassagePtr& passage, Standing standing) {
  const CallContext& call = *passage->admitted.call;
  const auto run = [this, passage](const absl::Status& in_time) { Run(passage, in_time); };
  if (lanes_.hash.TryAdd(passage->Key(), call.deadline, run, standing)) return;
  const absl::Status refusal = TooManyWait(lanes_.hash);
  passage->ForgetRequest();
  // Half of its time, so that the client hears of it.
  const absl::Duration pause = std::min(kLongestRefusal, (call.deadline - clock_.Now()) / 2);
  const auto tell = [this, passage, refusal] { Answer(*passage, refusal); };
  if (standing == Standing::kKnown || !late_answers_.Add(absl::Now() + pause, tell)) tell();
}

void Gate::Run(const PassagePtr& passage, const absl::Status& in_time) {
  if (!in_time.ok()) return Answer(*passage, in_time);
  const absl::Status status = Guarded([&] { return RunBody(passage); });
  // A stream that was accepted goes on; its end is nobody's answer.
  if (status.ok() && passage->sink != nullptr) {
    Report(*passage->admitted.call, OutcomeOf(status), passage->started, passage->method.metrics);
    passage->incoming.LetGo();
    return;
  }
  Answer(*passage, status);
}

absl::Status Gate::RunBody(const PassagePtr& passage) {
  const Method& method = passage->method;
  CallContext& call = *passage->admitted.call;
  passage->ran = true;
  if (!call.idempotency.key.empty()) {
    call.idempotency.request_hash = RequestHash(method.spec.name, *passage->request);
  }
  if (passage->sink == nullptr) {
    return method.body(passage->admitted, *passage->request, *passage->reply);
  }
  RETURN_IF_ERROR(AddStream(passage));
  return method.stream_body(passage->admitted, *passage->request, passage->sink);
}

absl::Status Gate::AddStream(const PassagePtr& passage) {
  const CallContext& call = *passage->admitted.call;
  const std::string& key = call.user.empty() ? call.source : call.user.value();
  passage->sink->CountIn(stream_bytes_, key);
  return streams_.Add(key, std::make_shared<const Admitted>(passage->admitted), passage->sink);
}

void Gate::Answer(Passage& passage, const absl::Status& status) {
  CallContext& call = *passage.admitted.call;
  // It ended before anybody could read the client's.
  if (call.request_id.empty()) call.request_id = NewUuid();
  CompletedReply completed = CompleteReply(OutcomeOf(status), reply_bytes_, &passage);
  const Outcome& outcome = completed.outcome;
  Report(call, outcome, passage.started, passage.method.metrics);
  const bool nothing_changed =
      !passage.ran || absl::IsUnavailable(status) || absl::IsAborted(status);
  if (!outcome.decided && nothing_changed && passage.method.AsksForPeer()) {
    passage.incoming.SayThatNothingChanged();
  }
  passage.ForgetRequest();
  passage.incoming.TellRequestId(call.request_id);
  passage.incoming.Answer(outcome, *passage.reply, call.deadline, std::move(completed.kept));
}

void Gate::JudgeStreams() {
  streams_.Judge([this](const Admitted& admitted) { return doorkeeper_.CheckAgain(admitted); });
}

}  // namespace usher::rpc
