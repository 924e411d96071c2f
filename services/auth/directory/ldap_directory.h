// A company's directory, asked over connections that are kept.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/rpc/peer/bulkhead.h"
#include "services/auth/directory/directory.h"
#include "services/auth/directory/directory_settings.h"
#include "services/auth/directory/ldap_connection.h"

namespace usher::auth {

class LdapDirectory final : public Directory {
 public:
  // `registry` may be null.
  LdapDirectory(DirectorySettings settings, prometheus::Registry* registry, const Clock& clock);

  const DirectorySettings& settings() const { return settings_; }
  const DirectoryRules& rules() const override { return settings_.rules; }
  absl::StatusOr<std::optional<DirectoryPerson>> Recognise(const CallContext& call,
                                                           const DirectoryProof& proof) override;
  absl::StatusOr<std::optional<DirectoryPerson>> Find(const CallContext& call,
                                                      const std::string& username) override;

 private:
  using Found = absl::StatusOr<std::optional<DirectoryPerson>>;

  // What one call has of the directory at a time. People never sign in on the connection that looks
  // for them: what it may see is not theirs.
  struct Line {
    std::unique_ptr<LdapConnection> finder;    // signed in as `bind_dn`
    std::unique_ptr<LdapConnection> entrance;  // people sign in here
    absl::Time used_at = absl::InfinitePast();
  };
  using LinePtr = std::unique_ptr<Line>;

  // Does it on a line: once more on a new one where one that was kept has died meanwhile.
  Found On(const CallContext& call, absl::FunctionRef<Found(Line&, absl::Time deadline)> ask);
  LinePtr Take();
  void PutBack(LinePtr line);

  Found RecogniseOn(Line& line, const DirectoryProof& proof, absl::Time deadline);
  Found RecogniseBySearch(Line& line, const DirectoryProof& proof, absl::Time deadline);
  Found RecogniseByPattern(Line& line, const DirectoryProof& proof, absl::Time deadline);
  Found FindOn(Line& line, const std::string& username, absl::Time deadline);
  // The one entry of that name, if there is one.
  absl::StatusOr<std::optional<LdapEntry>> Entry(Line& line, const std::string& username,
                                                 absl::Time deadline);
  absl::StatusOr<LdapConnection*> Finder(Line& line, absl::Time deadline);
  absl::StatusOr<LdapConnection*> Entrance(Line& line, absl::Time deadline);
  // As much work as for somebody: nobody signs in.
  absl::Status RecogniseNobody(Line& line, const DirectoryProof& proof, absl::Time deadline);
  Found PersonOf(const LdapEntry& entry, const std::string& username) const;
  bool FitsNames(const DirectoryProof& proof, const std::string& dn) const;
  std::string FilterFor(const std::string& username) const;
  std::vector<std::string> Attributes() const;

  absl::Status Judged(const CallContext& call, const absl::Status& failure);
  void Warn(const CallContext& call, absl::string_view what, absl::string_view detail);

  const DirectorySettings settings_;
  const std::string name_;  // "the directory of acme"
  const Clock& clock_;
  rpc::Bulkhead door_;
  absl::Mutex mutex_;
  std::vector<LinePtr> lines_ ABSL_GUARDED_BY(mutex_);  // the one used last is the last
  std::string warned_of_ ABSL_GUARDED_BY(mutex_);
  absl::Time warned_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace usher::auth
