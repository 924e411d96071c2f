// The flags of mail.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "services/auth/mail/link_bases.h"
#include "services/auth/mail/mail_sender.h"
#include "services/auth/mail/smtp_transport.h"

namespace usher::auth {

struct MailOptions {
  LinkBases link_bases;
  SmtpOptions smtp;  // server "": no mail is sent
  MailSenderOptions sender;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<MailOptions> ReadMailOptions();

// Null where mail is switched off. Says in the log, once, what cannot be sent. kInvalidArgument as
// of SmtpTransport::Open, and for a password file that cannot be read.
absl::StatusOr<std::unique_ptr<SmtpTransport>> OpenMail(const MailOptions& options);

}  // namespace usher::auth
