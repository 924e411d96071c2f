#include "services/auth/mail/mail_seal.h"

#include <sodium.h>

#include "absl/strings/str_cat.h"
#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

constexpr size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string Bound(const CompanyId& company, const MailId& mail) {
  return absl::StrCat(company.value(), "|", mail.value());
}

absl::Status Unreadable() { return absl::DataLossError("what the mail is to tell cannot be read"); }

}  // namespace

MailSeal::MailSeal(const Pepper& pepper) {
  for (const Secret& key : pepper.keys) keys_.push_back(Subkey(key, "usher auth mail v1"));
}

std::string MailSeal::Seal(const Secret& text, const CompanyId& company, const MailId& mail) const {
  std::string nonce(kNonceSize, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  const std::string bound = Bound(company, mail);
  std::string sealed(text.size() + kTagSize, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed), nullptr, Bytes(text.Reveal()),
                                             text.size(), Bytes(bound), bound.size(), nullptr,
                                             Bytes(nonce), Bytes(keys_.back().Reveal()));
  return absl::StrCat(std::string(1, static_cast<char>(keys_.size())), nonce, sealed);
}

absl::StatusOr<Secret> MailSeal::Open(absl::string_view sealed, const CompanyId& company,
                                      const MailId& mail) const {
  if (sealed.size() < 1 + kNonceSize + kTagSize) return Unreadable();
  const size_t key_id = static_cast<unsigned char>(sealed.front());
  if (key_id == 0 || key_id > keys_.size()) return Unreadable();
  const absl::string_view nonce = sealed.substr(1, kNonceSize);
  const absl::string_view body = sealed.substr(1 + kNonceSize);
  const std::string bound = Bound(company, mail);
  std::string plain(body.size() - kTagSize, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      Bytes(plain), nullptr, nullptr, Bytes(body), body.size(), Bytes(bound), bound.size(),
      Bytes(nonce), Bytes(keys_[key_id - 1].Reveal()));
  if (opened != 0) return Unreadable();
  Secret text(plain);
  WipeText(plain);
  return text;
}

}  // namespace usher::auth
