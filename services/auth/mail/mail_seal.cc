#include "services/auth/mail/mail_seal.h"

#include "absl/strings/str_cat.h"

namespace usher::auth {
namespace {

std::string Bound(const CompanyId& company, const MailId& mail) {
  return absl::StrCat(company.value(), "|", mail.value());
}

}  // namespace

MailSeal::MailSeal(const Pepper& pepper) : sealing_(pepper, "usher auth mail v1") {}

std::string MailSeal::Seal(const Secret& text, const CompanyId& company, const MailId& mail) const {
  return sealing_.Seal(text.Reveal(), Bound(company, mail));
}

absl::StatusOr<Secret> MailSeal::Open(absl::string_view sealed, const CompanyId& company,
                                      const MailId& mail) const {
  absl::StatusOr<Sealing::Opened> opened = sealing_.Open(sealed, Bound(company, mail));
  if (!opened.ok()) return absl::DataLossError("what the mail is to tell cannot be read");
  Secret text(opened->plain);
  WipeText(opened->plain);
  return text;
}

}  // namespace usher::auth
