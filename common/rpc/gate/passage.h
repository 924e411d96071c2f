// One call that is on its way through the gate.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/rpc/call/incoming.h"
#include "common/rpc/call/stream.h"
#include "common/rpc/gate/method.h"
#include "common/rpc/gate/secret_fields.h"
#include "common/rpc/lane/byte_budget.h"
#include "common/rpc/lane/standing.h"
#include "common/rpc/source.h"

namespace usher::rpc {

// One thread at a time has it.
struct Passage {
  Passage(Method& method, Incoming& incoming, std::shared_ptr<StreamSink> sink)
      : method(method), incoming(incoming), sink(std::move(sink)) {}
  ~Passage() { ForgetRequest(); }

  void ForgetRequest() {
    if (request != nullptr && method.carries_secrets) WipeSecretFields(request.get());
    request.reset();
    request_bytes.reset();
    intake_bytes.reset();
  }

  // Under whose name it waits and counts: the caller's company, or where it comes from. No
  // company's ID looks like a source.
  const std::string& Key() const {
    const CallContext& call = *admitted.call;
    return method.AsksForPeer() || call.company.empty() ? call.source : call.company.value();
  }
  // Who has shown nothing yet may be anybody.
  Standing StandingOfCaller() const {
    const bool open = method.admission == Admission::kOpen && !admitted.caller.has_value();
    return open ? Standing::kStranger : Standing::kKnown;
  }
  Standing StandingBeforeToken() const {
    return admitted.call->source == kInternalSource ? Standing::kKnown : Standing::kStranger;
  }

  Method& method;
  Incoming& incoming;
  const std::shared_ptr<StreamSink> sink;  // null: one answer
  Admitted admitted;
  absl::Time started;
  size_t request_size = 0;  // bytes as they came
  std::unique_ptr<google::protobuf::Message> request;
  std::unique_ptr<google::protobuf::Message> reply;
  std::unique_ptr<ByteBudget::Share> intake_bytes;  // until it is decoded
  std::unique_ptr<ByteBudget::Share> request_bytes;
  bool ran = false;  // the body was called
};

}  // namespace usher::rpc
