// Where foundings and destructions are kept while other services have a part in them.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/company/company.h"

namespace usher::company {

enum class SagaKind { kFounding = 1, kDestruction = 2 };

// The numbers of a saga's state. A founding stays in the first one.
enum SagaState : int {
  kBegun = 0,
  kContested = 1,  // a second call wants the same destruction: only auth's word settles it then
  kClearing = 2,   // auth has destroyed the company: nobody gets in any more
  kResting = 3,    // cleared once; its name is not free yet
};

// What names a company that is being founded.
struct Founded {
  CompanyId company;
  UserId owner;

  friend bool operator==(const Founded& a, const Founded& b) {
    return a.company == b.company && a.owner == b.owner;
  }
};

// A founding or destruction that was left behind, or that goes on in the background.
struct Saga {
  SagaKind kind = SagaKind::kFounding;
  int state = kBegun;
  Founded subject;   // owner: of a founding
  CallContext call;  // whose call it was, as far as it is known, with its idempotency key
};

struct BegunFounding {
  enum class Outcome {
    kBegun,
    kMadeBefore,  // a call with the same idempotency key made `founded`
    kUnsettled,   // a call with the same idempotency key is not through yet
  };
  Outcome outcome = Outcome::kBegun;
  Founded founded;
};

enum class BegunDestruction {
  kBegun,
  kJoined,  // another call is destroying the company already
  kNone,    // there is no such company: nothing begun
};

// Thread-safe. A saga belongs to whoever began or claimed it until `lease` is over. What completes
// or undoes does nothing, and is OK, where that was done before. The calls carry the company of
// whoever founds or destroys, not the one that it is about. Errors besides those named:
// sql_error.h.
class CompanySagaStore {
 public:
  virtual ~CompanySagaStore() = default;

  // Writes the company, seen by nobody, and binds the idempotency key. CompanyTaken,
  // CompanyInMotion, NameRests; ACTION_INVALID when the key was used with another request.
  virtual absl::StatusOr<BegunFounding> BeginFounding(const CallContext& call,
                                                      const Company& company, const UserId& owner,
                                                      absl::Duration lease) = 0;
  // The company is seen from now on.
  virtual absl::Status CompleteFounding(const CallContext& call, const CompanyId& company) = 0;
  // The company never was; name and idempotency key are free again.
  virtual absl::Status UndoFounding(const CallContext& call, const CompanyId& company) = 0;

  // The company is seen by nobody from now on.
  virtual absl::StatusOr<BegunDestruction> BeginDestruction(const CallContext& call,
                                                            const CompanyId& company,
                                                            absl::Duration lease) = 0;
  // Auth has destroyed the company: whoever claims the saga next clears up behind it. Also where
  // the destruction was undone meanwhile.
  virtual absl::Status ConfirmDestruction(const CallContext& call, const CompanyId& company) = 0;
  // The company is seen again; unless another call has joined, which may be destroying it right
  // now: then it is left to whoever claims it.
  virtual absl::Status UndoDestruction(const CallContext& call, const CompanyId& company) = 0;
  // There is more to clear.
  virtual absl::Status GoOnClearing(const CallContext& call, const CompanyId& company) = 0;
  // Everything was cleared; nobody claims the saga until `rest` is over.
  virtual absl::Status StartRest(const CallContext& call, const CompanyId& company,
                                 absl::Duration rest) = 0;
  // The name is free.
  virtual absl::Status CompleteDestruction(const CallContext& call, const CompanyId& company) = 0;

  // The saga whose lease ran out first, for `lease` from now on, and longer after claims that led
  // to nothing; nothing when there is none. No two claim the same one. What was contested before is
  // not any more.
  virtual absl::StatusOr<std::optional<Saga>> Claim(const CallContext& call,
                                                    absl::Duration lease) = 0;
};

}  // namespace usher::company
