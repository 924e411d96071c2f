// Whether somebody is who they say they are, by the directory of the company: what signing in and
// accepting an invitation have in common.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/directory/directory.h"
#include "services/auth/throttle/guess_throttle.h"

namespace usher::auth {

// Somebody whom a directory has recognised.
struct Recognised {
  DirectoryPerson person;
  DirectoryRules rules;
};

// Thread-safe. Asks the directory: Lane::kDirectory.
class DirectoryProving {
 public:
  DirectoryProving(const Directories& directories, GuessThrottle& throttle)
      : directories_(directories), throttle_(throttle) {}

  // Whom it is about, and what for.
  struct Question {
    CompanyId company;  // empty for what no company can be called
    UserId user;        // who has the account; empty where there is none
    std::string what;   // for the audit: "sign-in by directory"
  };
  // Counts guesses. `refusal` for all that does not fit together, a company without a directory and
  // somebody of whom `may` says no included; TooManyGuesses, and what Directory answers.
  absl::StatusOr<Recognised> Recognise(const CallContext& call, const Question& question,
                                       const DirectoryProof& proof, const absl::Status& refusal,
                                       absl::FunctionRef<bool(const Recognised&)> may);

 private:
  const Directories& directories_;
  GuessThrottle& throttle_;
};

}  // namespace usher::auth
