// Invitations by mail: for whoever makes them to queue in their own transaction (QueueMail).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "services/auth/mail/link_bases.h"
#include "services/auth/mail/mail_seal.h"
#include "services/auth/mail/outbox_mail.h"

namespace usher::auth {

struct InvitationMail {
  CompanyId company;
  UserId user;           // whose name and language are asked for; may be empty
  std::string email;     // empty: the address of `user`
  std::string language;  // a BCP 47 tag; empty: that of `user`
  std::string username;  // that they will have; may be empty
  std::string page;      // finishSignupURL; empty: the first base
  Secret token;          // the activation token
  Secret code;           // its code; empty: the link has none
  absl::Duration good_for = absl::ZeroDuration();  // zero: not told
};

// Thread-safe.
class InvitationPost {
 public:
  InvitationPost(const Pepper& pepper, LinkBases bases, bool mails_are_sent)
      : seal_(pepper), bases_(std::move(bases)), mails_are_sent_(mails_are_sent) {}

  // HOSTNAME_INVALID for a page below none of the bases; nothing where no mail can be sent. The
  // link is <page>#companyId=...&activationToken=...&code=...
  absl::StatusOr<std::optional<MailDraft>> Write(const InvitationMail& invitation) const;

 private:
  const MailSeal seal_;
  const LinkBases bases_;
  const bool mails_are_sent_;
};

}  // namespace usher::auth
