#include "services/room/engine/livekit_tickets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/livekit/room_token.h"
#include "common/status/try.h"
#include "common/text/page.h"

namespace usher::room {
namespace {

constexpr absl::Duration kLongestAsk = absl::Seconds(1);  // what a call waits for a name

}  // namespace

absl::Status LiveKitTickets::Read() {
  if (path_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(livekit::Servers servers, livekit::LoadServers(path_));
  auto all = std::make_shared<const livekit::Servers>(std::move(servers));
  const absl::MutexLock lock(&mutex_);
  current_ = std::move(all);
  return absl::OkStatus();
}

void LiveKitTickets::ReadAgain() {
  if (path_.empty()) return;
  const absl::Status read = Read();
  if (read.ok()) {
    log::Info("the LiveKit servers were read again",
              {{"file", path_}, {"servers", absl::StrCat(current()->size())}});
  } else {
    log::Warning("the LiveKit servers stay as they were", {{"error", read.message()}});
  }
}

std::string LiveKitTickets::TicketFor(const CallContext& call, const Entrance& entrance) {
  const std::shared_ptr<const livekit::Servers> servers = current();
  const auto found = servers->find(entrance.company);
  if (found == servers->end()) return "";
  const Person& person = entrance.person;
  livekit::Admission admission;
  admission.company = entrance.company;
  admission.room = entrance.room;
  admission.user = person.user;
  if (person.subject != person.user) admission.base_permissions_id = person.subject;
  admission.guest = person.guest;
  admission.room_admin = person.room_admin;
  admission.display_name = NameOf(call, entrance);
  admission.rights = entrance.rights;
  admission.issued_at = clock_.Now();
  admission.expires_at = entrance.expires_at;
  return absl::StrCat("&livekit_url=", text::PercentEncoded(found->second.url),
                      "&livekit_token=", livekit::RoomToken(found->second, admission));
}

std::string LiveKitTickets::NameOf(const CallContext& call, const Entrance& entrance) {
  if (entrance.person.guest || names_ == nullptr) return entrance.display_name;
  CallContext brief = call;
  brief.deadline = std::min(call.deadline, absl::Now() + kLongestAsk);
  const absl::StatusOr<std::string> name =
      names_->NameOf(brief, entrance.company, entrance.person.user);
  if (name.ok()) return *name;
  log::Warning("a join link says nothing of somebody's name",
               {{"company", entrance.company.value()}, {"why", name.status().message()}});
  return "";
}

std::shared_ptr<const livekit::Servers> LiveKitTickets::current() const {
  const absl::MutexLock lock(&mutex_);
  return current_;
}

}  // namespace usher::room
