// What tests of LdapDirectory stand on: a real slapd, and the ways to sign in to it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "services/auth/directory/directory_diagnosis.h"
#include "services/auth/directory/ldap_directory.h"
#include "tests/support/a_caller.h"
#include "tests/support/slapd.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

// Who is off has another employeeType.
inline constexpr char kFilter[] = "(&(objectClass=inetOrgPerson)(uid={user})(!(employeeType=off)))";

inline const Clock& TheClock() {
  static const SystemClock clock;
  return clock;
}

enum class Way { kStartTls, kTls, kPattern };

inline DirectorySettings SettingsFor(const Slapd& slapd, Way way) {
  DirectorySettings settings;
  settings.company = CompanyId("acme");
  settings.urls = {way == Way::kTls ? slapd.TlsUrl() : slapd.Url()};
  settings.ca = slapd.Ca();
  settings.filter = kFilter;
  if (way == Way::kPattern) {
    settings.user_dn = absl::StrCat("uid={user},", Slapd::kPeople);
  } else {
    settings.base = Slapd::kSuffix;
  }
  settings.bind_dn = Slapd::kReader;
  settings.bind_password = Secret(Slapd::kReaderPassword);
  settings.rules.finds = true;
  settings.timeout = absl::Seconds(20);  // of a busy machine
  return settings;
}

class LdapDirectoryTest : public ::testing::Test {
 protected:
  using Found = absl::StatusOr<std::optional<DirectoryPerson>>;

  static Found Recognise(LdapDirectory& directory, const std::string& name = "ann",
                         const std::string& password = "ann's password") {
    return directory.Recognise(
        ACall(), {.username = name, .password = Secret(password), .bind_dn = "", .search_dn = ""});
  }
  Found Recognise(DirectorySettings settings, const std::string& name = "ann",
                  const std::string& password = "ann's password") {
    LdapDirectory directory(std::move(settings), nullptr, TheClock());
    return Recognise(directory, name, password);
  }
  static bool Recognised(const Found& found) { return found.ok() && found->has_value(); }
  static std::string Checked(const DirectorySettings& settings, const std::string& username = "",
                             const std::string& password = "") {
    std::ostringstream out;
    const absl::Status status = CheckDirectory(settings, username, Secret(password), out);
    EXPECT_EQ(status.ok(), !absl::StrContains(out.str(), "FAILED")) << out.str();
    return out.str();
  }
  DirectorySettings Settings(Way way = Way::kStartTls) const { return SettingsFor(slapd_, way); }

  Slapd slapd_;
};

}  // namespace usher::auth
