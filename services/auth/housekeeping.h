// Deletes what auth does not need any more. What all services forget: server/housekeeping.h.
#pragma once

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/repeating.h"
#include "services/auth/method/known_company_store.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/session/method_uses.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// A thread that looks once a minute. Any number of replicas may do it at once.
class Housekeeping {
 public:
  // `registry` may be null.
  Housekeeping(SessionStore& sessions, MethodUses& uses, RevocationStore& revocations,
               KnownCompanyStore& companies, const Clock& clock, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // One round: notes when methods were used last, and forgets expired sessions, revocations that no
  // token can meet, foundings that were given up so long ago that nothing comes for them any more.
  absl::Status CleanUp();

 private:
  SessionStore& sessions_;
  MethodUses& uses_;
  RevocationStore& revocations_;
  KnownCompanyStore& companies_;
  const Clock& clock_;
  Repeating repeating_;
};

}  // namespace usher::auth
