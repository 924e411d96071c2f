// What the configuration says about the directory of a company.
#pragma once

#include <usher/config/v1/directories.pb.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/auth/directory/directory.h"

namespace usher::auth {

// Names of attributes. Empty: there is none.
struct DirectoryAttributes {
  std::string name = "uid";
  std::string id = "entryUUID";
  std::string email = "mail";
  std::string firstname = "givenName";
  std::string lastname = "sn";
  std::string title = "title";

  friend bool operator==(const DirectoryAttributes&, const DirectoryAttributes&) = default;
};

struct DirectorySettings {
  CompanyId company;
  std::vector<std::string> urls;
  std::string ca;  // file; empty where there is no TLS
  // What is in it: a new one counts once the file of directories is read again.
  std::string ca_content;
  bool plaintext = false;
  // One of the two is empty: the name of whoever signs in, or below what to look for them.
  std::string user_dn;
  std::string base;
  std::string filter;
  std::string bind_dn;  // who looks; empty: nobody in particular
  Secret bind_password;
  DirectoryAttributes attributes;
  DirectoryRules rules;
  absl::Duration timeout = absl::Seconds(3);  // of one sign-in altogether
  size_t connections = 8;

  bool with_tls_from_the_start() const { return urls.front().rfind("ldaps:", 0) == 0; }
};

bool IsSame(const DirectorySettings& a, const DirectorySettings& b);

// Of what was parsed; reads the files that it names. kInvalidArgument with one line for a person:
// "directory of acme: ...".
absl::StatusOr<std::vector<DirectorySettings>> SettingsOf(
    const ::usher::config::v1::Directories& config);

// Of a text (protobuf's text format). kInvalidArgument: "3:7: ..." for what cannot be parsed, and
// as above.
absl::StatusOr<std::vector<DirectorySettings>> ParseDirectories(const std::string& text);

// Of a file. kInvalidArgument that begins with its name.
absl::StatusOr<std::vector<DirectorySettings>> LoadDirectories(const std::string& path);

}  // namespace usher::auth
