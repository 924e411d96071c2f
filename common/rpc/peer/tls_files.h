// Certificate, key and CA of a TLS port or client, read again when their files change.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace usher::rpc {

// What is in the files, in PEM form: the CA that certificates of the other side must be of (empty:
// none is asked for), and this side's certificate chain and key.
struct InternalTls {
  std::string ca;
  std::string certificate;
  std::string key;
  // When the first of certificate and CA ends; of several CAs the last one counts.
  absl::Time ends = absl::InfiniteFuture();
};

// Thread-safe.
class TlsFiles {
 public:
  struct Paths {
    std::string ca;  // empty: none
    std::string certificate;
    std::string key;
  };

  // kInvalidArgument, with one line that names the file, when one cannot be read, is not in PEM
  // form, or others may read the key; or when certificate and key do not belong together.
  static absl::StatusOr<std::shared_ptr<TlsFiles>> Load(Paths paths);

  // Without files: never changes.
  explicit TlsFiles(InternalTls content);

  // What is in use. The pointer is a new one whenever the content is.
  std::shared_ptr<const InternalTls> current() const;

  // Reads the files if they have changed since they were looked at, or in any case. What Load would
  // refuse is not taken: what is in use stays, and a line of the log says why, once for each
  // change.
  void ReadAgain(bool in_any_case);

 private:
  TlsFiles(Paths paths, std::string state, InternalTls content);

  const Paths paths_;
  mutable absl::Mutex mutex_;
  std::string state_ ABSL_GUARDED_BY(mutex_);  // of the files, when they were last looked at
  std::shared_ptr<const InternalTls> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
