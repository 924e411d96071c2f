// Something that happens in two services at once, all or nothing, whatever crashes when: what all
// sagas share (docs/sagas.md). What is done and undone, in which order, is each service's own.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/id.h"

namespace usher::saga {

// What a saga is about: one thing at a time is under way with a subject.
struct Subject {
  CompanyId company;
  std::string id;
};

// One that was left behind. `kind` and `state` are the service's numbers.
struct Saga {
  Subject subject;
  int kind = 0;
  int state = 0;
  int attempts = 0;  // how often it was claimed, this time included
  CallContext call;  // whose call it was, as far as it is kept: with its idempotency key
};

// What a service's numbers mean, for people.
struct Names {
  std::map<int, std::string> kinds;
  std::map<int, std::string> states;
};
// A number that has no name is its own.
std::string NameOf(const std::map<int, std::string>& names, int number);

// How long a saga belongs to whoever began it, in a service with this --longest_call: no call is at
// it for so long, so that no sweeper meets one.
absl::Duration LeaseFor(absl::Duration longest_call);

// The call with a little extra time, for what must still be tried when its time is up or the
// client has gone away.
CallContext BeyondTheClient(const CallContext& call);

// The other service decided against it. (It also answers when it fell ill over it: then it may
// have done it.)
bool IsRefusal(const absl::Status& failure);
bool SaysNotFound(const absl::Status& failure);

// The other service certainly did nothing: it refused, or it was never asked. Every other failure
// leaves it open (rpc/peer.h says which failure means what).
bool DidNothing(const absl::Status& failure);

}  // namespace usher::saga
