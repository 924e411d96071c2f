#include "services/room/join_link_bases.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher::room {

std::string JoinLinkBases::BaseOf(const CallContext& call, const CompanyId& company) {
  if (pages_ == nullptr) return options_.platform;
  {
    const absl::MutexLock lock(&mutex_);
    const auto known = answers_.find(company);
    if (known != answers_.end() && clock_.Now() < known->second.good_until) {
      return Shown(known->second);
    }
  }
  CallContext brief = call;
  brief.deadline = std::min(call.deadline, absl::Now() + options_.longest_ask);
  const absl::StatusOr<std::string> said = pages_->JoinLinkBase(brief, company);
  if (!said.ok()) {
    log::Warning("a company was not asked for its joinLinkBase; what was known before is taken",
                 {{"company", company.value()}, {"why", said.status().message()}});
  }
  const absl::MutexLock lock(&mutex_);
  if (answers_.count(company) == 0) MakeRoom();
  Answer& answer = answers_[company];
  if (said.ok()) answer.base = *said;
  answer.good_until = clock_.Now() + (said.ok() ? options_.kept : options_.rest);
  return Shown(answer);
}

const std::string& JoinLinkBases::Shown(const Answer& answer) const {
  return answer.base.empty() ? options_.platform : answer.base;
}

// Whoever is thrown out is asked again when a link is next made there.
void JoinLinkBases::MakeRoom() {
  if (answers_.size() < options_.most_companies) return;
  const absl::Time now = clock_.Now();
  std::erase_if(answers_, [now](const auto& entry) { return entry.second.good_until <= now; });
  if (answers_.size() >= options_.most_companies) answers_.erase(answers_.begin());
}

}  // namespace usher::room
