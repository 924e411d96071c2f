// What was refused: for the audit.
#pragma once

#include <string>

#include "common/base/call_context.h"

namespace usher::auth {

// Nothing in it is a text that a client chose.
struct Refusal {
  CompanyId company;
  std::string object;  // "user 0190..."
  std::string detail;  // "sign-in by password refused"
  int outcome = 0;     // common.ReplyStatusCode
};

class Refusals {
 public:
  virtual ~Refusals() = default;
  // Never waits, and may lose it: nothing was changed.
  virtual void Note(const CallContext& call, Refusal refusal) = 0;
};

// Where nobody is asked for a secret.
class NothingRefused final : public Refusals {
 public:
  void Note(const CallContext& /*call*/, Refusal /*refusal*/) override {}
};

}  // namespace usher::auth
