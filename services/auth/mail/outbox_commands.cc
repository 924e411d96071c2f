#include "services/auth/mail/outbox_commands.h"

#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/utc_text.h"
#include "common/db/json.h"
#include "common/db/pool.h"
#include "common/status/try.h"
#include "services/auth/mail/pg_mail_store.h"

ABSL_FLAG(bool, mail, false, "Print the mails that wait, and those that were given up; and exit.");
ABSL_FLAG(std::string, send_again, "",
          "Try the mail with this ID (--mail shows it) once more, given up or not; and exit.");

namespace usher::auth {
namespace {

constexpr size_t kMostListed = 10000;

CallContext OperatorsCall() {
  CallContext call;
  call.rpc = "auth.outbox";
  call.request_id = "operator";
  call.deadline = absl::Now() + absl::Seconds(30);
  return call;
}

absl::Status Print(MailStore& store) {
  ASSIGN_OR_RETURN(const std::vector<ListedMail> mails, store.List(OperatorsCall(), kMostListed));
  for (const ListedMail& mail : mails) {
    std::map<std::string, std::string> line = {{"mailId", mail.id.value()},
                                               {"kind", MailKindName(mail.kind)},
                                               {"companyId", mail.company.value()},
                                               {"userId", mail.user.value()},
                                               {"state", mail.dead ? "given up" : "waits"},
                                               {"attempts", absl::StrCat(mail.attempts)},
                                               {"queuedAt", UtcText(mail.queued_at)},
                                               {"lastError", mail.last_error}};
    line[mail.dead ? "givenUpAt" : "dueAt"] = UtcText(mail.due_at);
    std::cout << db::ToJson(line) << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

bool OutboxCommandGiven() {
  return absl::GetFlag(FLAGS_mail) || !absl::GetFlag(FLAGS_send_again).empty();
}

absl::Status RunOutboxCommand(const server::Options& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  PgMailStore store(*pool);
  const std::string wanted = absl::GetFlag(FLAGS_send_again);
  if (wanted.empty()) return Print(store);
  const auto id = CanonicalUuid(wanted);
  if (!id.has_value()) return absl::InvalidArgumentError("--send_again takes the ID of a mail");
  ASSIGN_OR_RETURN(const bool found, store.SendAgain(OperatorsCall(), MailId(*id)));
  if (!found) return absl::NotFoundError(absl::StrCat("there is no mail ", *id));
  std::cout << "to be sent again: " << *id << "\n";
  return absl::OkStatus();
}

}  // namespace usher::auth
