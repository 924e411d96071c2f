// A mail in the outbox.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/id.h"

namespace usher::auth {

using MailId = Id<struct MailTag>;

// Numbers of mail_outbox.kind.
enum class MailKind {
  // Nobody's: stands in for a mail where the request must take as long, and is thrown away.
  kDecoy = 0,
  kPasswordReset = 1,
  kInvitation = 2,
};

const char* MailKindName(MailKind kind);  // "password reset"

// Under which company decoys are kept: no company can be called so.
inline CompanyId NobodysCompany() { return CompanyId("-"); }

// What is put into the outbox. The secret that it has is sealed (MailSeal).
struct MailDraft {
  MailId id;
  MailKind kind = MailKind::kDecoy;
  CompanyId company;
  UserId user;
  std::string recipient;    // empty: the address that the user service has for `user`
  std::string language;     // a BCP 47 tag; empty: the user's
  std::string username;     // to be told; may be empty
  std::string sealed_link;  // to be told; MailSeal
  absl::Duration good_for = absl::ZeroDuration();  // the link, once the mail is on its way
};

struct QueuedMail {
  MailDraft draft;
  int attempts = 0;                           // with the one at hand
  absl::Duration age = absl::ZeroDuration();  // since it was queued, or sent again by an operator
};

// One line of what an operator sees.
struct ListedMail {
  MailId id;
  CompanyId company;
  UserId user;
  MailKind kind = MailKind::kDecoy;
  bool dead = false;
  int attempts = 0;
  absl::Time queued_at;
  absl::Time due_at;
  std::string last_error;
};

struct MailBacklog {
  int64_t waiting = 0;
  absl::Duration oldest = absl::ZeroDuration();  // of those that wait
  int64_t dead = 0;
};

}  // namespace usher::auth
