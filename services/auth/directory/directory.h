// A port: a company's directory of people, by LDAP (RFC 4511), and which companies have one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "common/permission/permission.h"

namespace usher::auth {

// What somebody says who wants to be recognised by a directory.
struct DirectoryProof {
  std::string username;
  Secret password;
  // Names of the directory that the client gives besides; empty: none. Looked at, and never used:
  // what is not as the directory has it fits nobody.
  std::string bind_dn;
  std::string search_dn;
};

// Somebody in a directory.
struct DirectoryPerson {
  std::string name;  // that people sign in with
  // Stays as long as the entry lives, and is nobody else's ever; any bytes. Empty where the
  // directory has none.
  std::string id;
  // For a profile. May be empty, and may be no names and addresses at all.
  std::string email;
  std::string firstname;
  std::string lastname;
  std::string title;
};

// What whoever runs the service has decided about the people of a directory.
struct DirectoryRules {
  bool provision = false;     // who is there and not known here becomes a user
  PermissionSet permissions;  // of such a user
  bool finds = false;         // people can be looked for without their password
  absl::Duration check_period = absl::Minutes(5);
  absl::Duration longest_session = absl::InfiniteDuration();
};

// Thread-safe. Asks the directory, and waits for it: for Lane::kDirectory and background threads,
// and never while a database connection is held. Bounded in time and in how many ask at once.
// Errors: DirectoryFailed (directory_errors.h), Overloaded.
class Directory {
 public:
  virtual ~Directory() = default;

  virtual const DirectoryRules& rules() const = 0;

  // Whose name and password it is. Nothing for everything that does not fit together, and where the
  // password is blank: then the directory is not even asked.
  virtual absl::StatusOr<std::optional<DirectoryPerson>> Recognise(const CallContext& call,
                                                                   const DirectoryProof& proof) = 0;
  // Who has that name, and may sign in. Where `finds`.
  virtual absl::StatusOr<std::optional<DirectoryPerson>> Find(const CallContext& call,
                                                              const std::string& username) = 0;
};

// Thread-safe.
class Directories {
 public:
  virtual ~Directories() = default;

  // Null where the company has none.
  virtual std::shared_ptr<Directory> Of(const CompanyId& company) const = 0;
  virtual std::vector<CompanyId> Companies() const = 0;
};

// Blank passwords get nobody in: LDAP takes an empty one for nobody's (RFC 4513, 5.1.2) and says
// yes.
bool IsBlank(const Secret& password);

// Whether two user names are one and the same: as methods compare them.
bool IsSameName(const std::string& a, const std::string& b);

}  // namespace usher::auth
