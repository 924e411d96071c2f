#include "services/auth/directory/directory_settings.h"

#include <ldap.h>

#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "common/text/config_file.h"
#include "common/token/key_file.h"
#include "services/auth/directory/ldap_names.h"

namespace usher::auth {
namespace {

using DirectoryConfig = ::usher::config::v1::Directory;

constexpr char kSystemCa[] = "/etc/ssl/certs/ca-certificates.crt";
constexpr int kMostUrls = 4;
// Where nobody can be asked whether somebody is still there.
constexpr absl::Duration kUnlookedFor = absl::Hours(24);

absl::Status Wrong(absl::string_view why) { return absl::InvalidArgumentError(why); }

absl::Status CheckUrl(const std::string& url) {
  LDAPURLDesc* parts = nullptr;
  if (ldap_url_parse(url.c_str(), &parts) != LDAP_URL_SUCCESS) {
    return Wrong(absl::StrCat("url is none: ", url));
  }
  const absl::string_view scheme(parts->lud_scheme);
  const bool nothing_else = (parts->lud_dn == nullptr || *parts->lud_dn == '\0') &&
                            parts->lud_attrs == nullptr && parts->lud_filter == nullptr &&
                            parts->lud_exts == nullptr;
  const bool good = (scheme == "ldap" || scheme == "ldaps") && parts->lud_host != nullptr &&
                    *parts->lud_host != '\0' && nothing_else;
  ldap_free_urldesc(parts);
  return good ? absl::OkStatus()
              : Wrong(absl::StrCat("url must be ldaps://host or ldap://host, with or without a "
                                   "port, and nothing more: ",
                                   url));
}

absl::Status ReadUrls(const DirectoryConfig& config, DirectorySettings* settings) {
  if (config.url().empty()) return Wrong("there is no url");
  if (config.url_size() > kMostUrls) return Wrong("there are more than 4 urls");
  for (const std::string& url : config.url()) {
    RETURN_IF_ERROR(CheckUrl(url));
    settings->urls.push_back(url);
    if (absl::StartsWith(url, "ldaps:") != settings->with_tls_from_the_start()) {
      return Wrong("urls must be ldap:// or ldaps:// all of them");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadTls(const DirectoryConfig& config, DirectorySettings* settings) {
  settings->plaintext = config.plaintext();
  if (config.plaintext()) {
    if (settings->with_tls_from_the_start())
      return Wrong("plaintext and ldaps:// exclude each other");
    return config.ca().empty() ? absl::OkStatus() : Wrong("plaintext has no use for a ca");
  }
  settings->ca = config.ca().empty() ? kSystemCa : config.ca();
  ASSIGN_OR_RETURN(settings->ca_content, text::ReadConfigFile(settings->ca));
  if (!absl::StrContains(settings->ca_content, "-----BEGIN CERTIFICATE-----")) {
    return Wrong(absl::StrCat("ca: ", settings->ca, " has no certificate in PEM form"));
  }
  return absl::OkStatus();
}

absl::Status ReadWhere(const DirectoryConfig& config, DirectorySettings* settings) {
  settings->user_dn = config.user_dn();
  settings->base = config.base();
  settings->filter = config.filter();
  if (config.user_dn().empty() == config.base().empty()) {
    return Wrong("one of user_dn and base is needed, and not both");
  }
  if (!config.user_dn().empty()) {
    if (!absl::StrContains(config.user_dn(), kUserPlace) ||
        !IsDn(FilledPattern(config.user_dn(), "x"))) {
      return Wrong("user_dn must be a name like uid={user},ou=people,dc=example,dc=org");
    }
  } else if (!IsDn(config.base())) {
    return Wrong("base must be a name like ou=people,dc=example,dc=org");
  } else if (!absl::StrContains(config.filter(), kUserPlace)) {
    return Wrong("filter must have a place for {user}, as in (uid={user})");
  }
  if (!config.filter().empty() && !LooksLikeFilter(FilledPattern(config.filter(), "x"))) {
    return Wrong("filter must be one like (uid={user}), with parentheses that balance");
  }
  return absl::OkStatus();
}

absl::Status ReadWhoLooks(const DirectoryConfig& config, DirectorySettings* settings) {
  settings->bind_dn = config.bind_dn();
  if (config.bind_dn().empty() != config.bind_password_file().empty()) {
    return Wrong("bind_dn and bind_password_file go together");
  }
  settings->rules.finds = settings->user_dn.empty() || !config.bind_dn().empty();
  if (config.bind_dn().empty()) return absl::OkStatus();
  if (!IsDn(config.bind_dn())) return Wrong("bind_dn is no name");
  const auto password = token::LoadSecretFile(config.bind_password_file());
  if (!password.ok()) return Wrong(password.status().message());
  if (IsBlank(*password)) {
    return Wrong(absl::StrCat(config.bind_password_file(), " has no password"));
  }
  settings->bind_password = *password;
  return absl::OkStatus();
}

absl::Status ReadAttribute(bool given, const std::string& value, std::string* attribute) {
  if (!given) return absl::OkStatus();
  if (!value.empty() && !IsAttribute(value)) {
    return Wrong(absl::StrCat("no attribute is called ", value));
  }
  *attribute = value;
  return absl::OkStatus();
}

absl::Status ReadAttributes(const DirectoryConfig& config, DirectoryAttributes* attributes) {
  RETURN_IF_ERROR(
      ReadAttribute(config.has_name_attribute(), config.name_attribute(), &attributes->name));
  RETURN_IF_ERROR(ReadAttribute(config.has_id_attribute(), config.id_attribute(), &attributes->id));
  RETURN_IF_ERROR(
      ReadAttribute(config.has_email_attribute(), config.email_attribute(), &attributes->email));
  RETURN_IF_ERROR(ReadAttribute(config.has_firstname_attribute(), config.firstname_attribute(),
                                &attributes->firstname));
  RETURN_IF_ERROR(ReadAttribute(config.has_lastname_attribute(), config.lastname_attribute(),
                                &attributes->lastname));
  RETURN_IF_ERROR(
      ReadAttribute(config.has_title_attribute(), config.title_attribute(), &attributes->title));
  return attributes->name.empty() ? Wrong("name_attribute must not be empty") : absl::OkStatus();
}

absl::Status ReadPermissions(const DirectoryConfig& config, PermissionSet* permissions) {
  for (const int number : config.permission()) {
    if (number == ::common::UNSET || number == ::common::NONE) {
      return Wrong("permission UNSET or NONE gives nothing; leave it out");
    }
    const auto permission = static_cast<Permission>(number);
    // A number beyond the set's has no bit in it.
    if (number < 0 || number > 31 || !kCompanyAdministrator.Has(permission)) {
      return Wrong(absl::StrCat(
          "permission ",
          ::common::BackendPermission_Name(static_cast<::common::BackendPermission>(number)),
          " is the platform's to give"));
    }
    *permissions = permissions->Or({permission});
  }
  return absl::OkStatus();
}

absl::Status ReadNumber(bool given, uint32_t value, uint32_t least, uint32_t most,
                        absl::string_view name, uint32_t* number) {
  if (!given) return absl::OkStatus();
  if (value < least || value > most) {
    return Wrong(absl::StrCat(name, " must be between ", least, " and ", most));
  }
  *number = value;
  return absl::OkStatus();
}

absl::Status ReadNumbers(const DirectoryConfig& config, DirectorySettings* settings) {
  uint32_t timeout = 3;
  uint32_t connections = 8;
  uint32_t check = 300;
  RETURN_IF_ERROR(ReadNumber(config.has_timeout_seconds(), config.timeout_seconds(), 1, 30,
                             "timeout_seconds", &timeout));
  RETURN_IF_ERROR(ReadNumber(config.has_connections(), config.connections(), 1, 64, "connections",
                             &connections));
  RETURN_IF_ERROR(ReadNumber(config.has_check_seconds(), config.check_seconds(), 10, 86400,
                             "check_seconds", &check));
  settings->timeout = absl::Seconds(timeout);
  settings->connections = connections;
  settings->rules.check_period = absl::Seconds(check);
  if (config.session_seconds() != 0) {
    settings->rules.longest_session = absl::Seconds(config.session_seconds());
  } else if (!settings->rules.finds) {
    settings->rules.longest_session = kUnlookedFor;
  }
  return absl::OkStatus();
}

absl::StatusOr<DirectorySettings> Read(const DirectoryConfig& config) {
  DirectorySettings settings;
  const auto company = ParseCompanyId(config.company_id());
  if (!company.has_value()) return Wrong("company_id is no company's ID");
  settings.company = *company;
  RETURN_IF_ERROR(ReadUrls(config, &settings));
  RETURN_IF_ERROR(ReadTls(config, &settings));
  RETURN_IF_ERROR(ReadWhere(config, &settings));
  RETURN_IF_ERROR(ReadWhoLooks(config, &settings));
  RETURN_IF_ERROR(ReadAttributes(config, &settings.attributes));
  settings.rules.provision = config.provision();
  RETURN_IF_ERROR(ReadPermissions(config, &settings.rules.permissions));
  RETURN_IF_ERROR(ReadNumbers(config, &settings));
  return settings;
}

}  // namespace

bool IsSame(const DirectorySettings& a, const DirectorySettings& b) {
  return a.company == b.company && a.urls == b.urls && a.ca == b.ca &&
         a.ca_content == b.ca_content && a.plaintext == b.plaintext && a.user_dn == b.user_dn &&
         a.base == b.base && a.filter == b.filter && a.bind_dn == b.bind_dn &&
         a.bind_password.EqualsConstantTime(b.bind_password.Reveal()) &&
         a.attributes == b.attributes && a.timeout == b.timeout && a.connections == b.connections &&
         a.rules.provision == b.rules.provision && a.rules.permissions == b.rules.permissions &&
         a.rules.finds == b.rules.finds && a.rules.check_period == b.rules.check_period &&
         a.rules.longest_session == b.rules.longest_session;
}

absl::StatusOr<std::vector<DirectorySettings>> SettingsOf(
    const ::usher::config::v1::Directories& config) {
  std::vector<DirectorySettings> all;
  std::set<CompanyId> companies;
  for (const DirectoryConfig& one : config.directory()) {
    absl::StatusOr<DirectorySettings> settings = Read(one);
    const std::string which = absl::StrCat("directory of ", one.company_id(), ": ");
    if (!settings.ok()) return Wrong(absl::StrCat(which, settings.status().message()));
    if (!companies.insert(settings->company).second) {
      return Wrong(absl::StrCat(which, "there is another one"));
    }
    all.push_back(*std::move(settings));
  }
  return all;
}

absl::StatusOr<std::vector<DirectorySettings>> ParseDirectories(const std::string& text) {
  ::usher::config::v1::Directories config;
  RETURN_IF_ERROR(text::ParseConfig(text, &config));
  return SettingsOf(config);
}

absl::StatusOr<std::vector<DirectorySettings>> LoadDirectories(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, text::ReadConfigFile(path));
  auto settings = ParseDirectories(text);
  if (!settings.ok()) return Wrong(absl::StrCat(path, ": ", settings.status().message()));
  return settings;
}

}  // namespace usher::auth
