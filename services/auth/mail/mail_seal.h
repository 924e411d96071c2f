// Keeps what a mail will tell its reader from whoever reads the database meanwhile.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "services/auth/mail/outbox_mail.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

// XChaCha20-Poly1305 under a key of its own for each key of the pepper; the newest seals, all open.
// A seal holds for the mail that it was made for, so that rows cannot be exchanged. Thread-safe.
class MailSeal {
 public:
  explicit MailSeal(const Pepper& pepper);

  // Key ID (1 byte), nonce (24), sealed text.
  std::string Seal(const Secret& text, const CompanyId& company, const MailId& mail) const;

  // kDataLoss for anything else.
  absl::StatusOr<Secret> Open(absl::string_view sealed, const CompanyId& company,
                              const MailId& mail) const;

 private:
  std::vector<Secret> keys_;
};

}  // namespace usher::auth
