// The directories of the file --directories, read again while the server runs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "services/auth/directory/directory.h"
#include "services/auth/directory/ldap_directory.h"

namespace usher::auth {

// Thread-safe.
class ConfiguredDirectories final : public Directories {
 public:
  // Empty `path`: there are none, ever. `registry` may be null.
  ConfiguredDirectories(std::string path, prometheus::Registry* registry, const Clock& clock)
      : path_(std::move(path)), registry_(registry), clock_(clock) {}

  // kInvalidArgument as of LoadDirectories: then all stays as it was.
  absl::Status Read();
  // The same for SIGHUP: says in the log how it went. Directories that are as they were keep their
  // connections; calls that are under way go on with what they have.
  void ReadAgain();

  std::shared_ptr<Directory> Of(const CompanyId& company) const override;
  std::vector<CompanyId> Companies() const override;

 private:
  using ByCompany = std::map<CompanyId, std::shared_ptr<LdapDirectory>>;
  std::shared_ptr<const ByCompany> current() const;

  const std::string path_;
  prometheus::Registry* const registry_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const ByCompany> current_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<const ByCompany>();
};

}  // namespace usher::auth
