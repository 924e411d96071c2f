#include "common/rpc/gate/call_report.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher::rpc {
namespace {

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto* const buckets = new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  return *buckets;
}

}  // namespace

MethodMetrics::MethodMetrics(prometheus::Registry& registry, const std::string& rpc)
    : rpc_(rpc),
      calls_(prometheus::BuildCounter()
                 .Name("usher_calls_total")
                 .Help("Calls answered, by rpc and by the code of their outcome.")
                 .Register(registry)),
      seconds_(prometheus::BuildHistogram()
                   .Name("usher_call_seconds")
                   .Help("Seconds from the arrival of a call to its answer, by rpc.")
                   .Register(registry)
                   .Add({{"rpc", rpc}}, Buckets())),
      ok_calls_(calls_.Add({{"rpc", rpc}, {"code", "OK"}})) {}

void MethodMetrics::Count(const std::string& code, absl::Duration took) {
  seconds_.Observe(absl::ToDoubleSeconds(took));
  if (code == "OK") {
    ok_calls_.Increment();
    return;
  }
  const absl::MutexLock lock(&mutex_);
  prometheus::Counter*& counter = by_code_[code];
  if (counter == nullptr) counter = &calls_.Add({{"rpc", rpc_}, {"code", code}});
  counter->Increment();
}

StreamMetrics::StreamMetrics(prometheus::Registry& registry)
    : ended_(prometheus::BuildCounter()
                 .Name("usher_streams_ended_total")
                 .Help("Streams that are over, by rpc and by what ended them.")
                 .Register(registry)) {}

void StreamMetrics::Report(const CallContext& call, absl::Duration open, const std::string& as) {
  ended_.Add({{"rpc", call.rpc}, {"code", as}}).Increment();
  log::Info(absl::Now(), "stream ended",
            {{"rpc", call.rpc},
             {"code", as},
             {"seconds", absl::StrCat(absl::ToInt64Seconds(open))},
             {"request_id", call.request_id},
             {"company", call.company.value()},
             {"user", call.user.value()},
             {"peer", call.peer},
             {"traceparent", call.traceparent}});
}

void Report(const CallContext& call, const Outcome& outcome, absl::Time started,
            MethodMetrics& metrics) {
  const absl::Time now = absl::Now();
  const absl::Duration took = now - started;
  metrics.Count(outcome.code_name, took);
  const std::string milliseconds =
      absl::StrCat(absl::ToInt64Microseconds(took) / 1000, ".",
                   absl::Dec(absl::ToInt64Microseconds(took) % 1000, absl::kZeroPad3));
  if (!outcome.internal_text.empty()) {
    log::Error("call failed", {{"rpc", call.rpc},
                               {"request_id", call.request_id},
                               {"traceparent", call.traceparent},
                               {"error", outcome.internal_text}});
  }
  log::Info(now, "call",
            {{"rpc", call.rpc},
             {"code", outcome.code_name},
             {"ms", milliseconds},
             {"request_id", call.request_id},
             {"company", call.company.value()},
             {"user", call.user.value()},
             {"peer", call.peer},
             {"traceparent", call.traceparent}});
}

}  // namespace usher::rpc
