#include "common/rpc/peer/tls_files.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "common/status/try.h"
#include "common/token/key_file.h"

namespace usher::rpc {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Bio BioOf(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* /*data*/) { return -1; }

absl::Status Wrong(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path, " ", why));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  }
  return content.str();
}

absl::Time EndOf(const X509& certificate) {
  tm parts = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return absl::InfiniteFuture();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// All certificates of the file, the first one in `first`, and when the last one ends. gRPC passes
// over a broken one at the end, which is how a file looks that is being written.
absl::Status CheckCertificates(const std::string& path, const std::string& text, Certificate* first,
                               absl::Time* last_end) {
  const Bio bio = BioOf(text);
  int found = 0;
  *last_end = absl::InfinitePast();
  while (true) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
    if (next == nullptr) break;
    *last_end = std::max(*last_end, EndOf(*next));
    if (++found == 1 && first != nullptr) *first = std::move(next);
  }
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (found == 0) return Wrong(path, "has no certificate in PEM form");
  if (reason != PEM_R_NO_START_LINE) return Wrong(path, "has a certificate that is broken");
  return absl::OkStatus();
}

// When they end, where all is well.
absl::StatusOr<absl::Time> Check(const TlsFiles::Paths& paths, const InternalTls& content) {
  Certificate certificate;
  absl::Time chain_ends;
  absl::Time ca_ends = absl::InfiniteFuture();
  RETURN_IF_ERROR(
      CheckCertificates(paths.certificate, content.certificate, &certificate, &chain_ends));
  if (!paths.ca.empty()) {
    RETURN_IF_ERROR(CheckCertificates(paths.ca, content.ca, nullptr, &ca_ends));
  }
  const Key key(PEM_read_bio_PrivateKey(BioOf(content.key).get(), nullptr, NoPassphrase, nullptr));
  const bool fits = key != nullptr && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (key == nullptr) return Wrong(paths.key, "has no key in PEM form, or one with a passphrase");
  if (!fits) return Wrong(paths.key, absl::StrCat("is not the key of ", paths.certificate));
  return std::min(EndOf(*certificate), ca_ends);
}

absl::StatusOr<InternalTls> Read(const TlsFiles::Paths& paths) {
  InternalTls content;
  if (!paths.ca.empty()) {
    ASSIGN_OR_RETURN(content.ca, ReadFile(paths.ca));
  }
  ASSIGN_OR_RETURN(content.certificate, ReadFile(paths.certificate));
  ASSIGN_OR_RETURN(const Secret key, token::LoadSecretFile(paths.key));
  content.key = absl::StrCat(key.Reveal(), "\n");
  ASSIGN_OR_RETURN(content.ends, Check(paths, content));
  return content;
}

// Different whenever one of the files is another one or was written to.
std::string StateOf(const TlsFiles::Paths& paths) {
  std::string state;
  for (const std::string* path : {&paths.ca, &paths.certificate, &paths.key}) {
    struct stat file = {};
    if (path->empty() || stat(path->c_str(), &file) != 0) {
      state.append("none;");
      continue;
    }
    absl::StrAppend(&state, file.st_dev, " ", file.st_ino, " ", file.st_size, " ");
    absl::StrAppend(&state, file.st_mtim.tv_sec, ".", file.st_mtim.tv_nsec, " ",
                    file.st_ctim.tv_sec, ".", file.st_ctim.tv_nsec, ";");
  }
  return state;
}

}  // namespace

absl::StatusOr<std::shared_ptr<TlsFiles>> TlsFiles::Load(Paths paths) {
  std::string state = StateOf(paths);  // before: what changes meanwhile is seen the next time
  ASSIGN_OR_RETURN(InternalTls content, Read(paths));
  return std::shared_ptr<TlsFiles>(
      new TlsFiles(std::move(paths), std::move(state), std::move(content)));
}

TlsFiles::TlsFiles(InternalTls content) : TlsFiles({}, "", std::move(content)) {}

TlsFiles::TlsFiles(Paths paths, std::string state, InternalTls content)
    : paths_(std::move(paths)),
      state_(std::move(state)),
      current_(std::make_shared<const InternalTls>(std::move(content))) {}

std::shared_ptr<const InternalTls> TlsFiles::current() const {
  const absl::MutexLock lock(&mutex_);
  return current_;
}

void TlsFiles::ReadAgain(bool in_any_case) {
  if (paths_.certificate.empty()) return;
  const std::string state = StateOf(paths_);
  {
    const absl::MutexLock lock(&mutex_);
    if (state == state_ && !in_any_case) return;
    state_ = state;
  }
  absl::StatusOr<InternalTls> content = Read(paths_);
  if (!content.ok()) {
    log::Warning("the certificate stays as it was",
                 {{"certificate", paths_.certificate}, {"error", content.status().message()}});
    return;
  }
  const absl::MutexLock lock(&mutex_);
  if (content->ca == current_->ca && content->certificate == current_->certificate &&
      content->key == current_->key) {
    return;
  }
  current_ = std::make_shared<const InternalTls>(*std::move(content));
  log::Info("the certificate was read again", {{"certificate", paths_.certificate}});
}

}  // namespace usher::rpc
