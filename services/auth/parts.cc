#include "services/auth/parts.h"

#include <utility>

#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<Config> ReadConfig() {
  ASSIGN_OR_RETURN(AuthOptions own, ReadAuthOptions());
  ASSIGN_OR_RETURN(DirectoryOptions directories, ReadDirectoryOptions());
  ASSIGN_OR_RETURN(MailOptions mail, ReadMailOptions());
  ASSIGN_OR_RETURN(PasswordResetOptions resets, ReadResetOptions(mail));
  ASSIGN_OR_RETURN(Pepper pepper, LoadPepper(own));
  RETURN_IF_ERROR(LoadCommonPasswords(own));
  ASSIGN_OR_RETURN(KeyFolder keys, OpenKeyFolder(own));
  return Config{.own = std::move(own),
                .directories = std::move(directories),
                .mail = std::move(mail),
                .resets = std::move(resets),
                .pepper = std::move(pepper),
                .keys = std::move(keys)};
}

db::PoolOptions FeedPool(db::PoolOptions options) {
  options.connections = 1;
  return options;
}

server::Options SizedFor(const Config& config, server::Options options) {
  options.lanes.hash_threads = HashingCalls(config.own.vault);
  options.lanes.hash_queue = config.own.vault.queue;
  options.lanes.directory_threads = config.directories.threads;
  return options;
}

SecretVaultOptions Hashing(const SecretVaultOptions& vault, server::Foundation& base) {
  SecretVaultOptions hashing = vault;
  hashing.room_changed = [&base](size_t room) { base.lanes().hash.SetCapacity(room); };
  hashing.calls = [&base] {
    const rpc::Lanes& lanes = base.lanes();
    return HashingPace::Calls{.served = lanes.without_hash.load(), .refused = lanes.hash.refused()};
  };
  return hashing;
}

}  // namespace usher::auth
