// Signs tokens. Linked only into the service that issues them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/token/access_token.h"
#include "common/token/key_file.h"

namespace usher::token {

// Thread-safe: the keys can be replaced while others sign.
class TokenSigner {
 public:
  // How long a key that comes while this process runs is published before it signs, however long
  // ago its not_before was: other replicas of auth look for keys once a second, and every server
  // has heard of them five seconds later (auth_feed.h).
  static constexpr absl::Duration kAnnounced = absl::Seconds(10);

  // `keys` is not empty, and ordered by not_before. Signs with the newest key whose not_before has
  // come and that has been announced; where there is none, with the oldest.
  TokenSigner(std::vector<SigningKey> keys, const Clock& clock);

  std::string Sign(const AccessToken& token) const;

  // What is published.
  std::shared_ptr<const std::vector<SigningKey>> keys() const;

  // Which of them signs now.
  KeyId current() const;

  // As in the constructor; what is in use by whoever is signing stays alive until then.
  void Replace(std::vector<SigningKey> keys);

 private:
  struct Known {
    std::vector<SigningKey> keys;
    std::vector<absl::Time> announced;  // of each key: it does not sign before
  };

  std::shared_ptr<const Known> known() const;
  const SigningKey& CurrentOf(const Known& known) const;

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::token
