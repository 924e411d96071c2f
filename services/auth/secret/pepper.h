// The keys outside the database that stored secrets are sealed with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/secret.h"

namespace usher::auth {

struct PepperKey {
  Secret key;                                    // 32 bytes
  absl::Time seals_from = absl::InfinitePast();  // opens before
};

// One or more keys, the oldest first; key n (from 1) has the ID n. The newest whose time has come
// seals, all of them open: a new one is taken into use by appending it. Thread-safe, and copies
// share what Extend does.
class Pepper {
 public:
  // How long a key that comes while this process runs opens before it seals: until the other
  // replicas of auth can open as well.
  static constexpr absl::Duration kAnnounced = absl::Seconds(10);

  // Not empty. Without times: the last one seals.
  explicit Pepper(const std::vector<Secret>& keys);
  Pepper(std::vector<PepperKey> keys, absl::Time now);

  size_t size() const;
  // The ID of the one that seals, as of the last Extend.
  size_t sealing() const;
  // `id` is 1 to size().
  Secret Key(size_t id) const;
  // For hashes by which something is found again: never another one.
  Secret first() const { return Key(1); }

  // Takes over what the file has now, and which of its keys seals at `now`; to be called now and
  // then. kInvalidArgument, and nothing is taken, where one of the keys that are known is missing
  // or stands elsewhere: nothing that it has sealed could be opened any more.
  absl::Status Extend(const std::vector<PepperKey>& file, absl::Time now);

 private:
  struct Known {
    absl::Mutex mutex;
    std::vector<PepperKey> keys ABSL_GUARDED_BY(mutex);
    size_t sealing ABSL_GUARDED_BY(mutex) = 1;
  };
  static size_t SealingAt(const std::vector<PepperKey>& keys, absl::Time now);

  std::shared_ptr<Known> known_;
};

// Reads a file with one key of 64 hex digits a line, and behind it, if anything, a blank and the
// Unix time from which on it seals. kInvalidArgument when it is something else, kPermissionDenied
// when others than its owner may read it, kNotFound.
absl::StatusOr<std::vector<PepperKey>> ReadPepperFile(const std::string& path);

// The pepper of a process that starts. Errors as above.
absl::StatusOr<Pepper> LoadPepper(const std::string& path);

// Writes a file with one new key (mode 0600). kAlreadyExists when there is one.
absl::Status CreatePepperFile(const std::string& path);

// Puts another file in its place, with one more key, which seals from then on. Errors as of
// ReadPepperFile, and kUnavailable, with the file as it was.
absl::Status AppendToPepperFile(const std::string& path, absl::Time seals_from);

}  // namespace usher::auth
