// One connection to a directory, by libldap.
#pragma once

#include <ldap.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/auth/directory/directory_settings.h"

namespace usher::auth {

struct LdapEntry {
  std::string dn;
  // Of the attributes asked for. Of several values, which have no order, the first by its bytes.
  std::map<std::string, std::string> values;
};

// Not thread-safe; blocks, and each call no longer than until its deadline (but for looking up the
// name of the host, which takes as long as the system's resolver lets it). Follows no referrals,
// reads no configuration of the system's (ldap.conf), and takes in what is bounded.
//
// Errors, with a line for whoever runs the service, no secrets in it: kUnavailable (out of reach:
// worth another connection), kDeadlineExceeded, kFailedPrecondition (it answers, and not as it
// should: no use in trying again). After the first two the connection is of no use any more.
class LdapConnection {
 public:
  // Connects, with TLS as the settings say.
  static absl::StatusOr<std::unique_ptr<LdapConnection>> Open(const DirectorySettings& settings,
                                                              absl::Time deadline);
  ~LdapConnection();
  LdapConnection(const LdapConnection&) = delete;
  LdapConnection& operator=(const LdapConnection&) = delete;

  // Whether that is the password of that entry: from then on this is the entry's connection, or
  // nobody's. kFailedPrecondition for a blank password, which is never sent.
  absl::StatusOr<bool> Bind(const std::string& dn, const Secret& password, absl::Time deadline);

  enum class Scope { kEntry, kBelow };
  // kEntry: `base` itself, where it matches; none where it does not exist either. kBelow: it and
  // what is below it. No more than two of them: who looks for one knows then that there are
  // others.
  absl::StatusOr<std::vector<LdapEntry>> Search(const std::string& base, Scope scope,
                                                const std::string& filter,
                                                const std::vector<std::string>& attributes,
                                                absl::Time deadline);

  // Whether it is encrypted.
  bool HasTls() const;

 private:
  explicit LdapConnection(LDAP* ldap) : ldap_(ldap) {}
  // Not connected yet.
  static absl::StatusOr<std::unique_ptr<LdapConnection>> Prepare(const DirectorySettings& settings,
                                                                 absl::Time deadline);
  absl::Status AskForTls(absl::Time deadline);  // by StartTLS
  absl::Status ShakeHands(absl::Time deadline);
  absl::Status BeBounded();
  // The next message of an answer, null with LDAP's code where there is none.
  struct FreeMessage {
    void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
  };
  using Message = std::unique_ptr<LDAPMessage, FreeMessage>;
  absl::StatusOr<Message> Await(int message_id, absl::Time deadline, absl::string_view doing);
  absl::StatusOr<int> ResultOf(LDAPMessage* message);
  LdapEntry EntryOf(LDAPMessage* message, const std::vector<std::string>& attributes);
  // What went wrong, with what the other side says about it.
  absl::Status Failure(int code, absl::string_view doing);

  LDAP* const ldap_;
};

}  // namespace usher::auth
