// What join links begin with.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "services/room/company_pages.h"

namespace usher::room {

struct JoinLinkBaseOptions {
  std::string platform;                           // for companies that say nothing of it
  absl::Duration kept = absl::Seconds(60);        // how long an answer is taken for true
  absl::Duration rest = absl::Seconds(5);         // after a failure, before asking again
  absl::Duration longest_ask = absl::Seconds(1);  // what a call waits for it
  size_t most_companies = 10000;                  // that are remembered
};

// Remembers what companies say. Links go on being made while nobody can be asked: with what was
// said last, else with the platform's base, whose pages serve every company
// (docs/adr/0037-join-links-do-without-the-company.md). Thread-safe.
class JoinLinkBases {
 public:
  // `pages` null: nobody can be asked, ever.
  JoinLinkBases(CompanyPages* pages, JoinLinkBaseOptions options,
                const Clock& clock = BootClock::Get())
      : pages_(pages), options_(std::move(options)), clock_(clock) {}

  // Without a slash at its end. Blocks, for options.longest_ask at most.
  std::string BaseOf(const CallContext& call, const CompanyId& company);

 private:
  struct Answer {
    std::string base;  // empty: the platform's
    absl::Time good_until;
  };

  const std::string& Shown(const Answer& answer) const;
  void MakeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  CompanyPages* const pages_;
  const JoinLinkBaseOptions options_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::map<CompanyId, Answer> answers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::room
