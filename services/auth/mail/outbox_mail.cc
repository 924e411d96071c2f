#include "services/auth/mail/outbox_mail.h"

namespace usher::auth {

const char* MailKindName(MailKind kind) {
  switch (kind) {
    case MailKind::kDecoy:
      return "decoy";
    case MailKind::kPasswordReset:
      return "password reset";
    case MailKind::kInvitation:
      return "invitation";
  }
  return "unknown";
}

}  // namespace usher::auth
