// Keeps what a mail will tell its reader from whoever reads the database meanwhile.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "services/auth/mail/outbox_mail.h"
#include "services/auth/secret/pepper.h"
#include "services/auth/secret/sealing.h"

namespace usher::auth {

// A seal holds for the mail that it was made for, so that rows cannot be exchanged. Thread-safe.
class MailSeal {
 public:
  explicit MailSeal(const Pepper& pepper);

  std::string Seal(const Secret& text, const CompanyId& company, const MailId& mail) const;

  // kDataLoss for anything else.
  absl::StatusOr<Secret> Open(absl::string_view sealed, const CompanyId& company,
                              const MailId& mail) const;

 private:
  const Sealing sealing_;
};

}  // namespace usher::auth
